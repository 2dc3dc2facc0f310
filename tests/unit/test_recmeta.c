/* SPDX-License-Identifier: ISC */
/* Tests of metadata.xml: what BigBlueButton writes, what old files lack, what is refused. */
#include "config.h"
#include "unit.h"

#include "bbb/recording_meta.h"

static struct arena arena;

static int parse(const char *text, struct recording_meta *m, struct err *err)
{
	memset(err, 0, sizeof(*err));
	return recording_meta_parse(&arena, text, strlen(text), m, err);
}

static const char *meta_of(const struct recording_meta *m, const char *name)
{
	for (int i = 0; i < m->meta_count; i++)
		if (strcmp(m->meta[i].name, name) == 0)
			return m->meta[i].value;
	return NULL;
}

static void test_whole(void **state)
{
	struct recording_meta m;
	struct err err;

	(void)state;
	assert_int_equal(
		parse("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<recording>\n"
		      "<id> "
		      "4d7c4b3f965fc189d9c6cb8ab68b0b07550bfb03-1699343312797\n</id><state>published</state>"
		      "<published>true</published><start_time>1699343312797</start_time>"
		      "<end_time>1699351948986</end_time><participants>16</participants>"
		      "<meeting id=\"4d7c\" externalId=\"b3lb-0\" name=\"Seminar &amp; \xc3\x84pfel\" "
		      "breakout=\"false\"/>"
		      "<breakout parentMeetingId=\"unknown\" sequence=\"0\" freeJoin=\"false\"/>"
		      "<meta><gl-listed>false</gl-listed><meetingId>b3lb-0</meetingId><x> a "
		      "<![CDATA[<b>]]>\n</x>"
		      "<isBreakout>false</isBreakout><bad.name>1</bad.name></meta>"
		      "<playback><format>presentation</format><duration>4211000</duration></playback>"
		      "<raw_size>464657241</raw_size></recording>",
			&m, &err),
		0);
	assert_string_equal(m.id, "4d7c4b3f965fc189d9c6cb8ab68b0b07550bfb03-1699343312797");
	assert_string_equal(m.external_id, "b3lb-0");
	assert_string_equal(m.name, "Seminar & \xc3\x84pfel");
	assert_false(m.breakout);
	assert_true(m.published);
	assert_true(m.start_time == 1699343312797 && m.end_time == 1699351948986);
	assert_int_equal(m.participants, 16);
	assert_true(m.raw_size == 464657241);
	assert_int_equal(m.meta_count, 4);
	assert_string_equal(meta_of(&m, "gl-listed"), "false");
	assert_string_equal(meta_of(&m, "x"), "a <b>");
}

static void test_old(void **state)
{
	struct recording_meta m;
	struct err err;

	(void)state;
	assert_int_equal(parse("<recording><id>a-1</id><state>available</state><participants>x</participants>"
			       "<start_time>-1</start_time><meta><meetingId>room</meetingId>"
			       "<meetingName>Old one</meetingName></meta></recording>",
				 &m, &err),
		0);
	assert_string_equal(m.external_id, "room");
	assert_string_equal(m.name, "Old one");
	assert_true(m.published);
	assert_true(m.participants == 0 && m.start_time == 0 && m.end_time == 0);
}

static void test_breakouts_and_unpublished(void **state)
{
	struct recording_meta m;
	struct err err;

	(void)state;
	assert_int_equal(
		parse("<recording><id>a-1</id><meeting breakout=\"true\"/></recording>", &m, &err), 0);
	assert_true(m.breakout);
	assert_int_equal(
		parse("<recording><id>a-1</id><meta><isBreakout>true</isBreakout></meta></recording>", &m,
			&err),
		0);
	assert_true(m.breakout);
	assert_int_equal(
		parse("<recording><id>a-1</id><published>false</published></recording>", &m, &err), 0);
	assert_true(!m.published && !m.breakout);
}

static void test_refused(void **state)
{
	static const char *const bad[][2] = {
		{"", "not XML"},
		{"<recording><id>a</id>", "not XML"},
		{"<html/>", "<recording>"},
		{"<recording/>", "<id>"},
		{"<recording><id>../a</id></recording>", "<id>"},
		{"<recording><id>a b</id></recording>", "<id>"},
		{"<!DOCTYPE recording [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
		 "<recording><id>a</id><meta><y>&x;</y></meta></recording>",
			"DOCTYPE"},
	};
	struct recording_meta m;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(parse(bad[i][0], &m, &err), -1);
		assert_int_equal(err.kind, ERR_INVALID);
		if (!strstr(err.text, bad[i][1]))
			fail_msg("'%s' does not hold '%s'", err.text, bad[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_old),
		cmocka_unit_test(test_breakouts_and_unpublished),
		cmocka_unit_test(test_refused),
	};
	int rc = cmocka_run_group_tests_name("recmeta", tests, NULL, NULL);

	arena_free(&arena);
	return rc;
}
