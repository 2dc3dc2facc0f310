/* SPDX-License-Identifier: ISC */
/* Private to store_s3*.c: the parts of the S3 backend that stand in files of their own. */
#ifndef B3LB_STORE_S3_STORE_H
#define B3LB_STORE_S3_STORE_H

#include "store/backend.h"

/* The name of the empty object that says since when an object is put aside; returns name. */
#define S3_LOST_PREFIX "lost/"
#define S3_LOST_NAME   (sizeof(S3_LOST_PREFIX) + STORE_KEY_LEN)
const char *s3_lost_name(const char *key, char name[S3_LOST_NAME]) b3lb_nonnull;

/* As the members of struct store_backend. */
void *store_s3_reader_open(
	void *handle, const char *key, long long offset, long long length, struct err *err);
ssize_t store_s3_reader_read(void *reader, void *data, size_t size, struct err *err);
void store_s3_reader_close(void *reader);
int store_s3_list(void *handle, store_each_fn *each, void *ctx, struct err *err);
int store_s3_lose(void *handle, const char *key, struct err *err);
int store_s3_regain(void *handle, const char *key, struct err *err);
int store_s3_list_lost(void *handle, store_each_fn *each, void *ctx, struct err *err);
int store_s3_stat(void *handle, const char *key, struct store_object *object, struct err *err);
int store_s3_drop(void *handle, const struct store_entry *entry, struct err *err);

#endif
