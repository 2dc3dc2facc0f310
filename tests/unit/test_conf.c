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
	assert_string_equal(conf.node_protocol, "https");
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
		cmocka_unit_test(test_missing_file),
		cmocka_unit_test(test_values_read_back),
	};
	int fd = mkstemp(path), failed;

	close(fd);
	failed = cmocka_run_group_tests_name("conf", tests, NULL, NULL);
	unlink(path);
	return failed;
}
