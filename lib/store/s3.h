/* SPDX-License-Identifier: ISC */
/* Private to s3*.c and store_s3*.c: signed calls to one bucket of an S3 store, and what its XML says. */
#ifndef B3LB_STORE_S3_H
#define B3LB_STORE_S3_H

#include "base/buf.h"
#include "base/conf.h"
#include "base/err.h"
#include "base/xml.h"
#include "net/curl.h"
#include "store/sigv4.h"

#include <pthread.h>

#define S3_IDLE_MAX 16
/* An XML answer is a page of a thousand names at most. */
#define S3_ANSWER_MAX (4 << 20)

struct s3 {
	const struct conf *conf;
	struct sigv4_key key;
	char *origin; /* "https://host:port" */
	char *host;   /* what the Host header says */
	char *bucket; /* "/base/bucket", encoded */
	struct err bad_conf;
	pthread_mutex_t lock;
	CURL *idle[S3_IDLE_MAX];
	int idle_count;
};

struct s3_call {
	const char *method;
	const char *key; /* NULL: the bucket itself */
	const struct sigv4_pair *query;
	size_t query_count;
	const char *type; /* Content-Type; NULL: none */
	const void *body;
	size_t body_len;
	long long range_from, range_len; /* bytes asked for when range_len > 0 */
};

/* Zero-initialise; s3_answer_free. */
struct s3_answer {
	int status;
	struct buf body;
	char etag[128];
	long long length;   /* Content-Length; -1: none */
	long long modified; /* Last-Modified, seconds; -1: none */
};

/* Reads the configuration; what is wrong with it is told by each call. Initialises libcurl. */
struct s3 *s3_open(const struct conf *conf);
void s3_close(struct s3 *s3);

/* One call. 0 with any HTTP answer, the caller's to free; -1 with ERR_AWAY when none came whole, after three
 * tries: then there is nothing to free. Any thread. */
int s3_do(struct s3 *s3, const struct s3_call *call, struct s3_answer *answer, struct err *err);
void s3_answer_free(struct s3_answer *answer);
/* Turns an answer that is no success into err; returns -1. verb: "write", "delete", ... */
int s3_refused(const struct s3_answer *answer, const char *verb, struct err *err);

/* For a reader, which keeps the transfer in its own hands: a handle that has method, URL, headers and
 * timeouts, and the list of headers to free after it. NULL with err. s3_end takes both back. */
CURL *s3_begin(struct s3 *s3, const struct s3_call *call, struct curl_slist **headers, struct err *err);
void s3_end(struct s3 *s3, CURL *curl, struct curl_slist *headers);

/* s3_xml.c: answers as XML without DOCTYPE or entities. */
/* NULL when it is none. xml_free. */
struct xml *s3_xml_parse(const struct buf *body);
/* True when the root element bears this name. */
bool s3_xml_is(const struct xml *doc, const char *root);
/* Text of a child of the root, in the arena; NULL without it. */
const char *s3_xml_text(const struct xml *doc, struct arena *a, const char *name);
/* "2026-11-24T09:34:11.590Z" in seconds; 0 when it is no date. */
long long s3_xml_time(const char *text);

#endif
