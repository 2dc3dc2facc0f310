/* SPDX-License-Identifier: ISC */
/* The bytes of recordings: hands each call to the backend that the configuration names. */
#include "config.h"
#include "store/backend.h"

#include "base/hex.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct store {
	const struct store_backend *backend;
	void *handle;
};

struct store_put {
	const struct store_backend *backend;
	void *handle;
};

struct store_reader {
	const struct store_backend *backend;
	void *handle;
};

static const struct store_backend *const backends[] = {
	[CONF_STORAGE_LOCAL] = &store_local,
	[CONF_STORAGE_S3] = &store_s3,
};

void store_key_make(char key[STORE_KEY_LEN + 1])
{
	unsigned char raw[STORE_KEY_LEN / 2];

	/* A key that is not random could name another object's bytes. */
	if (RAND_bytes(raw, sizeof(raw)) != 1)
		abort();
	hex_write(raw, sizeof(raw), key);
}

bool store_key_valid(const char *key, size_t len)
{
	return len == STORE_KEY_LEN && strspn(key, "0123456789abcdef") >= len;
}

/* A key that is none makes no path and no URL. */
static bool check_key(const char *key, struct err *err)
{
	if (store_key_valid(key, strlen(key)))
		return true;
	err_set(err, ERR_INTERNAL, "'%.64s' is no key of a stored object", key);
	return false;
}

struct store *store_open(const struct conf *conf)
{
	struct store *s = mem_zalloc(sizeof(*s));

	s->backend = backends[conf->record_storage];
	s->handle = s->backend->open(conf);
	return s;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	s->backend->close(s->handle);
	free(s);
}

int store_make(struct store *s, struct err *err)
{
	return s->backend->make ? s->backend->make(s->handle, err) : 0;
}

int store_free_bytes(struct store *s, long long *bytes, struct err *err)
{
	*bytes = -1;
	return s->backend->free_bytes ? s->backend->free_bytes(s->handle, bytes, err) : 0;
}

struct store_put *store_put_begin(struct store *s, const char *key, const char *type, struct err *err)
{
	struct store_put *p;
	void *handle = check_key(key, err) ? s->backend->put_begin(s->handle, key, type, err) : NULL;

	if (!handle)
		return NULL;
	p = mem_alloc(sizeof(*p));
	*p = (struct store_put){s->backend, handle};
	return p;
}

int store_put_write(struct store_put *p, const void *data, size_t len, struct err *err)
{
	return p->backend->put_write(p->handle, data, len, err);
}

int store_put_commit(struct store_put *p, struct err *err)
{
	int rc = p->backend->put_commit(p->handle, err);

	free(p);
	return rc;
}

void store_put_abort(struct store_put *p)
{
	if (!p)
		return;
	p->backend->put_abort(p->handle);
	free(p);
}

int store_stat(struct store *s, const char *key, struct store_object *object, struct err *err)
{
	return check_key(key, err) ? s->backend->stat(s->handle, key, object, err) : -1;
}

struct store_reader *store_reader_open(
	struct store *s, const char *key, long long offset, long long length, struct err *err)
{
	struct store_reader *r;
	void *handle =
		check_key(key, err) ? s->backend->reader_open(s->handle, key, offset, length, err) : NULL;

	if (!handle)
		return NULL;
	r = mem_alloc(sizeof(*r));
	*r = (struct store_reader){s->backend, handle};
	return r;
}

ssize_t store_reader_read(struct store_reader *r, void *data, size_t size, struct err *err)
{
	return r->backend->reader_read(r->handle, data, size, err);
}

void store_reader_close(struct store_reader *r)
{
	if (!r)
		return;
	r->backend->reader_close(r->handle);
	free(r);
}

const char *store_path(const struct store *s, struct arena *a, const char *key)
{
	return s->backend->path && check_key(key, NULL) ? s->backend->path(s->handle, a, key) : NULL;
}

int store_presign(struct store *s, const char *key, int seconds, const char *type, const char *disposition,
	struct buf *url, struct err *err)
{
	if (!s->backend->presign)
		return err_set(err, ERR_INVALID, "a local store has no URLs");
	return check_key(key, err) ? s->backend->presign(s->handle, key, seconds, type, disposition, url, err)
				   : -1;
}

int store_delete(struct store *s, const char *key, struct err *err)
{
	const struct store_entry entry = {.key = key};

	return store_drop(s, &entry, err);
}

int store_drop(struct store *s, const struct store_entry *entry, struct err *err)
{
	return check_key(entry->key, err) ? s->backend->drop(s->handle, entry, err) : -1;
}

int store_list(struct store *s, store_each_fn *each, void *ctx, struct err *err)
{
	return s->backend->list(s->handle, each, ctx, err);
}

int store_lose(struct store *s, const char *key, struct err *err)
{
	return check_key(key, err) ? s->backend->lose(s->handle, key, err) : -1;
}

int store_regain(struct store *s, const char *key, struct err *err)
{
	return check_key(key, err) ? s->backend->regain(s->handle, key, err) : -1;
}

int store_list_lost(struct store *s, store_each_fn *each, void *ctx, struct err *err)
{
	return s->backend->list_lost(s->handle, each, ctx, err);
}
