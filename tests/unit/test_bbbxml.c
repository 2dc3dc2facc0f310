/* SPDX-License-Identifier: ISC */
/* Tests of the XML of nodes: reading, refusing, replacing ids, lists of meetings. */
#include "config.h"
#include "unit.h"

#include "bbb/xml.h"

static struct bbbxml *parse(const char *xml, struct err *err)
{
	return bbbxml_parse(xml, strlen(xml), err);
}

static void test_reads_direct_children(void **state)
{
	struct arena a = {0};
	struct err err = {0};
	struct bbbxml *doc =
		parse("<response>\n <returncode>SUCCESS</returncode><x><meetingID>inner</meetingID></x>"
		      "<meetingID><![CDATA[a & b]]></meetingID><message></message></response>",
			&err);

	(void)state;
	assert_non_null(doc);
	assert_true(bbbxml_success(doc));
	assert_string_equal(bbbxml_text(doc, &a, "meetingID"), "a & b");
	assert_string_equal(bbbxml_text(doc, &a, "message"), "");
	assert_null(bbbxml_text(doc, &a, "createTime"));
	bbbxml_free(doc);
	arena_free(&a);
}

static void test_refuses_what_is_no_answer(void **state)
{
	static const char *const bad[] = {
		"",
		"<html><body>502</body></html>",
		"<response><returncode>SUCCESS</returncode>",
		"<response></response>",
		"{\"response\":1}",
		"<!DOCTYPE response><response><returncode>SUCCESS</returncode></response>",
		("<!DOCTYPE r [<!ENTITY x SYSTEM "
		 "\"file:///etc/passwd\">]><response><returncode>&x;</returncode></response>"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err err = {0};

		assert_null(parse(bad[i], &err));
		assert_int_equal(err.kind, ERR_AWAY);
	}
}

static void test_replaces_ids_everywhere(void **state)
{
	struct err err = {0};
	struct buf out = BUF_INIT;
	struct bbbxml *doc =
		parse("<response><returncode>FAILED</returncode><meetingID>b3lb-1</meetingID>"
		      "<message>Meeting with id [b3lb-1] not found.</message><a b=\"x b3lb-1 b3lb-1\"/>"
		      "<c><![CDATA[b3lb-1]]></c></response>",
			&err);

	(void)state;
	assert_non_null(doc);
	assert_false(bbbxml_success(doc));
	bbbxml_replace(doc, "b3lb-1", "R\xC3\xB6om <1> & \"2\"");
	bbbxml_write(doc, &out);
	assert_string_equal(buf_str(&out),
		"<response><returncode>FAILED</returncode><meetingID>R\xC3\xB6om &lt;1&gt; &amp; "
		"\"2\"</meetingID>"
		"<message>Meeting with id [R\xC3\xB6om &lt;1&gt; &amp; \"2\"] not found.</message>"
		"<a b=\"x R\xC3\xB6om &lt;1&gt; &amp; &quot;2&quot; R\xC3\xB6om &lt;1&gt; &amp; "
		"&quot;2&quot;\"/>"
		"<c><![CDATA[R\xC3\xB6om <1> & \"2\"]]></c></response>");
	buf_free(&out);
	bbbxml_free(doc);
}

static void test_takes_no_internal_id_that_no_index_takes(void **state)
{
	struct arena a = {0};
	struct err err = {0};
	struct bbbxml_meeting *list;
	struct bbbxml *doc;
	char xml[1024];
	int skipped;

	(void)state;
	for (int len = BBBXML_INTERNAL_ID_MAX; len <= BBBXML_INTERNAL_ID_MAX + 1; len++) {
		snprintf(xml, sizeof(xml),
			"<response><returncode>SUCCESS</returncode><meetings><meeting><meetingID>a</"
			"meetingID>"
			"<internalMeetingID>%0*d</internalMeetingID></meeting></meetings></response>",
			len, 1);
		doc = parse(xml, &err);
		assert_int_equal(bbbxml_meetings(doc, &a, &list, &skipped, &err), 1);
		assert_int_equal(strlen(list[0].internal_id), len > BBBXML_INTERNAL_ID_MAX ? 0 : len);
		bbbxml_free(doc);
	}
	arena_free(&a);
}

/* U+FFFE and broken UTF-8, which bbb-web passes on: one room with such a name must not make a node
 * unreadable. */
static void test_reads_characters_that_xml_forbids(void **state)
{
	static const char xml[] = "<response><returncode>SUCCESS</returncode>"
				  "<message>a\xEF\xBF\xBE\x01\xFF\0b</message></response>";
	struct arena a = {0};
	struct err err = {0};
	struct bbbxml *doc = bbbxml_parse(xml, sizeof(xml) - 1, &err);

	(void)state;
	assert_non_null(doc);
	assert_string_equal(bbbxml_text(doc, &a, "message"),
		"a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
		"b");
	bbbxml_free(doc);
	arena_free(&a);
}

static void test_replaces_with_what_xml_holds(void **state)
{
	struct err err = {0};
	struct buf out = BUF_INIT;
	struct bbbxml *doc = parse("<response><returncode>b3lb-1</returncode></response>", &err);

	(void)state;
	bbbxml_replace(doc, "b3lb-1", "a\xEF\xBF\xBE\xC3(");
	bbbxml_write(doc, &out);
	assert_string_equal(
		buf_str(&out), "<response><returncode>a\xEF\xBF\xBD\xEF\xBF\xBD(</returncode></response>");
	buf_free(&out);
	bbbxml_free(doc);
}

static void test_lists_meetings(void **state)
{
	struct arena a = {0};
	struct err err = {0};
	struct bbbxml_meeting *list;
	struct buf out = BUF_INIT;
	int skipped;
	struct bbbxml *doc = parse(
		"<response><returncode>SUCCESS</returncode><meetings>\n<meeting><meetingID>m1</meetingID>"
		"<internalMeetingID>i1</internalMeetingID><running>true</running><participantCount>7</"
		"participantCount>"
		"<listenerCount>1</listenerCount><voiceParticipantCount>2</"
		"voiceParticipantCount><videoCount>3</videoCount>"
		"<moderatorCount>4</moderatorCount></meeting>\n<meeting><meetingID>room</"
		"meetingID><isBreakout>true</isBreakout>"
		"<parentMeetingID>i1</parentMeetingID></meeting></meetings></response>",
		&err);

	(void)state;
	assert_non_null(doc);
	assert_int_equal(bbbxml_meetings(doc, &a, &list, &skipped, &err), 2);
	assert_int_equal(skipped, 0);
	assert_string_equal(list[0].id, "m1");
	assert_string_equal(list[0].internal_id, "i1");
	assert_true(list[0].running);
	assert_int_equal(list[0].attendees, 7);
	assert_int_equal(list[0].listeners, 1);
	assert_int_equal(list[0].voices, 2);
	assert_int_equal(list[0].videos, 3);
	assert_int_equal(list[0].moderators, 4);
	assert_null(list[0].parent_id);
	assert_string_equal(list[1].parent_id, "i1");
	bbbxml_meeting_write(&list[1], "room", "Raum", &out);
	assert_string_equal(buf_str(&out), "<meeting><meetingID>Raum</meetingID><isBreakout>true</"
					   "isBreakout><parentMeetingID>i1</parentMeetingID></meeting>");
	buf_free(&out);
	bbbxml_free(doc);
	arena_free(&a);
}

/* One odd <meeting> costs itself, one odd count that count. */
static void test_reads_what_is_sound(void **state)
{
	static const struct {
		const char *text;
		int count;
	} counts[] = {{"7", 7}, {"1,202", 1202}, {"1.202", 1202}, {"1 202", 1202},
		{"1\xC2\xA0"
		 "202",
			1202},
		{"1\xE2\x80\xAF"
		 "202",
			1202},
		{"1'202", 1202}, {" 12\n", 12}, {"", 0}, {"1,000,000", 1000000}, {"1,000,001", -1},
		{"1,20", -1}, {"1202,303", -1}, {"1,202.303", -1}, {",202", -1}, {"1,", -1}, {"-1", -1},
		{"many", -1}, {"0x10", -1}, {"99999999999999999999", -1}};
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		struct arena a = {0};
		struct bbbxml_meeting *list;
		struct bbbxml *doc;
		int skipped;

		doc = parse(
			arena_printf(&a,
				"<response><returncode>SUCCESS</returncode><meetings><meeting/><meeting><meetingID>a"
				"</meetingID><participantCount>%s</participantCount></meeting></meetings></response>",
				counts[i].text),
			&err);
		assert_non_null(doc);
		assert_int_equal(bbbxml_meetings(doc, &a, &list, &skipped, &err), 1);
		assert_int_equal(skipped, 1);
		assert_int_equal(list[0].attendees, counts[i].count);
		bbbxml_free(doc);
		arena_free(&a);
	}
}

static void test_hands_plain_numbers_on(void **state)
{
	struct buf out = BUF_INIT;
	struct err err = {0};
	struct bbbxml *doc = parse("<response><returncode>SUCCESS</returncode><maxUsers>1,500</maxUsers>"
				   "<endTime>1,553,431,319,394</endTime><duration>1,2</duration></response>",
		&err);

	(void)state;
	assert_non_null(doc);
	bbbxml_write(doc, &out);
	assert_string_equal(buf_str(&out),
		"<response><returncode>SUCCESS</returncode><maxUsers>1500</maxUsers>"
		"<endTime>1553431319394</endTime><duration>1,2</duration></response>");
	buf_free(&out);
	bbbxml_free(doc);
}

static void test_reads_names_that_are_none(void **state)
{
	static const char *const names[][2] = {{"bbb_list[0]", "bbb_list_0_"}, {"bbb_my key", "bbb_my_key"},
		{"1st", "_st"}, {"", "_"}, {"a&lt;b", "a_lt_b"}, {"a/b", "a_b"}, {"-", "_"}};
	struct arena a = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct buf out = BUF_INIT;
		struct err err = {0};
		struct bbbxml *doc = parse(
			arena_printf(&a,
				"<response><returncode>SUCCESS</returncode><!-- <a b> --><b><![CDATA[<c d>]]></b><%s>1</%s>"
				"<e/></response>",
				names[i][0], names[i][0]),
			&err);

		assert_non_null(doc);
		bbbxml_write(doc, &out);
		assert_string_equal(buf_str(&out),
			arena_printf(&a,
				"<response><returncode>SUCCESS</returncode><!-- <a b> --><b><![CDATA[<c d>]]></b><%s>1</%s>"
				"<e/></response>",
				names[i][1], names[i][1]));
		buf_free(&out);
		bbbxml_free(doc);
	}
	arena_free(&a);
}

static void test_reads_a_list_as_far_as_it_goes(void **state)
{
	static const char whole[] =
		"<response><returncode>SUCCESS</returncode><meetings><meeting><meetingID>a</meetingID>"
		"<participantCount>3</participantCount></meeting><meeting><meetingID>b</meetingID>"
		"</meeting><meeting><meetingID>c</meetingID></meeting></meetings></response>";
	struct arena a = {0};
	struct err err = {0};
	struct bbbxml_meeting *list;
	int skipped;

	(void)state;
	for (size_t len = 0; len <= strlen(whole); len++) {
		bool is_whole = true;
		struct bbbxml *doc = bbbxml_parse_partly(whole, len, &is_whole, &err);
		int count = doc ? bbbxml_meetings(doc, &a, &list, &skipped, &err) : -1;

		assert_true(!doc || is_whole == (len == strlen(whole)));
		assert_true(count <= 3 && (count < 3 || is_whole));
		assert_true(count < 1 || (strcmp(list[0].id, "a") == 0 && list[0].attendees == 3));
		assert_true(count < 2 || strcmp(list[1].id, "b") == 0);
		bbbxml_free(doc);
	}
	assert_null(bbbxml_parse_partly("<html><body>", 12, &(bool){true}, &err));
	assert_null(
		bbbxml_parse_partly("<response><returncode>FAILED</returncode><a>", 44, &(bool){true}, &err));
	assert_null(bbbxml_parse_partly("", 0, &(bool){true}, &err));
	arena_free(&a);
}

static void test_a_list_must_be_there(void **state)
{
	struct arena a = {0};
	struct err err = {0};
	struct bbbxml_meeting *list;
	struct bbbxml *doc = parse("<response><returncode>SUCCESS</returncode></response>", &err);
	int skipped;

	(void)state;
	assert_non_null(doc);
	assert_int_equal(bbbxml_meetings(doc, &a, &list, &skipped, &err), -1);
	bbbxml_free(doc);
	arena_free(&a);
}

/* Names that would make a node's list unreadable go to no node. */
static void test_unnamable(void **state)
{
	struct arena a = {0};
	struct query q = {0};
	char *name = arena_alloc(&a, 50007);

	(void)state;
	memset(name, 'n', 50005);
	memcpy(name, "meta_", 5);
	query_add(&a, &q, arena_strdup(&a, name), "x");
	name[50005] = 'n';
	query_add(&a, &q, name, "x");
	query_add(&a, &q, "meta_a b", "x");
	query_add(&a, &q, "a b", "x");
	bbbxml_drop_unnamable(&q, "meta_");
	assert_int_equal(q.count, 2);
	assert_int_equal(strlen(q.params[0].name), 50005);
	assert_string_equal(q.params[1].name, "a b");
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_direct_children),
		cmocka_unit_test(test_refuses_what_is_no_answer),
		cmocka_unit_test(test_replaces_ids_everywhere),
		cmocka_unit_test(test_takes_no_internal_id_that_no_index_takes),
		cmocka_unit_test(test_reads_characters_that_xml_forbids),
		cmocka_unit_test(test_replaces_with_what_xml_holds),
		cmocka_unit_test(test_lists_meetings),
		cmocka_unit_test(test_reads_what_is_sound),
		cmocka_unit_test(test_hands_plain_numbers_on),
		cmocka_unit_test(test_reads_names_that_are_none),
		cmocka_unit_test(test_reads_a_list_as_far_as_it_goes),
		cmocka_unit_test(test_a_list_must_be_there),
		cmocka_unit_test(test_unnamable),
	};

	return cmocka_run_group_tests_name("bbbxml", tests, NULL, NULL);
}
