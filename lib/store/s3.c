/* SPDX-License-Identifier: ISC */
/* Signed calls to one bucket of an S3 store. */
#include "config.h"
#include "store/s3.h"

#include "base/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define CONNECT_TIMEOUT_S 5L
/* A transfer that moves less than a byte a second for so long is dead. */
#define STALL_S	  30L
#define TRIES	  3
#define TRY_AGAIN 300000 /* microseconds, doubled each time */

/* What libcurl's callbacks of one call write to. */
struct transfer {
	struct s3_answer *answer;
};

/* Splits s3_endpoint into origin and base path; err stays in s3 and is told by every call. */
static void read_endpoint(struct s3 *s3)
{
	struct arena a = {0};
	struct buf bucket = BUF_INIT;
	struct url url;

	if (!*s3->conf->s3_bucket || !*s3->conf->s3_access_key || !*s3->conf->s3_secret_key ||
		!url_split(&a, s3->conf->s3_endpoint, &url)) {
		err_set(&s3->bad_conf, ERR_AWAY,
			"record_storage = s3 needs s3_endpoint, s3_bucket, s3_access_key and s3_secret_key");
		return;
	}
	s3->origin = mem_strdup(url.origin);
	/* libcurl does not say the protocol's own port in Host, and Host is signed. */
	s3->host = mem_strdup(strstr(url.origin, "://") + 3);
	buf_puts(&bucket, url.path);
	buf_putc(&bucket, '/');
	buf_url(&bucket, s3->conf->s3_bucket, strlen(s3->conf->s3_bucket));
	s3->bucket = bucket.ptr;
	arena_free(&a);
}

struct s3 *s3_open(const struct conf *conf)
{
	struct s3 *s3 = mem_zalloc(sizeof(*s3));

	curl_begin();
	s3->conf = conf;
	s3->key = (struct sigv4_key){conf->s3_access_key, conf->s3_secret_key, conf->s3_region};
	pthread_mutex_init(&s3->lock, NULL);
	read_endpoint(s3);
	return s3;
}

void s3_close(struct s3 *s3)
{
	for (int i = 0; i < s3->idle_count; i++)
		curl_easy_cleanup(s3->idle[i]);
	pthread_mutex_destroy(&s3->lock);
	free(s3->origin);
	free(s3->host);
	free(s3->bucket);
	free(s3);
	curl_global_cleanup();
}

static CURL *handle_take(struct s3 *s3)
{
	CURL *curl = NULL;

	pthread_mutex_lock(&s3->lock);
	if (s3->idle_count)
		curl = s3->idle[--s3->idle_count];
	pthread_mutex_unlock(&s3->lock);
	if (curl)
		curl_easy_reset(curl);
	return curl ? curl : curl_easy_init();
}

/* Signs the call and turns it into libcurl's URL and headers. */
static struct curl_slist *sign(struct s3 *s3, const struct s3_call *call, struct buf *url)
{
	char date[SIGV4_DATE_LEN + 1], hash[SIGV4_HASH_LEN + 1], range[64];
	struct buf path = BUF_INIT, authorization = BUF_INIT;
	struct curl_slist *headers = NULL;
	struct sigv4_request rq = {
		.method = call->method,
		.host = s3->host,
		.query = call->query,
		.query_count = call->query_count,
		.now = time(NULL),
	};

	buf_puts(&path, s3->bucket);
	if (call->key)
		buf_printf(&path, "/%s", call->key);
	rq.path = buf_str(&path);
	buf_printf(url, "%s%s", s3->origin, rq.path);
	if (call->query_count) {
		buf_putc(url, '?');
		sigv4_write_query(call->query, call->query_count, url);
	}
	sigv4_hash(call->body, call->body_len, hash);
	sigv4_date(rq.now, date);
	sigv4_sign(&rq, &s3->key, hash, &authorization);
	headers = curl_header(headers, "x-amz-date", date);
	headers = curl_header(headers, "x-amz-content-sha256", hash);
	headers = curl_header(headers, "Authorization", buf_str(&authorization));
	headers = curl_header(headers, "Host", s3->host);
	headers = curl_header(headers, "Expect", "");
	if (call->type)
		headers = curl_header(headers, "Content-Type", call->type);
	if (call->range_len > 0) {
		snprintf(range, sizeof(range), "bytes=%lld-%lld", call->range_from,
			call->range_from + call->range_len - 1);
		headers = curl_header(headers, "Range", range);
	}
	buf_free(&path);
	buf_free(&authorization);
	return headers;
}

static void set_method(CURL *curl, const struct s3_call *call)
{
	bool get = strcmp(call->method, "GET") == 0, head = strcmp(call->method, "HEAD") == 0;

	if (head)
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	if (get || head)
		return;
	if (call->body || strcmp(call->method, "DELETE") != 0) {
		curl_easy_setopt(curl, CURLOPT_POST, 1L);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body_len);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body ? call->body : "");
	}
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
}

CURL *s3_begin(struct s3 *s3, const struct s3_call *call, struct curl_slist **headers, struct err *err)
{
	struct buf url = BUF_INIT;
	CURL *curl;

	*headers = NULL;
	if (s3->bad_conf.kind) {
		*err = s3->bad_conf;
		return NULL;
	}
	curl = handle_take(s3);
	if (!curl) {
		err_set(err, ERR_INTERNAL, "could not make a libcurl handle");
		return NULL;
	}
	*headers = sign(s3, call, &url);
	curl_plain(curl, buf_str(&url));
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, STALL_S);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, *headers);
	set_method(curl, call);
	buf_free(&url);
	return curl;
}

void s3_end(struct s3 *s3, CURL *curl, struct curl_slist *headers)
{
	curl_slist_free_all(headers);
	pthread_mutex_lock(&s3->lock);
	if (curl && s3->idle_count < S3_IDLE_MAX) {
		s3->idle[s3->idle_count++] = curl;
		curl = NULL;
	}
	pthread_mutex_unlock(&s3->lock);
	curl_easy_cleanup(curl);
}

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;

	if (size * count > S3_ANSWER_MAX - t->answer->body.len)
		return 0;
	buf_add(&t->answer->body, data, size * count);
	return size * count;
}

static size_t on_header(char *data, size_t size, size_t count, void *arg)
{
	struct s3_answer *answer = ((struct transfer *)arg)->answer;

	curl_header_is(data, size * count, "etag:", answer->etag, sizeof(answer->etag));
	return size * count;
}

static int do_once(struct s3 *s3, const struct s3_call *call, struct s3_answer *answer, struct err *err)
{
	struct transfer transfer = {.answer = answer};
	struct curl_slist *headers;
	CURL *curl = s3_begin(s3, call, &headers, err);
	curl_off_t length = -1, modified = -1;
	long status = 0;
	CURLcode code;

	if (!curl)
		return -1;
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
	curl_easy_setopt(curl, CURLOPT_FILETIME, 1L);
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	curl_easy_getinfo(curl, CURLINFO_FILETIME_T, &modified);
	s3_end(s3, curl, headers);
	if (code != CURLE_OK)
		return err_set(
			err, ERR_AWAY, "the S3 store at %.200s: %s", s3->origin, curl_easy_strerror(code));
	answer->status = (int)status;
	answer->length = length;
	answer->modified = modified;
	return 0;
}

int s3_do(struct s3 *s3, const struct s3_call *call, struct s3_answer *answer, struct err *err)
{
	useconds_t wait = TRY_AGAIN;
	int rc;

	/* Every call that is made may be made twice: the same bytes under the same name, or gone twice. */
	for (int i = 1;; i++) {
		struct err first = {0};

		rc = do_once(s3, call, answer, &first);
		if (i == TRIES || s3->bad_conf.kind || (rc == 0 && answer->status < 500)) {
			if (rc == -1) {
				/* An answer that broke off has left a part of itself. */
				s3_answer_free(answer);
				*err = first;
			}
			return rc;
		}
		s3_answer_free(answer);
		usleep(wait);
		wait *= 2;
	}
}

void s3_answer_free(struct s3_answer *answer)
{
	buf_free(&answer->body);
	*answer = (struct s3_answer){0};
}

int s3_refused(const struct s3_answer *answer, const char *verb, struct err *err)
{
	struct xml *doc = s3_xml_parse(&answer->body);
	enum err_kind kind = ERR_AWAY;
	struct arena a = {0};
	const char *code = doc && s3_xml_is(doc, "Error") ? s3_xml_text(doc, &a, "Code") : NULL;

	if (answer->status == 404 && (!code || strcmp(code, "NoSuchKey") == 0))
		kind = ERR_NOT_FOUND;
	else if (answer->status == 507 ||
		 (code && (strcmp(code, "QuotaExceeded") == 0 || strcmp(code, "EntityTooLarge") == 0)))
		kind = ERR_LIMIT;
	err_set(err, kind, "could not %s in the S3 store: status %d%s%.100s", verb, answer->status,
		code ? ", " : "", code ? code : "");
	xml_free(doc);
	arena_free(&a);
	return -1;
}
