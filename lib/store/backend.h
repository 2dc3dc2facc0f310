/* SPDX-License-Identifier: ISC */
/* Private to store*.c: what a backend does. */
#ifndef B3LB_STORE_BACKEND_H
#define B3LB_STORE_BACKEND_H

#include "store/store.h"

/* Arguments and errors as the function of store.h of the same name; keys are checked already. */
struct store_backend {
	void *(*open)(const struct conf *conf);
	void (*close)(void *handle);
	int (*make)(void *handle, struct err *err);
	int (*free_bytes)(void *handle, long long *bytes, struct err *err);
	void *(*put_begin)(void *handle, const char *key, const char *type, struct err *err);
	int (*put_write)(void *put, const void *data, size_t len, struct err *err);
	int (*put_commit)(void *put, struct err *err);
	void (*put_abort)(void *put);
	int (*stat)(void *handle, const char *key, struct store_object *object, struct err *err);
	void *(*reader_open)(
		void *handle, const char *key, long long offset, long long length, struct err *err);
	ssize_t (*reader_read)(void *reader, void *data, size_t size, struct err *err);
	void (*reader_close)(void *reader);
	const char *(*path)(void *handle, struct arena *a, const char *key);
	int (*presign)(void *handle, const char *key, int seconds, const char *type, const char *disposition,
		struct buf *url, struct err *err);
	int (*drop)(void *handle, const struct store_entry *entry, struct err *err);
	int (*list)(void *handle, store_each_fn *each, void *ctx, struct err *err);
	int (*lose)(void *handle, const char *key, struct err *err);
	int (*regain)(void *handle, const char *key, struct err *err);
	int (*list_lost)(void *handle, store_each_fn *each, void *ctx, struct err *err);
};

/* NULL members: the backend cannot do that. */
extern const struct store_backend store_local, store_s3;

/* True for what store_key_make makes. */
bool store_key_valid(const char *key, size_t len) b3lb_nonnull;

#endif
