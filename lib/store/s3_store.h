/* SPDX-License-Identifier: ISC */
/* Private to store_s3*.c: the parts of the S3 backend that stand in files of their own. */
#ifndef B3LB_STORE_S3_STORE_H
#define B3LB_STORE_S3_STORE_H

#include "store/backend.h"

/* As the members of struct store_backend. */
void *store_s3_reader_open(
	void *handle, const char *key, long long offset, long long length, struct err *err);
ssize_t store_s3_reader_read(void *reader, void *data, size_t size, struct err *err);
void store_s3_reader_close(void *reader);
int store_s3_list(void *handle, int (*each)(void *ctx, const struct store_entry *entry, struct err *err),
	void *ctx, struct err *err);

#endif
