/* SPDX-License-Identifier: ISC */
/* Tests of FastCGI records: whole, in pieces, broken; variables; what is written. */
#include "config.h"
#include "unit.h"

#include "http/fcgi.h"

static const char begin[] = "\1\1\0\7\0\10\0\0\0\1\0\0\0\0\0\0", params_end[] = "\1\4\0\7\0\0\0\0",
		  body[] = "\1\5\0\7\0\3\5\0abc-----", body_end[] = "\1\5\0\7\0\0\0\0";

struct seen {
	struct buf params, body;
	bool params_over, body_over, broken;
};

static void look(struct fcgi *f, struct seen *seen)
{
	const char *data;
	size_t len;
	enum fcgi_piece piece;

	while (!seen->broken && (piece = fcgi_next(f, &data, &len)) != FCGI_MORE) {
		seen->broken = piece == FCGI_BROKEN;
		if (piece == FCGI_PARAMS)
			buf_add(&seen->params, data, len);
		else if (piece == FCGI_STDIN)
			buf_add(&seen->body, data, len);
		seen->params_over = seen->params_over || (piece == FCGI_PARAMS && !len);
		seen->body_over = seen->body_over || (piece == FCGI_STDIN && !len);
	}
}

static void feed(struct fcgi *f, const char *bytes, size_t len, size_t step, struct seen *seen)
{
	for (size_t at = 0; at < len; at += step) {
		size_t size, n = len - at < step ? len - at : step;
		char *room = fcgi_room(f, &size);

		assert_true(n <= size);
		memcpy(room, bytes + at, n);
		fcgi_read(f, n);
		look(f, seen);
	}
}

static void end(struct seen *seen)
{
	buf_free(&seen->params);
	buf_free(&seen->body);
}

static void test_in_pieces_of_any_size(void **state)
{
	static const char management[] = "\1\11\0\0\0\2\0\0xx", other[] = "\1\5\0\10\0\3\0\0xyz";
	struct buf all = BUF_INIT;

	(void)state;
	buf_add(&all, begin, sizeof(begin) - 1);
	buf_add(&all, management, sizeof(management) - 1);
	buf_add(&all, "\1\4\0\7\0\4\0\0\1\1ab", 12);
	buf_add(&all, params_end, sizeof(params_end) - 1);
	buf_add(&all, other, sizeof(other) - 1);
	buf_add(&all, body, sizeof(body) - 1);
	buf_add(&all, body_end, sizeof(body_end) - 1);
	for (size_t step = 1; step <= all.len; step++) {
		struct fcgi f = {0};
		struct seen seen = {0};

		feed(&f, all.ptr, all.len, step, &seen);
		assert_true(seen.params_over && seen.body_over && !seen.broken);
		assert_int_equal(f.id, 7);
		assert_int_equal(seen.params.len, 4);
		assert_string_equal(buf_str(&seen.body), "abc");
		end(&seen);
	}
	buf_free(&all);
}

static void test_what_is_no_fastcgi_is_broken(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = {{"GET / HTTP/1.1\r\n", 16}, {"\2\1\0\1\0\10\0\0", 8}, {"\1\1\0\0\0\10\0\0", 8}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct fcgi f = {0};
		struct seen seen = {0};

		feed(&f, bad[i].bytes, bad[i].len, 3, &seen);
		assert_true(seen.broken);
		end(&seen);
	}
}

static void test_an_abort_and_a_second_request_break(void **state)
{
	static const char abort_it[] = "\1\2\0\7\0\0\0\0";

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct fcgi f = {0};
		struct seen seen = {0};

		feed(&f, begin, sizeof(begin) - 1, 100, &seen);
		assert_false(seen.broken);
		feed(&f, i ? abort_it : begin, i ? sizeof(abort_it) - 1 : sizeof(begin) - 1, 100, &seen);
		assert_true(seen.broken);
		end(&seen);
	}
}

static void test_variables(void **state)
{
	static const char text[] = "\1\2A12\1\0B\1\1A3\200\0\0\1\200\0\0\1CD\1\3Nx\0y";
	struct buf env = BUF_INIT;
	int count;

	(void)state;
	assert_true(fcgi_params_read(text, sizeof(text) - 1, &env));
	assert_string_equal(fcgi_param(&env, "A", &count), "3");
	assert_int_equal(count, 2);
	assert_string_equal(fcgi_param(&env, "B", &count), "");
	assert_string_equal(fcgi_param(&env, "C", &count), "D");
	assert_null(fcgi_param(&env, "N", &count));
	assert_null(fcgi_param(&env, "12", &count));
	assert_int_equal(count, 0);
	buf_free(&env);
}

static void test_variables_that_lie_about_their_length(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = {{"\5\1AB", 4}, {"\1", 1}, {"\200\0\0", 3}, {"\377\377\377\377\377\377\377\377A", 9},
		{"\1\2A", 3}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct buf env = BUF_INIT;

		assert_false(fcgi_params_read(bad[i].bytes, bad[i].len, &env));
		buf_free(&env);
	}
}

static void test_writes_records(void **state)
{
	struct fcgi f = {.id = 0x102};
	unsigned char header[FCGI_HEADER_LEN];
	struct buf out = BUF_INIT;

	(void)state;
	fcgi_stdout_header(&f, FCGI_CONTENT_MAX, header);
	assert_memory_equal(header, "\1\6\1\2\377\370\0\0", 8);
	fcgi_end(&f, &out);
	assert_int_equal(out.len, 24);
	assert_memory_equal(out.ptr, "\1\6\1\2\0\0\0\0\1\3\1\2\0\10\0\0\0\0\0\0\0\0\0\0", 24);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_pieces_of_any_size),
		cmocka_unit_test(test_what_is_no_fastcgi_is_broken),
		cmocka_unit_test(test_an_abort_and_a_second_request_break),
		cmocka_unit_test(test_variables),
		cmocka_unit_test(test_variables_that_lie_about_their_length),
		cmocka_unit_test(test_writes_records),
	};

	return cmocka_run_group_tests_name("fcgi", tests, NULL, NULL);
}
