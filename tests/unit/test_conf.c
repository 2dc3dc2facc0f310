/* SPDX-License-Identifier: ISC */
/* Tests of the configuration: presets, file, environment, and messages that name the place. */
#include "config.h"
#include "unit.h"

#include "base/conf.h"

#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/b3lb-conf-XXXXXX";

static int load(const char *text, struct conf *conf, struct err *err)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	memset(err, 0, sizeof(*err));
	return conf_load(conf, path, err);
}

static void check_refused(const char *text, const char *want)
{
	struct conf conf;
	struct err err;

	assert_int_equal(load(text, &conf, &err), -1);
	if (!strstr(err.text, want))
		fail_msg("'%s' does not hold '%s'", err.text, want);
}

static void test_presets_and_file(void **state)
{
	struct conf conf;
	struct err err;

	(void)state;
	assert_int_equal(
		load("# a comment\n\n api_base_domain =  BBB.Example.com. \r\nthreads=4\nerror_status = bbb\n"
		     "allowed_sha_algorithms = sha256, sha512\n",
			&conf, &err),
		0);
	assert_string_equal(conf.api_base_domain, "bbb.example.com");
	assert_int_equal(conf.threads, 4);
	assert_int_equal(conf.error_status, CONF_ERROR_BBB);
	assert_int_equal(conf.allowed_sha_algorithms, 1 << 1 | 1 << 3);
	assert_int_equal(conf.create_attempts, 3);
	assert_int_equal(conf.node_protocol, CONF_PROTOCOL_HTTPS);
	assert_string_equal(conf_node_protocol(&conf), "https");
	conf_free(&conf);
}

static void test_environment_wins(void **state)
{
	struct conf conf;
	struct err err;

	(void)state;
	setenv("B3LB_THREADS", "7", 1);
	assert_int_equal(load("api_base_domain = x.example\nthreads = 4\n", &conf, &err), 0);
	assert_int_equal(conf.threads, 7);
	conf_free(&conf);
	setenv("B3LB_THREADS", "none", 1);
	check_refused("api_base_domain = x.example\n",
		"B3LB_THREADS: threads must be a whole number from 1 to 1000");
	unsetenv("B3LB_THREADS");
}

static void test_refuses_with_place_and_rule(void **state)
{
	(void)state;
	check_refused("api_base_domain = .\n", "line 1: api_base_domain must be a domain name");
	check_refused("api_base_domain = bbb..\n", "line 1: api_base_domain must be a domain name");
	check_refused("", "required key api_base_domain is missing");
	check_refused("api_base_domain = x.example\nthread = 4\n", "line 2: unknown key 'thread'");
	check_refused("api_base_domain = x.example\nthreads = 0\n", "line 2: threads must be a whole number");
	check_refused(
		"api_base_domain = x.example\nthreads = 4x\n", "line 2: threads must be a whole number");
	check_refused("\napi_base_domain = not a domain\n", "line 2: api_base_domain must be a domain name");
	check_refused("api_base_domain\n", "line 1: must be 'key = value'");
	check_refused("api_base_domain = x.example\nlog = mail\n", "log must be one of stderr, syslog");
	check_refused("api_base_domain = x.example\nbackend_allow = nodes\n", "backend_allow must be a list");
	check_refused(
		"api_base_domain = x.example\nallowed_sha_algorithms = md5\n", "must be a list of sha1");
	check_refused("api_base_domain = x.example\nallowed_sha_algorithms =\n", "at least one");
}

/* A key, a value and what comes of it, or the rule. */
static void test_units(void **state)
{
	static const struct {
		const char *line;
		size_t offset;
		int want; /* -1: refused */
	} rows[] = {
		{"database_timeout = 2500", offsetof(struct conf, database_timeout_ms), 2500},
		{"database_timeout = 2500ms", offsetof(struct conf, database_timeout_ms), 2500},
		{"database_timeout = 30s", offsetof(struct conf, database_timeout_ms), 30000},
		{"database_timeout = 5min", offsetof(struct conf, database_timeout_ms), 300000},
		{"database_timeout = 5 MIN", offsetof(struct conf, database_timeout_ms), 300000},
		{"node_request_timeout = 10", offsetof(struct conf, node_request_timeout), 10},
		{"node_request_timeout = 2000ms", offsetof(struct conf, node_request_timeout), 2},
		{"node_request_timeout = 2500ms", 0, -1},
		{"node_request_timeout = 0", 0, -1},
		{"node_request_timeout = 1h", 0, -1},
		{"node_request_timeout = 10 parsecs", 0, -1},
		{"node_request_timeout = s", 0, -1},
		{"node_request_timeout =", 0, -1},
		{"node_request_timeout = -10s", 0, -1},
		{"node_request_timeout = 10MiB", 0, -1},
		{"node_request_timeout = 99999999999999999999s", 0, -1},
		{"node_request_timeout = 9223372036854775807d", 0, -1},
		{"record_orphan_hours = 24", offsetof(struct conf, record_orphan_hours), 24},
		{"record_orphan_hours = 2d", offsetof(struct conf, record_orphan_hours), 48},
		{"record_orphan_hours = 0", offsetof(struct conf, record_orphan_hours), 0},
		{"record_orphan_hours = 90min", 0, -1},
		{"body_max = 67108864", offsetof(struct conf, body_max), 67108864},
		{"body_max = 64MiB", offsetof(struct conf, body_max), 67108864},
		{"body_max = 64kib", offsetof(struct conf, body_max), 65536},
		{"body_max = 64MB", 0, -1},
		{"record_free_min = 1GiB", offsetof(struct conf, record_free_min), 1024},
		{"record_free_min = 1024", offsetof(struct conf, record_free_min), 1024},
		{"record_free_min = 0", offsetof(struct conf, record_free_min), 0},
		{"record_free_min = 1KiB", 0, -1},
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct conf conf;
		struct err err;

		snprintf(text, sizeof(text), "api_base_domain = x.example\n%s\n", rows[i].line);
		if (rows[i].want == -1) {
			check_refused(text, "must be a whole ");
			continue;
		}
		if (load(text, &conf, &err) == -1)
			fail_msg("%s", err.text);
		assert_int_equal(*(int *)(void *)((char *)&conf + rows[i].offset), rows[i].want);
		conf_free(&conf);
	}
	check_refused("api_base_domain = x.example\nrender_timeout = 8d\n",
		"line 2: render_timeout must be a whole time from 1s to 168h, in ms, s, min, h or d; a plain number "
		"counts 1s");
}

static void test_names(void **state)
{
	(void)state;
	check_refused("api_base_domain = x.example\nrecord_meta_data_tag =\n",
		"record_meta_data_tag must be a meta key");
	check_refused(
		"api_base_domain = x.example\nrecord_meta_data_tag = b3lb_recordset\n", "must be a meta key");
	check_refused(
		"api_base_domain = x.example\npublic_url = 7x\n", "public_url must be an http or https URL");
	check_refused("api_base_domain = x.example\nplayer_frames = https://a.example; script-src *\n",
		"player_frames must be *, 'none', or 'self' and sites");
	check_refused(
		"api_base_domain = x.example\ns3_endpoint = x\n", "s3_endpoint must be an http or https URL");
	check_refused("api_base_domain = x.example\nnode_default_domain = a b\n", "must be a domain name");
	check_refused("api_base_domain = x.example\nrecord_path = recordings\n",
		"record_path must be a whole path");
	check_refused("api_base_domain = x.example\nnode_load_endpoint = load?x\n", "must be a path");
	check_refused("api_base_domain = -x.example\n", "must be a domain name");
}

static void test_missing_file(void **state)
{
	struct conf conf;
	struct err err = {0};

	(void)state;
	assert_int_equal(conf_load(&conf, "/nonexistent/b3lb.conf", &err), -1);
	assert_non_null(strstr(err.text, "could not read configuration /nonexistent/b3lb.conf"));
}

static void test_values_read_back(void **state)
{
	struct conf conf;
	struct err err;
	char value[256];

	(void)state;
	assert_int_equal(load("api_base_domain = x.example\n", &conf, &err), 0);
	for (const struct conf_key *k = conf_keys; k->name; k++) {
		conf_value(&conf, k, value, sizeof(value));
		assert_string_equal(value, k->preset ? k->preset : "x.example");
	}
	conf_free(&conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_presets_and_file),
		cmocka_unit_test(test_environment_wins),
		cmocka_unit_test(test_refuses_with_place_and_rule),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_missing_file),
		cmocka_unit_test(test_values_read_back),
	};
	int fd = mkstemp(path), failed;

	close(fd);
	failed = cmocka_run_group_tests_name("conf", tests, NULL, NULL);
	unlink(path);
	return failed;
}
