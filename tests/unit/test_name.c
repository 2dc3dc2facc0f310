/* SPDX-License-Identifier: ISC */
/* Tests of the rules of names and of URLs; tests/admin/names.bats holds the same vectors against the database. */
#include "config.h"
#include "unit.h"

#include "base/name.h"
#include "base/url.h"
#include "bbb/route.h"

static const struct {
	const char *name;
	enum name_kind kind;
} kinds[] = {
	{"object", NAME_OBJECT},
	{"node", NAME_NODE},
	{"tenant", NAME_TENANT},
	{"host", NAME_HOST},
	{"domain", NAME_NODE_DOMAIN},
	{"tag", NAME_TAG},
	{"asked-tag", NAME_ASKED_TAG},
	{"format", NAME_FORMAT},
	{"meta", NAME_META},
	{"path", NAME_PATH},
	{"url", NAME_URL},
	{"node-url", NAME_NODE_URL},
	{"node-base", NAME_NODE_BASE},
	{"modules", NAME_MODULES},
	{"any-url", NAME_ANY_URL},
	{"hook-url", NAME_HOOK_URL},
	{"event", NAME_EVENT},
	{"dial-numbers", NAME_DIAL_NUMBERS},
};

/* kind, yes or no, name; "*63x" stands for 63 times x. */
static void check_name(char **field, int fields)
{
	char slug[ROUTE_SLUG_MAX + 1], text[5000];
	int sub_id, times = 0;
	size_t k = 0;

	assert_int_equal(fields, 3);
	while (k < ARRAY_SIZE(kinds) && strcmp(kinds[k].name, field[0]) != 0)
		k++;
	assert_true(k < ARRAY_SIZE(kinds));
	snprintf(text, sizeof(text), "%s", field[2]);
	if (sscanf(field[2], "*%dx", &times) == 1 && times < (int)sizeof(text)) {
		memset(text, 'x', (size_t)times);
		text[times] = '\0';
	}
	if (name_fits(kinds[k].kind, text) != (strcmp(field[1], "yes") == 0))
		fail_msg("%s '%s' should be %s", field[0], text, field[1]);
	/* The router reads the same names of tenants, by hand since each request does. */
	if (kinds[k].kind == NAME_TENANT)
		assert_int_equal(!strchr(text, '-') && route_parse_tenant(text, strlen(text), slug, &sub_id),
			name_fits(NAME_TENANT, text));
}

static void test_names(void **state)
{
	(void)state;
	assert_true(unit_each_vector("name.tsv", check_name) > 60);
	for (int i = 0; i < NAME__MAX; i++)
		assert_memory_equal(name_rule((enum name_kind)i), "must be ", 8);
}

static void test_empty(void **state)
{
	(void)state;
	for (int i = 0; i < NAME__MAX; i++)
		assert_false(name_fits((enum name_kind)i, ""));
}

static void test_parts(void **state)
{
	struct arena a = {0};
	struct url u;

	(void)state;
	assert_true(url_split(&a, "HTTPS://n1.example.net:443/bigbluebutton/api/", &u));
	assert_string_equal(u.scheme, "https");
	assert_string_equal(u.host, "n1.example.net");
	assert_string_equal(u.port, "");
	assert_string_equal(u.origin, "https://n1.example.net");
	assert_string_equal(u.path, "/bigbluebutton/api");
	assert_true(url_split(&a, "http://[::1]:8080", &u));
	assert_string_equal(u.host, "::1");
	assert_string_equal(u.port, "8080");
	assert_string_equal(u.origin, "http://[::1]:8080");
	assert_string_equal(u.path, "");
	assert_false(url_split(&a, "http://h/?a=b", &u));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_parts),
	};

	return cmocka_run_group_tests_name("name", tests, NULL, NULL);
}
