/* SPDX-License-Identifier: ISC */
/* What a change makes of an object's JSON: merged, checked, tagged, told. */
#include "config.h"
#include "unit.h"

#include "core/change_doc.h"

#include <stdlib.h>

static json_t *load(const char *text)
{
	json_t *doc = strcmp(text, "-") == 0 ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);

	if (!doc && strcmp(text, "-") != 0)
		fail_msg("no JSON: %s", text);
	return doc;
}

static const struct state_object *object_of(const char *what)
{
	static const struct state_object *const all[] = {&state_cluster, &state_group, &state_node,
		&state_profile, &state_tenant, &state_secret, &state_parameter};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (strcmp(all[i]->what, what) == 0)
			return all[i];
	fail_msg("no object %s", what);
	return NULL;
}

static void merge(char **field, int fields)
{
	json_t *before = load(field[3]), *body = load(field[4]);
	const struct change change = {.object = object_of(field[0]),
		.parent = "acme",
		.name = field[2],
		.kind = strncmp(field[1], "put", 3) == 0 ? CHANGE_PUT : CHANGE_PATCH,
		.owner = strstr(field[1], "+owner") != NULL,
		.body = body};
	struct arena a = {0};
	struct err err = {0};
	const char *about;
	json_t *after = change_merge(&a, &change, before, &about, &err), *want;
	char *text = after ? json_dumps(after, JSON_COMPACT | JSON_SORT_KEYS)
			   : mem_strdup(arena_printf(&a, "%s|%s", about ? about : "-", err.text));

	assert_int_equal(fields, 6);
	want = *field[5] == '{' ? load(field[5]) : NULL;
	if (want ? !json_equal(after, want) : after || strncmp(text, field[5], strlen(field[5])) != 0)
		fail_msg("%s %s %s: got %s, want %s", field[0], field[1], field[4], text, field[5]);
	if (!want)
		assert_int_equal(err.kind, strstr(field[5], "own to change") ? ERR_DENIED : ERR_INVALID);
	free(text);
	json_decref(after);
	json_decref(want);
	json_decref(before);
	json_decref(body);
	arena_free(&a);
}

static void test_merge(void **state)
{
	(void)state;
	assert_true(unit_each_vector("change.tsv", merge) >= 40);
}

static void tag_of(const char *text, const struct state_object *object, char etag[CHANGE_ETAG_LEN + 1])
{
	json_t *doc = load(text);

	change_etag(doc, object, etag);
	json_decref(doc);
}

/* The same whatever the order, secrets and what is only beside it; another for each field that is shown. */
static void test_etag(void **state)
{
	static const char *const same[] = {
		"{\"slug\":\"n1\",\"weight\":1,\"secret\":\"S\"}",
		"{\"weight\":1,\"slug\":\"n1\"}",
		"{\"weight\":1,\"slug\":\"n1\",\"secret\":\"T\",\"etag\":\"x\",\"live\":{\"load\":7}}",
	};
	static const char *const other[] = {"{\"slug\":\"n1\",\"weight\":2}",
		"{\"slug\":\"n2\",\"weight\":1}", "{\"slug\":\"n1\",\"weight\":1,\"url\":null}"};
	char first[CHANGE_ETAG_LEN + 1], etag[CHANGE_ETAG_LEN + 1];

	(void)state;
	/* SHA-256 of {"slug":"n1","weight":1} */
	tag_of(same[0], &state_node, first);
	assert_string_equal(first, "4344a9b9fca9fab1");
	for (size_t i = 0; i < ARRAY_SIZE(same); i++) {
		tag_of(same[i], &state_node, etag);
		assert_string_equal(etag, first);
	}
	for (size_t i = 0; i < ARRAY_SIZE(other); i++) {
		tag_of(other[i], &state_node, etag);
		assert_string_not_equal(etag, first);
	}
}

/* What is written holds what differs, and what the statements need. */
static void test_document(void **state)
{
	const struct change change = {
		.object = &state_secret, .parent = "acme", .name = "5", .kind = CHANGE_PATCH};
	json_t *before = load("{\"sub_id\":5,\"secret\":\"S\",\"recording\":true,\"profiles\":[]}");
	json_t *after = load("{\"sub_id\":5,\"secret\":\"S\",\"recording\":true,\"profiles\":[\"p\"]}");
	json_t *doc = change_document(&change, before, after);
	json_t *want = load(
		"{\"b3lb_state\":1,\"tenants\":[{\"slug\":\"ACME\",\"secrets\":[{\"sub_id\":5,\"profiles\":[\"p\"]}]}]}");

	(void)state;
	assert_true(json_equal(doc, want));
	json_decref(doc);
	json_decref(want);
	json_decref(before);
	json_decref(after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_etag),
		cmocka_unit_test(test_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
