/* SPDX-License-Identifier: ISC */
/* The JSON of a state: what is refused and how it is said, what is hidden, what differs. */
#include "config.h"
#include "unit.h"

#include "core/state_doc.h"

#include <stdlib.h>

static json_t *load(const char *text)
{
	json_t *doc = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

	if (!doc)
		fail_msg("no JSON: %s", text);
	return doc;
}

static void check(char **field, int fields)
{
	json_t *doc = load(field[0]);
	struct err err = {0};
	int rc = state_check(doc, &err);

	assert_int_equal(fields, 2);
	if (strcmp(field[1], "-") == 0 ? rc != 0
				       : rc != -1 || err.kind != ERR_INVALID || !strstr(err.text, field[1]))
		fail_msg("%s: got '%s', want '%s'", field[0], err.text, field[1]);
	json_decref(doc);
}

static void test_vectors(void **state)
{
	(void)state;
	assert_true(unit_each_vector("state_doc.tsv", check) >= 45);
}

static void test_hide(void **state)
{
	json_t *doc =
		load("{\"b3lb_state\":1,\"nodes\":[{\"slug\":\"n1\",\"cluster\":\"c\",\"secret\":\"S1\"}],"
		     "\"tenants\":[{\"slug\":\"acme\",\"group\":\"g\",\"stats_token\":\"S2\",\"secrets\":"
		     "[{\"sub_id\":0,\"secret\":\"S3\",\"secret2\":\"S4\",\"stats_token\":\"S5\","
		     "\"description\":\"d\"}]}]}");
	char *text;

	(void)state;
	state_hide(doc, &state_root);
	text = json_dumps(doc, JSON_COMPACT);
	assert_string_equal(text, "{\"b3lb_state\":1,\"nodes\":[{\"slug\":\"n1\",\"cluster\":\"c\"}],"
				  "\"tenants\":[{\"slug\":\"acme\",\"group\":\"g\",\"secrets\":"
				  "[{\"sub_id\":0,\"description\":\"d\"}]}]}");
	free(text);
	json_decref(doc);
}

/* never: what is not said. */
static void diff_says(const char *before, const char *after, const char *line, const char *never)
{
	struct state_report report = {0};
	json_t *was = load(before), *is = load(after);

	buf_putc(&report.changes, '\n');
	state_diff(was, is, &report);
	if (!strstr(buf_str(&report.changes), line) || strstr(buf_str(&report.changes), never))
		fail_msg("got:\n%s\nwant:\n%s", buf_str(&report.changes), line);
	buf_free(&report.changes);
	json_decref(was);
	json_decref(is);
}

static void test_diff(void **state)
{
	static const char secrets[] =
		"{\"tenants\":[{\"slug\":\"t\",\"secrets\":[{\"sub_id\":5,\"secret\":\"%s\"}]}]}";
	char old[128], new[128];

	(void)state;
	diff_says("{\"clusters\":[{\"name\":\"a\",\"load_a\":1}]}",
		"{\"clusters\":[{\"name\":\"a\",\"load_a\":2},{\"name\":\"b\"}]}",
		"\ncluster a: load_a 1 -> 2\n", "cluster a: name");
	diff_says("{\"clusters\":[]}", "{\"clusters\":[{\"name\":\"b\",\"load_a\":2}]}",
		"\ncluster b: added\n", "load_a");
	diff_says(
		"{\"clusters\":[{\"name\":\"b\"}],\"groups\":[{\"name\":\"g\",\"clusters\":[\"b\",\"c\"]}]}",
		"{\"clusters\":[],\"groups\":[{\"name\":\"g\",\"clusters\":[\"b\"]}]}",
		"\ncluster b: removed\ngroup g: clusters: c removed\n", "null");
	/* A secret's value is told to nobody, nor the bytes of a picture. */
	snprintf(old, sizeof(old), secrets, "S-old");
	snprintf(new, sizeof(new), secrets, "S-new");
	diff_says(old, new, "\ntenant t, secret 5: secret changed\n", "S-");
	diff_says("{\"tenants\":[{\"slug\":\"t\",\"assets\":[{\"kind\":\"logo\",\"data\":\"QUJD\"}]}]}",
		"{\"tenants\":[{\"slug\":\"t\",\"assets\":[{\"kind\":\"logo\",\"data\":\"QUJE\"}]}]}",
		"\ntenant t, asset logo: data changed\n", "QUJ");
	diff_says("{\"tenants\":[{\"slug\":\"t\",\"aliases\":[\"a.example\"]}]}",
		"{\"tenants\":[{\"slug\":\"t\",\"aliases\":[\"a.example\",\"b.example\"]}]}",
		"\ntenant t: aliases: b.example added\n", "a.example added");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_hide),
		cmocka_unit_test(test_diff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
