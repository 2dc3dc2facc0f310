/* SPDX-License-Identifier: ISC */
/* An S3 store: objects of one bucket, written in parts. */
#include "config.h"
#include "store/s3.h"
#include "store/backend.h"
#include "store/s3_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The least that S3 takes for a part that is not the last, and how many it takes. */
#define PART_BYTES (5u << 20)
#define PARTS_MAX  10000

struct s3_put {
	struct s3 *s3;
	char key[STORE_KEY_LEN + 1];
	char *type;
	char *upload; /* id of the multipart upload; NULL: all of it fits into the first part so far */
	char *part;
	size_t part_len;
	int parts;
	struct buf etags; /* <Part> elements of what was sent */
};

static void *store_s3_open(const struct conf *conf)
{
	return s3_open(conf);
}

static void store_s3_close(void *handle)
{
	s3_close(handle);
}

static void *put_begin(void *handle, const char *key, const char *type, struct err *err)
{
	struct s3 *s3 = handle;
	struct s3_put *p;

	if (s3->bad_conf.kind) {
		*err = s3->bad_conf;
		return NULL;
	}
	p = mem_zalloc(sizeof(*p));
	p->s3 = s3;
	memcpy(p->key, key, sizeof(p->key));
	p->type = mem_strdup(type);
	p->part = mem_alloc(PART_BYTES);
	return p;
}

static void put_free(struct s3_put *p)
{
	free(p->type);
	free(p->upload);
	free(p->part);
	buf_free(&p->etags);
	free(p);
}

static int begin_upload(struct s3_put *p, struct err *err)
{
	const struct sigv4_pair query[] = {{"uploads", ""}};
	const struct s3_call call = {
		.method = "POST", .key = p->key, .query = query, .query_count = 1, .type = p->type};
	struct s3_answer answer = {0};
	struct arena a = {0};
	struct xml *doc = NULL;
	const char *id = NULL;
	int rc = -1;

	if (s3_do(p->s3, &call, &answer, err) == -1)
		return -1;
	if (answer.status == 200)
		doc = s3_xml_parse(&answer.body);
	if (doc)
		id = s3_xml_text(doc, &a, "UploadId");
	if (id && *id) {
		p->upload = mem_strdup(id);
		rc = 0;
	} else {
		s3_refused(&answer, "begin an upload", err);
	}
	xml_free(doc);
	arena_free(&a);
	s3_answer_free(&answer);
	return rc;
}

static int send_part(struct s3_put *p, struct err *err)
{
	char number[16];
	const struct sigv4_pair query[] = {{"partNumber", number}, {"uploadId", p->upload}};
	const struct s3_call call = {.method = "PUT",
		.key = p->key,
		.query = query,
		.query_count = ARRAY_SIZE(query),
		.body = p->part,
		.body_len = p->part_len};
	struct s3_answer answer = {0};
	int rc = -1;

	if (p->parts == PARTS_MAX)
		return err_set(err, ERR_LIMIT, "an S3 store takes no object of more than %lld bytes",
			(long long)PART_BYTES * PARTS_MAX);
	snprintf(number, sizeof(number), "%d", p->parts + 1);
	if (s3_do(p->s3, &call, &answer, err) == -1)
		return -1;
	if (answer.status == 200 && *answer.etag) {
		p->parts++;
		p->part_len = 0;
		buf_printf(&p->etags, "<Part><PartNumber>%s</PartNumber><ETag>", number);
		buf_xml(&p->etags, answer.etag);
		buf_puts(&p->etags, "</ETag></Part>");
		rc = 0;
	} else {
		s3_refused(&answer, "write", err);
	}
	s3_answer_free(&answer);
	return rc;
}

static int put_write(void *put, const void *data, size_t len, struct err *err)
{
	struct s3_put *p = put;
	const char *at = data;

	while (len) {
		size_t n = PART_BYTES - p->part_len;

		/* A full part goes out only when more follows: the last one may be of any size, but not
		 * empty. */
		if (n == 0) {
			if ((!p->upload && begin_upload(p, err) == -1) || send_part(p, err) == -1)
				return -1;
			continue;
		}
		n = n < len ? n : len;
		memcpy(p->part + p->part_len, at, n);
		p->part_len += n;
		at += n;
		len -= n;
	}
	return 0;
}

/* Deletes what has this name in the bucket, or an upload to it. */
static int delete_name(struct s3 *s3, const char *name, const char *upload, struct err *err)
{
	const struct sigv4_pair query[] = {{"uploadId", upload}};
	const struct s3_call call = {
		.method = "DELETE", .key = name, .query = query, .query_count = upload ? 1 : 0};
	struct s3_answer answer = {0};
	int rc = 0;

	if (s3_do(s3, &call, &answer, err) == -1)
		return -1;
	if (answer.status / 100 != 2) {
		struct err why = {0};

		/* NoSuchUpload and NoSuchKey are what is wanted; NoSuchBucket is not. */
		s3_refused(&answer, "delete", &why);
		if (answer.status != 404 || strstr(why.text, "NoSuchBucket")) {
			*err = why;
			rc = -1;
		}
	}
	s3_answer_free(&answer);
	return rc;
}

int store_s3_drop(void *handle, const struct store_entry *entry, struct err *err)
{
	char marker[S3_LOST_NAME];

	if (delete_name(handle, entry->key, entry->upload, err) == -1)
		return -1;
	/* Last: while it is there the object is found. */
	return entry->lost ? delete_name(handle, s3_lost_name(entry->key, marker), NULL, err) : 0;
}

static void put_abort(void *put)
{
	struct s3_put *p = put;
	struct err ignored = {0};

	/* What cannot be taken away now is found by cleanup. */
	if (p->upload)
		(void)!delete_name(p->s3, p->key, p->upload, &ignored);
	put_free(p);
}

static int put_whole(struct s3_put *p, struct err *err)
{
	const struct s3_call call = {
		.method = "PUT", .key = p->key, .type = p->type, .body = p->part, .body_len = p->part_len};
	struct s3_answer answer = {0};
	int rc;

	if (s3_do(p->s3, &call, &answer, err) == -1)
		return -1;
	rc = answer.status == 200 ? 0 : s3_refused(&answer, "write", err);
	s3_answer_free(&answer);
	return rc;
}

int store_s3_stat(void *handle, const char *key, struct store_object *object, struct err *err)
{
	const struct s3_call call = {.method = "HEAD", .key = key};
	struct s3_answer answer = {0};
	int rc = 0;

	if (s3_do(handle, &call, &answer, err) == -1)
		return -1;
	if (answer.status == 404)
		rc = err_set(err, ERR_NOT_FOUND, "there is no stored object %s", key);
	else if (answer.status != 200 || answer.length < 0)
		rc = s3_refused(&answer, "look", err);
	*object = (struct store_object){.size = answer.length, .modified = answer.modified};
	s3_answer_free(&answer);
	return rc;
}

/* Puts the parts together. The status 200 is sent before that is done: only the document says what became of
 * it. */
static int complete(struct s3_put *p, struct err *err)
{
	const struct sigv4_pair query[] = {{"uploadId", p->upload}};
	struct buf body = BUF_INIT;
	struct s3_answer answer = {0};
	struct store_object object;
	struct xml *doc = NULL;
	int rc = -1;

	buf_printf(&body, "<CompleteMultipartUpload>%s</CompleteMultipartUpload>", buf_str(&p->etags));
	const struct s3_call call = {.method = "POST",
		.key = p->key,
		.query = query,
		.query_count = 1,
		.type = "application/xml",
		.body = body.ptr,
		.body_len = body.len};

	if (s3_do(p->s3, &call, &answer, err) == -1)
		goto out;
	doc = s3_xml_parse(&answer.body);
	if (answer.status == 200 && doc && s3_xml_is(doc, "CompleteMultipartUploadResult"))
		rc = 0;
	/* A first try may have done it before its connection broke. */
	else if (answer.status == 404 && store_s3_stat(p->s3, p->key, &object, err) == 0)
		rc = 0;
	else
		s3_refused(&answer, "write", err);
out:
	xml_free(doc);
	s3_answer_free(&answer);
	buf_free(&body);
	return rc;
}

static int put_commit(void *put, struct err *err)
{
	struct s3_put *p = put;
	int rc;

	if (!p->upload)
		rc = put_whole(p, err);
	else
		rc = send_part(p, err) == -1 ? -1 : complete(p, err);
	if (rc == -1)
		put_abort(p);
	else
		put_free(p);
	return rc;
}

static int presign(void *handle, const char *key, int seconds, const char *type, const char *disposition,
	struct buf *url, struct err *err)
{
	struct s3 *s3 = handle;
	struct sigv4_pair query[2];
	struct buf path = BUF_INIT;
	struct sigv4_request rq = {.method = "GET", .host = s3->host, .query = query, .now = time(NULL)};

	if (s3->bad_conf.kind) {
		*err = s3->bad_conf;
		return -1;
	}
	if (type)
		query[rq.query_count++] = (struct sigv4_pair){"response-content-type", type};
	if (disposition)
		query[rq.query_count++] = (struct sigv4_pair){"response-content-disposition", disposition};
	buf_printf(&path, "%s/%s", s3->bucket, key);
	rq.path = buf_str(&path);
	buf_puts(url, s3->origin);
	sigv4_presign(&rq, &s3->key, seconds, url);
	buf_free(&path);
	return 0;
}

const struct store_backend store_s3 = {
	.open = store_s3_open,
	.close = store_s3_close,
	.put_begin = put_begin,
	.put_write = put_write,
	.put_commit = put_commit,
	.put_abort = put_abort,
	.stat = store_s3_stat,
	.reader_open = store_s3_reader_open,
	.reader_read = store_s3_reader_read,
	.reader_close = store_s3_reader_close,
	.presign = presign,
	.drop = store_s3_drop,
	.list = store_s3_list,
	.lose = store_s3_lose,
	.regain = store_s3_regain,
	.list_lost = store_s3_list_lost,
};
