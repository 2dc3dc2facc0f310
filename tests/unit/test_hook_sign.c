/* SPDX-License-Identifier: ISC */
/* Signatures of bbb-webhooks; what a webhook's event may not be. */
#include "config.h"
#include "unit.h"

#include "bbb/hook_sign.h"
#include "core/hook.h"
#include "core/hook_node.h"

static const char url[] = "https://bbb.example.org/b3lb/b/callback/event?nonce=0123";

static const char *or_none(const char *field)
{
	return strcmp(field, "-") == 0 ? NULL : field;
}

static void check(char **field, int fields)
{
	struct hook_request rq = {.url = url};
	const char *got;

	assert_int_equal(fields, 7);
	rq.checksum = or_none(field[1]);
	rq.authorization = or_none(field[2]);
	rq.body = field[3];
	rq.body_len = strlen(field[3]);
	rq.event = or_none(field[4]);
	rq.timestamp = or_none(field[5]);
	rq.domain = or_none(field[6]);
	got = hook_sign_names[hook_sign_check(&rq, "secret")];
	if (strcmp(got, field[0]) != 0)
		fail_msg("%s: got %s, want %s", field[1], got, field[0]);
	assert_int_equal(hook_sign_check(&rq, ""), HOOK_SIGN_NONE);
}

static void test_vectors(void **state)
{
	(void)state;
	assert_true(unit_each_vector("hook_sign.tsv", check) >= 25);
}

/* What JSON.stringify escapes, and what it does not. */
static void test_stringify(void **state)
{
	const struct hook_request rq = {.url = url,
		.checksum = "6f4eaf5bb4f3d3d9f9b6fdbb7a42e9d6a7b7b8a5",
		.event = "\b\f\n\r\t\"\\\x01\x1f\x7f/\xe2\x80\xa8",
		.timestamp = "1",
		.domain = ""};
	char hex[SHA_HEX_MAX + 1];
	const char json[] =
		"{\"event\":\"\\b\\f\\n\\r\\t\\\"\\\\\\u0001\\u001f\x7f/\xe2\x80\xa8\",\"timestamp\":1,\"domain\":\"\"}";
	struct hook_request made = rq;

	(void)state;
	hook_sign_make(SHA_ALG_1, url, json, sizeof(json) - 1, "secret", hex);
	made.checksum = hex;
	assert_int_equal(hook_sign_check(&made, "secret"), HOOK_SIGN_JSON);
	assert_int_equal(hook_sign_check(&rq, "secret"), HOOK_SIGN_NONE);
}

static void test_denied(void **state)
{
	char names[] = "pad-content, transcript-updated";
	const struct conf conf = {.hook_deny_events = names}, none = {.hook_deny_events = (char *)""};
	static const struct {
		const char *text;
		bool denied;
	} cases[] = {
		{"[{\"data\":{\"type\":\"event\",\"id\":\"pad-content\",\"x\":1}}]", true},
		{"[{\"data\":{\"type\":\"event\",\"id\":\"pad-content\"}},{\"data\":{\"type\":\"event\",\"id\":\"transcript-updated\"}}]",
			true},
		{"[{\"data\":{\"type\":\"event\",\"id\":\"pad-content\"}},{\"data\":{\"type\":\"event\",\"id\":\"user-left\"}}]",
			false},
		{"[{\"data\":{\"type\":\"event\",\"id\":\"pad-content-2\"}}]", false},
		{"[{\"data\":{\"type\":\"event\",\"id\":\"user-left\",\"t\":\"{\\\"data\\\":{\\\"type\\\":\\\"event\\\",\\\"id\\\":\\\"pad-content\\\"\"}}]",
			false},
		{"[ {\"data\":{\"type\":\"event\",\"id\":\"pad-content\"}}]", false},
		{"", false},
		{"[", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (hook_is_denied(&conf, cases[i].text) != cases[i].denied)
			fail_msg("%s", cases[i].text);
		assert_false(hook_is_denied(&none, cases[i].text));
	}
}

static void test_deep(void **state)
{
	char text[200] = "";

	(void)state;
	memset(text, '[', 64);
	assert_false(hook_is_deep(text));
	text[64] = '{';
	assert_true(hook_is_deep(text));
	assert_false(hook_is_deep(
		"[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"]"));
}

static void test_wishes(void **state)
{
	static const struct {
		struct hook_wish wish;
		bool good;
	} cases[] = {
		{{"http://x/", NULL, NULL}, true},
		{{"https://x:1/y?z=1", "room", "a,b, ,C"}, true},
		{{"", NULL, NULL}, false},
		{{"x", NULL, NULL}, false},
		{{"ftp://x/", NULL, NULL}, false},
		{{"http://u@x/", NULL, NULL}, false},
		{{"http://x/ y", NULL, NULL}, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (!hook_complaint(&cases[i].wish) != cases[i].good)
			fail_msg("%s", cases[i].wish.url);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_vectors), cmocka_unit_test(test_stringify),
		cmocka_unit_test(test_denied), cmocka_unit_test(test_deep), cmocka_unit_test(test_wishes)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
