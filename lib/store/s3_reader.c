/* SPDX-License-Identifier: ISC */
/* Reads a range of an S3 object as a stream that the reader's own pace holds back. */
#include "config.h"
#include "store/s3.h"
#include "store/s3_store.h"

#include <stdlib.h>
#include <string.h>

/* So much waits for the reader before the transfer is paused. */
#define HELD_MAX (256u << 10)
#define POLL_MS	 1000

struct s3_reader {
	struct s3 *s3;
	CURLM *multi;
	CURL *curl;
	struct curl_slist *headers;
	long long left;	 /* bytes that the caller has not got */
	struct buf held; /* what has arrived, from held_at on */
	size_t held_at;
	bool paused, over;
	CURLcode code; /* once over */
};

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
	struct s3_reader *r = arg;
	size_t len = size * count;

	if (r->held.len && r->held.len + len > HELD_MAX) {
		r->paused = true;
		return CURL_WRITEFUNC_PAUSE;
	}
	buf_add(&r->held, data, len);
	return len;
}

/* Lets the transfer run until something arrived or it is over. */
static int pump(struct s3_reader *r, struct err *err)
{
	CURLMsg *msg;
	int running, left;

	while (r->held_at == r->held.len && !r->over) {
		buf_clear(&r->held);
		r->held_at = 0;
		if (r->paused) {
			r->paused = false;
			curl_easy_pause(r->curl, CURLPAUSE_CONT);
		}
		if (curl_multi_perform(r->multi, &running) != CURLM_OK)
			return err_set(err, ERR_INTERNAL, "libcurl does not go on");
		while ((msg = curl_multi_info_read(r->multi, &left))) {
			if (msg->msg == CURLMSG_DONE) {
				r->over = true;
				r->code = msg->data.result;
			}
		}
		if (r->held_at == r->held.len && !r->over)
			curl_multi_poll(r->multi, NULL, 0, POLL_MS, NULL);
	}
	return 0;
}

static int fail(const struct s3_reader *r, struct err *err)
{
	if (r->code != CURLE_OK)
		return err_set(err, ERR_AWAY, "the S3 store at %.200s: %s", r->s3->origin,
			curl_easy_strerror(r->code));
	return err_set(err, ERR_AWAY, "a stored object is %lld bytes too short", r->left);
}

void store_s3_reader_close(void *reader)
{
	struct s3_reader *r = reader;

	if (r->curl)
		curl_multi_remove_handle(r->multi, r->curl);
	s3_end(r->s3, r->curl, r->headers);
	curl_multi_cleanup(r->multi);
	buf_free(&r->held);
	free(r);
}

/* The head of the answer must be the range that was asked for. */
static int check_head(struct s3_reader *r, const char *key, struct err *err)
{
	struct s3_answer answer = {0};
	long status = 0;

	if (pump(r, err) == -1)
		return -1;
	curl_easy_getinfo(r->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status == 206)
		return 0;
	if (status == 404)
		return err_set(err, ERR_NOT_FOUND, "there is no stored object %s", key);
	if (status == 0)
		return fail(r, err);
	answer.status = (int)status;
	answer.body = r->held;
	return s3_refused(&answer, "read", err);
}

void *store_s3_reader_open(void *handle, const char *key, long long offset, long long length, struct err *err)
{
	const struct s3_call call = {.method = "GET", .key = key, .range_from = offset, .range_len = length};
	struct s3_reader *r = mem_zalloc(sizeof(*r));

	r->s3 = handle;
	r->left = length;
	if (length == 0) {
		r->over = true;
		return r;
	}
	r->multi = curl_multi_init();
	r->curl = s3_begin(r->s3, &call, &r->headers, err);
	if (r->curl && r->multi) {
		curl_easy_setopt(r->curl, CURLOPT_WRITEFUNCTION, on_body);
		curl_easy_setopt(r->curl, CURLOPT_WRITEDATA, r);
		curl_multi_add_handle(r->multi, r->curl);
		if (check_head(r, key, err) == 0)
			return r;
	}
	store_s3_reader_close(r);
	return NULL;
}

ssize_t store_s3_reader_read(void *reader, void *data, size_t size, struct err *err)
{
	struct s3_reader *r = reader;
	size_t n;

	if (r->left == 0 || size == 0)
		return 0;
	if (pump(r, err) == -1)
		return -1;
	n = r->held.len - r->held_at;
	n = n < size ? n : size;
	n = (long long)n < r->left ? n : (size_t)r->left;
	if (n == 0)
		return fail(r, err);
	memcpy(data, r->held.ptr + r->held_at, n);
	r->held_at += n;
	r->left -= (long long)n;
	return (ssize_t)n;
}
