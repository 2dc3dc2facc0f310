/* SPDX-License-Identifier: ISC */
/* The URLs of a node: of its API, and of the browsers that join. */
#include "config.h"
#include "unit.h"

#include "core/node.h"

static const char *or_none(const char *field)
{
	return strcmp(field, "-") == 0 ? NULL : field;
}

static void check_urls(char **field, int fields)
{
	char none[] = "", domain[] = "nodes.example", api_path[] = "bigbluebutton/api/";
	const struct conf conf = {.node_default_domain = domain,
		.node_bbb_endpoint = api_path,
		.node_join_base = or_none(field[3]) ? field[3] : none};
	const struct node node = {.slug = "n1",
		.domain = or_none(field[0]),
		.url = or_none(field[1]),
		.join_url = or_none(field[2]),
		.secret = "s",
		.sha = SHA_ALG_256};
	const struct query query = {0};
	struct arena a = {0};
	struct buf api = BUF_INIT, base = BUF_INIT, call = BUF_INIT, join = BUF_INIT;

	assert_int_equal(fields, 8);
	node_api_url(&conf, &node, &api);
	node_join_base(&conf, &node, &base);
	assert_string_equal(buf_str(&api), field[4]);
	assert_string_equal(buf_str(&base), field[5]);
	assert_string_equal(node_joined_url(&conf, &a, &node, field[6]), field[7]);
	/* The checksum covers no host. */
	node_call_url(&conf, &node, "join", &query, &call);
	node_join_url(&conf, &node, &query, &join);
	assert_string_equal(buf_str(&call) + api.len, buf_str(&join) + base.len);
	assert_memory_equal(buf_str(&join), field[5], base.len);
	buf_free(&api);
	buf_free(&base);
	buf_free(&call);
	buf_free(&join);
	arena_free(&a);
}

static void test_urls(void **state)
{
	(void)state;
	assert_true(unit_each_vector("node.tsv", check_urls) >= 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_urls)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
