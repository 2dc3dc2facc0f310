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

static void test_refuses_an_internal_id_that_no_index_takes(void **state)
{
	struct arena a = {0};
	struct err err = {0};
	struct bbbxml_meeting *list;
	struct bbbxml *doc;
	char xml[1024];

	(void)state;
	for (int len = BBBXML_INTERNAL_ID_MAX; len <= BBBXML_INTERNAL_ID_MAX + 1; len++) {
		snprintf(xml, sizeof(xml),
			"<response><returncode>SUCCESS</returncode><meetings><meeting><meetingID>a</"
			"meetingID>"
			"<internalMeetingID>%0*d</internalMeetingID></meeting></meetings></response>",
			len, 1);
		doc = parse(xml, &err);
		assert_int_equal(
			bbbxml_meetings(doc, &a, &list, &err), len > BBBXML_INTERNAL_ID_MAX ? -1 : 1);
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
	assert_int_equal(bbbxml_meetings(doc, &a, &list, &err), 2);
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

static void test_refuses_lists_that_cannot_be_counted(void **state)
{
	static const char *const bad[] = {
		"<response><returncode>SUCCESS</returncode></response>",
		"<response><returncode>SUCCESS</returncode><meetings><meeting/></meetings></response>",
		"<response><returncode>SUCCESS</returncode><meetings><meeting><meetingID>a</meetingID>"
		"<participantCount>many</participantCount></meeting></meetings></response>",
		"<response><returncode>SUCCESS</returncode><meetings><meeting><meetingID>a</meetingID>"
		"<videoCount>-1</videoCount></meeting></meetings></response>",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct arena a = {0};
		struct err err = {0};
		struct bbbxml_meeting *list;
		struct bbbxml *doc = parse(bad[i], &err);

		assert_non_null(doc);
		assert_int_equal(bbbxml_meetings(doc, &a, &list, &err), -1);
		bbbxml_free(doc);
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_direct_children),
		cmocka_unit_test(test_refuses_what_is_no_answer),
		cmocka_unit_test(test_replaces_ids_everywhere),
		cmocka_unit_test(test_refuses_an_internal_id_that_no_index_takes),
		cmocka_unit_test(test_reads_characters_that_xml_forbids),
		cmocka_unit_test(test_replaces_with_what_xml_holds),
		cmocka_unit_test(test_lists_meetings),
		cmocka_unit_test(test_refuses_lists_that_cannot_be_counted),
	};

	return cmocka_run_group_tests_name("bbbxml", tests, NULL, NULL);
}
