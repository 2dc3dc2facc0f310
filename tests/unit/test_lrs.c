/* SPDX-License-Identifier: ISC */
/* An LRS's payload: as openssl makes it, there and back, and what is none. */
#include "config.h"
#include "unit.h"

#include "bbb/lrs.h"

#include <string.h>

static void check(char **field, int fields)
{
	struct arena a = {0};
	const char *got;

	assert_int_equal(fields, 3);
	got = lrs_decrypt(&a, field[0], field[1]);
	if (strcmp(got ? got : "-", field[2]) != 0)
		fail_msg("%s: got %s, want %s", field[1], got ? got : "-", field[2]);
	arena_free(&a);
}

static void test_vectors(void **state)
{
	(void)state;
	assert_true(unit_each_vector("lrs.tsv", check) >= 17);
}

/* Of every length around a block; with another salt each time. */
static void test_round_trip(void **state)
{
	struct arena a = {0};
	struct err err = {0};

	(void)state;
	for (int n = 0; n < 40; n++) {
		const char *json = arena_printf(
			&a, "{\"lrs_token\":\"%.*s\"}", n, "0123456789012345678901234567890123456789");
		const char *once = lrs_encrypt(&a, "secret", json, &err),
			   *twice = lrs_encrypt(&a, "secret", json, &err);

		assert_non_null(once);
		assert_string_not_equal(once, twice);
		assert_int_equal(strncmp(once, "U2FsdGVkX1", 10), 0);
		assert_string_equal(lrs_decrypt(&a, "secret", once), json);
		assert_null(lrs_decrypt(&a, "Secret", once));
	}
	arena_free(&a);
}

static void test_long(void **state)
{
	struct arena a = {0};
	struct err err = {0};
	char text[9000];
	const char *json, *payload;

	(void)state;
	memset(text, 'x', sizeof(text));
	json = arena_printf(&a, "{\"a\":\"%.*s\"}", 6080, text);
	payload = lrs_encrypt(&a, "s", json, &err);
	assert_true(strlen(payload) <= LRS_PAYLOAD_MAX);
	assert_string_equal(lrs_decrypt(&a, "s", payload), json);
	payload = lrs_encrypt(&a, "s", arena_printf(&a, "{\"a\":\"%.*s\"}", 6200, text), &err);
	assert_true(strlen(payload) > LRS_PAYLOAD_MAX);
	assert_null(lrs_decrypt(&a, "s", payload));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
