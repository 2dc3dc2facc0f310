/* SPDX-License-Identifier: ISC */
/* The head of an answer: nothing breaks out of a header, and nothing is sent twice. */
#include "config.h"
#include "unit.h"

#include "http/response.h"

#include <stdlib.h>

static struct buf written;
static bool peer_gone;

static const char *no_env(struct io *io, const char *name, int *count)
{
	(void)io;
	(void)name;
	*count = 0;
	return NULL;
}

static size_t no_body(struct io *io, char *data, size_t len, bool *ok)
{
	(void)io;
	(void)data;
	(void)len;
	*ok = true;
	return 0;
}

static bool keep(struct io *io, const char *data, size_t len)
{
	(void)io;
	if (!peer_gone)
		buf_add(&written, data, len);
	return !peer_gone;
}

static const struct io_ops memory = {.env = no_env, .read = no_body, .write = keep};
static struct io io = {&memory, NULL};

static struct request begin(enum method method)
{
	struct request rq = {.io = &io, .id = "0123456789abcdef", .method = method, .content_length = 0};

	buf_clear(&written);
	return rq;
}

/* In place. */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (*s != '\\') {
			*to++ = *s;
		} else if (s[1] == 'x') {
			const char hex[] = {s[2], s[3], '\0'};

			*to++ = (char)strtol(hex, NULL, 16);
			s += 3;
		} else {
			s++;
			*to++ = *s == 'n' ? '\n' : *s == 'r' ? '\r' : '\t';
		}
	}
	*to = '\0';
}

static void check_value(char **field, int fields)
{
	struct request rq = begin(METHOD_GET);
	struct buf want = BUF_INIT;
	bool sent;

	assert_int_equal(fields, 2);
	unescape(field[0]);
	const struct response_header headers[] = {{"X-Value", field[0]}, {"X-Next", "1"}, {NULL, NULL}};

	response_send(&rq, 200, "text/plain", headers, "body", 4);
	sent = strcmp(field[1], "1") == 0;
	buf_puts(&want, "Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n");
	if (sent)
		buf_printf(&want, "X-Value: %s\r\n", field[0]);
	buf_puts(&want, "X-Next: 1\r\nCache-Control: no-cache\r\nRequest-Id: 0123456789abcdef\r\n\r\nbody");
	assert_string_equal(buf_str(&written), buf_str(&want));
	buf_free(&want);
}

static void test_values(void **state)
{
	(void)state;
	assert_true(unit_each_vector("response.tsv", check_value) >= 11);
}

static void test_null_is_left_out(void **state)
{
	const struct response_header headers[] = {{"X-A", NULL}, {"cache-control", "no-store"}, {NULL, NULL}};
	struct request rq = begin(METHOD_GET);

	(void)state;
	response_send(&rq, 404, NULL, headers, NULL, 0);
	assert_string_equal(buf_str(&written),
		"Status: 404 Not Found\r\nContent-Length: 0\r\n"
		"cache-control: no-store\r\nRequest-Id: 0123456789abcdef\r\n\r\n");
	assert_int_equal(rq.status, 404);
}

static void test_head_has_no_body(void **state)
{
	struct request rq = begin(METHOD_HEAD);

	(void)state;
	response_send(&rq, 200, "text/plain", NULL, "body", 4);
	assert_non_null(strstr(buf_str(&written), "Content-Length: 4\r\n"));
	assert_null(strstr(buf_str(&written), "body"));
}

static void test_not_modified_has_no_length(void **state)
{
	struct request rq = begin(METHOD_GET);

	(void)state;
	response_send(&rq, 304, NULL, NULL, NULL, 0);
	assert_null(strstr(buf_str(&written), "Content-Length"));
}

static void test_second_answer_is_none(void **state)
{
	struct request rq = begin(METHOD_GET);
	size_t len;

	(void)state;
	response_send_text(&rq, 403, "no");
	len = written.len;
	response_send_text(&rq, 200, "yes");
	assert_int_equal(written.len, len);
	assert_int_equal(rq.status, 403);
}

static void test_peer_is_gone(void **state)
{
	struct request rq = begin(METHOD_GET);

	(void)state;
	peer_gone = true;
	assert_false(response_begin(&rq, 200, NULL, NULL, 5));
	rq = begin(METHOD_GET);
	response_send(&rq, 200, NULL, NULL, "12345", 5);
	assert_int_equal(rq.sent, 0);
	peer_gone = false;
}

static void test_reasons(void **state)
{
	(void)state;
	assert_string_equal(response_reason(503), "Service Unavailable");
	assert_string_equal(response_reason(299), "Unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_null_is_left_out),
		cmocka_unit_test(test_head_has_no_body),
		cmocka_unit_test(test_not_modified_has_no_length),
		cmocka_unit_test(test_second_answer_is_none),
		cmocka_unit_test(test_peer_is_gone),
		cmocka_unit_test(test_reasons),
	};
	int rc = cmocka_run_group_tests(tests, NULL, NULL);

	buf_free(&written);
	return rc;
}
