/* SPDX-License-Identifier: ISC */
/* The client's callback URLs: taken, replaced, given back. */
#include "config.h"
#include "unit.h"

#include "bbb/xml.h"
#include "core/client_params.h"

static char tag[] = "b3lb-recordset", domain[] = "bbb.example.com", url[] = "https://lb.example/";
static struct conf conf = {.record_meta_data_tag = tag, .api_base_domain = domain, .public_url = url};

/* query, what is kept as JSON, what still goes on. */
static void check_take(char **field, int fields)
{
	struct arena a = {0};
	struct query q = {0};
	struct buf rest = BUF_INIT;
	struct client_params params = {0};
	struct err err = {0};
	const char *own;

	assert_int_equal(fields, 3);
	assert_int_equal(query_parse(&a, field[0], strlen(field[0]), &q, &err), 0);
	client_params_take(&conf, &q, &params);
	own = client_params_write(&a, &params);
	query_write(&q, &rest);
	if (strcmp(own, field[1]) != 0 || strcmp(buf_str(&rest), field[2]) != 0)
		fail_msg("%s: got %s and %s", field[0], own, buf_str(&rest));
	buf_free(&rest);
	arena_free(&a);
}

static void test_take(void **state)
{
	(void)state;
	assert_true(unit_each_vector("client_params.tsv", check_take) >= 12);
}

static void sent_with(
	const char *own, const char *record_nonce, const char *server_tag, bool analytics, const char *want)
{
	struct arena a = {0};
	struct query q = {0};
	struct buf out = BUF_INIT;
	struct client_params params;

	client_params_read(&a, own, &params);
	client_params_send(&a, &conf, &params, "NONCE", record_nonce, server_tag, analytics, &q);
	for (size_t i = 0; i < q.count; i++)
		buf_printf(&out, "%s=%s ", q.params[i].name, q.params[i].value);
	assert_string_equal(buf_str(&out), want);
	buf_free(&out);
	arena_free(&a);
}

static void sent_is(const char *own, const char *record_nonce, const char *server_tag, const char *want)
{
	sent_with(own, record_nonce, server_tag, false, want);
}

static void test_send(void **state)
{
	(void)state;
	sent_with("{}", NULL, NULL, true,
		"meta_endCallbackUrl=https://lb.example/b3lb/b/callback/end?nonce=NONCE "
		"meta_analytics-callback-url=https://lb.example/b3lb/b/callback/analytics?nonce=NONCE ");
	sent_is("{}", NULL, NULL, "meta_endCallbackUrl=https://lb.example/b3lb/b/callback/end?nonce=NONCE ");
	sent_is("{\"meta_endcallbackurl\":\"http://c/\",\"meta_bbb-recording-ready-url\":\"http://r/\"}", "R",
		NULL,
		"meta_endCallbackUrl=https://lb.example/b3lb/b/callback/end?nonce=NONCE "
		"meta_b3lb-recordset=R ");
	sent_is("{\"meetingEndedURL\":\"http://e/\",\"meta_analytics-callback-url\":\"http://a/\"}", NULL,
		NULL,
		"meta_endCallbackUrl=https://lb.example/b3lb/b/callback/end?nonce=NONCE "
		"meetingEndedURL=https://lb.example/b3lb/b/callback/end?nonce=NONCE "
		"meta_analytics-callback-url=https://lb.example/b3lb/b/callback/analytics?nonce=NONCE ");
	sent_is("{\"meta_server-tag\":\"gpu!\"}", NULL, "gpu",
		"meta_endCallbackUrl=https://lb.example/b3lb/b/callback/end?nonce=NONCE meta_server-tag=gpu ");
	sent_is("no JSON", NULL, NULL,
		"meta_endCallbackUrl=https://lb.example/b3lb/b/callback/end?nonce=NONCE ");
}

static void restored_is(const char *own, const char *metadata, const char *want)
{
	struct buf xml = BUF_INIT, out = BUF_INIT;
	struct err err = {0};
	struct bbbxml *doc;
	const char *begin;
	struct arena a = {0};
	struct client_params params;

	buf_printf(&xml, "<response><returncode>SUCCESS</returncode><metadata>%s</metadata></response>",
		metadata);
	doc = bbbxml_parse(xml.ptr, xml.len, &err);
	assert_non_null(doc);
	client_params_read(&a, own, &params);
	client_params_restore(&conf, &params, bbbxml_root(doc));
	bbbxml_write(doc, &out);
	begin = strstr(buf_str(&out), "<metadata");
	assert_non_null(begin);
	if (strncmp(begin, want, strlen(want)) != 0)
		fail_msg("%s: got %s, want %s", metadata, begin, want);
	bbbxml_free(doc);
	buf_free(&xml);
	buf_free(&out);
	arena_free(&a);
}

static void test_restore(void **state)
{
	(void)state;
	restored_is("{}", "<endcallbackurl>ours</endcallbackurl><a>1</a><b3lb-recordset>R</b3lb-recordset>",
		"<metadata><a>1</a></metadata>");
	restored_is("{\"meta_endcallbackurl\":\"http://c/?a&b\",\"logoutURL\":\"http://l/\"}",
		"<endcallbackurl>ours</endcallbackurl><a>1</a>",
		"<metadata><a>1</a><endcallbackurl>http://c/?a&amp;b"
		"</endcallbackurl></metadata>");
	restored_is("{}", "<secret-lrs-payload>U2Fs</secret-lrs-payload><a>1</a>",
		"<metadata><a>1</a></metadata>");
	restored_is(NULL, "<b3lb-recordset>R</b3lb-recordset><a>1</a>", "<metadata><a>1</a></metadata>");
}

static void analytics_are(const char *own, const char *text, const char *want)
{
	json_t *analytics = json_loads(text, 0, NULL), *wanted = json_loads(want, 0, NULL);
	struct arena a = {0};
	struct client_params params;

	assert_non_null(analytics);
	assert_non_null(wanted);
	client_params_read(&a, own, &params);
	client_params_restore_analytics(&conf, &params, "b3lb-node", "client", analytics);
	if (!json_equal(analytics, wanted))
		fail_msg("got %s, want %s", json_dumps(analytics, JSON_SORT_KEYS), want);
	json_decref(analytics);
	json_decref(wanted);
	arena_free(&a);
}

static void test_analytics(void **state)
{
	(void)state;
	analytics_are("{}", "{\"meeting_id\":\"b3lb-node\"}", "{\"meeting_id\":\"client\"}");
	analytics_are("{}", "{\"meeting_id\":\"another\"}", "{\"meeting_id\":\"another\"}");
	analytics_are("{\"meta_endcallbackurl\":\"http://c/\"}",
		"{\"meeting_id\":\"b3lb-node\",\"data\":{\"metadata\":{\"endcallbackurl\":\"ours\","
		"\"analytics_callback_url\":\"ours\",\"b3lb_recordset\":\"R\",\"meetingId\":\"b3lb-node\","
		"\"course\":\"7\"}}}",
		"{\"meeting_id\":\"client\",\"data\":{\"metadata\":{\"endcallbackurl\":\"http://c/\","
		"\"meetingId\":\"client\",\"course\":\"7\"}}}");
	/* A node that writes _ for - gets the client's names so. */
	analytics_are("{\"meta_analytics-callback-url\":\"http://a/\"}",
		"{\"data\":{\"metadata\":{\"analytics_callback_url\":\"ours\"}}}",
		"{\"data\":{\"metadata\":{\"analytics_callback_url\":\"http://a/\"}}}");
	analytics_are("{\"meta_analytics-callback-url\":\"http://a/\"}",
		"{\"data\":{\"metadata\":{\"analytics-callback-url\":\"ours\"}}}",
		"{\"data\":{\"metadata\":{\"analytics-callback-url\":\"http://a/\"}}}");
	analytics_are("{}",
		"{\"data\":{\"metadata\":{\"secret-lrs-payload\":\"U2Fs\",\"secret_lrs_payload\":\"U2Fs\",\"a\":\"1\"}}}",
		"{\"data\":{\"metadata\":{\"a\":\"1\"}}}");
	analytics_are("{}", "{\"data\":{\"metadata\":[1]}}", "{\"data\":{\"metadata\":[1]}}");
}

static void test_read(void **state)
{
	struct arena a = {0};
	struct client_params params;

	(void)state;
	client_params_read(&a, NULL, &params);
	assert_null(params.logout_url);
	client_params_read(&a, "{\"logoutURL\":7,\"meetingEndedURL\":\"http://e/\"}", &params);
	assert_null(params.logout_url);
	assert_string_equal(params.values[CLIENT_MEETING_ENDED], "http://e/");
	client_params_read(&a, "{\"logoutURL\":\"http://l/\"}", &params);
	assert_string_equal(params.logout_url, "http://l/");
	arena_free(&a);
}

static void test_long_logout_url(void **state)
{
	struct arena a = {0};
	struct query q = {0};
	struct client_params params = {0};
	char text[5000];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[4097] = '\0';
	query_add(&a, &q, "logoutURL", text);
	client_params_take(&conf, &q, &params);
	assert_null(params.logout_url);
	assert_int_equal(q.count, 1);
	text[4096] = '\0';
	client_params_take(&conf, &q, &params);
	assert_non_null(params.logout_url);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_send),
		cmocka_unit_test(test_restore),
		cmocka_unit_test(test_analytics),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_long_logout_url),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
