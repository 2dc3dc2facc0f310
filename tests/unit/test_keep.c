/* SPDX-License-Identifier: ISC */
/* What is kept: under its version alone, within its bytes, and there while somebody holds it. */
#include "config.h"
#include "unit.h"

#include "base/keep.h"

#include <stdlib.h>

#define BYTES_MAX 65536

static int alive;
static void destroy(void *made)
{
	alive--;
	free(made);
}
static struct keep keep = KEEP_INIT(BYTES_MAX, destroy);

static void put(const char *key, const char *version, const char *text, size_t bytes)
{
	alive++;
	keep_leave(&keep, keep_put(&keep, key, version, mem_strdup(text), bytes));
}

/* The text that is kept, in a buffer of its own; "" for nothing. */
static const char *got(const char *key, const char *version)
{
	static char text[64];
	struct kept *kept;
	const char *made = keep_get(&keep, key, version, &kept);

	snprintf(text, sizeof(text), "%s", made ? made : "");
	keep_leave(&keep, kept);
	return text;
}

static void it_is_there_under_its_key_and_version(void **state)
{
	(void)state;
	assert_string_equal(got("a", "1"), "");
	put("a", "1", "one", 10);
	assert_string_equal(got("a", "1"), "one");
	assert_string_equal(got("a", "2"), "");
	assert_string_equal(got("b", "1"), "");
	/* Another version takes its place, and so does the same once more. */
	put("a", "2", "two", 10);
	assert_string_equal(got("a", "1"), "");
	assert_string_equal(got("a", "2"), "two");
	put("a", "2", "two again", 10);
	assert_string_equal(got("a", "2"), "two again");
	assert_int_equal(alive, 1);
}

static void who_holds_it_has_it(void **state)
{
	struct kept *kept;
	const char *made;

	(void)state;
	put("held", "1", "still here", 10);
	made = keep_get(&keep, "held", "1", &kept);
	put("held", "2", "another", 10);
	assert_string_equal(made, "still here");
	keep_leave(&keep, kept);
	assert_string_equal(got("held", "2"), "another");
	keep_leave(&keep, NULL);
}

static void what_is_too_long_is_not_kept_and_takes_away_what_was(void **state)
{
	struct kept *kept;
	int before = alive;

	(void)state;
	put("long", "1", "short", 10);
	alive++;
	kept = keep_put(&keep, "long", "2", mem_strdup("long"), BYTES_MAX);
	assert_string_equal(got("long", "1"), "");
	assert_string_equal(got("long", "2"), "");
	assert_int_equal(alive, before + 1);
	keep_leave(&keep, kept);
	assert_int_equal(alive, before);
}

static void bytes_and_places_are_bounded_and_the_longest_unused_goes(void **state)
{
	char key[32];

	(void)state;
	/* By places: all of these are short. */
	for (int i = 0; i < 2 * KEEP_PLACES; i++) {
		snprintf(key, sizeof(key), "short-%d", i);
		put(key, "1", key, 1);
		assert_in_range(alive, 1, KEEP_PLACES);
		put("used", "1", "used", 1);
	}
	assert_int_equal(alive, KEEP_PLACES);
	assert_string_equal(got("short-0", "1"), "");
	/* By bytes: sixteen at most of these, and what is asked for stays. */
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof(key), "wide-%d", i);
		put(key, "1", key, BYTES_MAX / 16);
		assert_string_equal(got("used", "1"), "used");
		assert_string_equal(got(key, "1"), key);
		assert_in_range(keep.bytes, 0, BYTES_MAX);
	}
	assert_in_range(alive, 2, 16);
	assert_string_equal(got("wide-0", "1"), "");
	assert_string_equal(got("short-511", "1"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_there_under_its_key_and_version),
		cmocka_unit_test(who_holds_it_has_it),
		cmocka_unit_test(what_is_too_long_is_not_kept_and_takes_away_what_was),
		cmocka_unit_test(bytes_and_places_are_bounded_and_the_longest_unused_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
