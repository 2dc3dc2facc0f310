/* SPDX-License-Identifier: ISC */
/* Tests of children: limits hold, and nothing of them is left. */
#include "config.h"
#include "unit.h"

#include "base/child.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static const struct child_limits roomy = {.seconds = 60, .memory_bytes = 1LL << 30};

static int sh(const char *script, const struct child_limits *limits, struct buf *out, struct err *err)
{
	const char *const argv[] = {"sh", "-c", script, NULL};

	memset(err, 0, sizeof(*err));
	return child_run(argv, limits, out, err);
}

static void test_output(void **state)
{
	struct buf out = BUF_INIT;
	struct err err;

	(void)state;
	setenv("B3LB_DATABASE", "password=secret", 1);
	assert_int_equal(
		sh("cat; echo hello; echo $B3LB_DATABASE; ls /proc/self/fd | wc -l", &roomy, &out, &err), 0);
	/* Nothing on standard input, nothing of our environment, no descriptor but 0 to 2 and ls's own. */
	assert_string_equal(buf_str(&out), "hello\n\n4\n");
	buf_free(&out);
	assert_int_equal(sh("echo thrown away", &roomy, NULL, &err), 0);
}

static void test_failure(void **state)
{
	const char *const missing[] = {"/nonexistent/program", NULL};
	struct err err;

	(void)state;
	assert_int_equal(sh("echo first >&2; echo 'the last\tword' >&2; exit 3", &roomy, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_INVALID);
	assert_string_equal(err.text, "sh failed: first the last word");
	assert_int_equal(sh("kill -9 $$", &roomy, NULL, &err), -1);
	assert_non_null(strstr(err.text, "signal 9"));
	assert_true(child_was_killed(&err));
	assert_int_equal(sh("kill -SEGV $$", &roomy, NULL, &err), -1);
	assert_false(child_was_killed(&err));
	memset(&err, 0, sizeof(err));
	assert_int_equal(child_run(missing, &roomy, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_INTERNAL);
}

/* One that says no more has not ended: the limit holds, and what it is told last counts. */
static void test_time_without_pipes(void **state)
{
	struct child_limits limits = {.seconds = 1, .memory_bytes = 1LL << 30};
	struct buf out = BUF_INIT;
	struct err err;

	(void)state;
	assert_int_equal(sh("exec >&- 2>&-; sleep 1000", &limits, NULL, &err), -1);
	assert_string_equal(err.text, "sh took too long");
	assert_int_equal(sh("echo said; exec >&- 2>&-; sleep 0.2; exit 4", &roomy, &out, &err), -1);
	assert_string_equal(err.text, "sh failed: ");
	assert_string_equal(buf_str(&out), "said\n");
	buf_free(&out);
	/* What it leaves behind holds nobody up: it dies with it. */
	assert_int_equal(sh("sleep 1000 & exit 0", &roomy, NULL, &err), 0);
}

/* What it has started in the background dies too: it would hold the pipe open for longer than the test
 * lasts. */
static void test_time(void **state)
{
	struct child_limits limits = {.seconds = 1, .memory_bytes = 1LL << 30};
	char script[128], pid[32] = "", path[] = "/tmp/b3lb-child-XXXXXX";
	struct err err;
	FILE *f;

	(void)state;
	close(mkstemp(path));
	snprintf(script, sizeof(script), "sleep 1000 & echo $! > %s; wait", path);
	assert_int_equal(sh(script, &limits, NULL, &err), -1);
	assert_string_equal(err.text, "sh took too long");
	f = fopen(path, "r");
	assert_non_null(fgets(pid, sizeof(pid), f));
	fclose(f);
	unlink(path);
	for (int i = 0; i < 100 && kill(atoi(pid), 0) == 0; i++) {
		char stat[64], c = 0;

		/* Killed, and waiting for init. */
		snprintf(stat, sizeof(stat), "/proc/%d/stat", atoi(pid));
		f = fopen(stat, "r");
		if (!f || fscanf(f, "%*d %*s %c", &c) != 1 || c == 'Z')
			c = 'Z';
		if (f)
			fclose(f);
		if (c == 'Z')
			return;
		usleep(50000);
	}
	assert_int_equal(kill(atoi(pid), 0), -1);
}

static void test_memory(void **state)
{
	struct child_limits limits = {.seconds = 60, .memory_bytes = 64LL << 20};
	struct err err;

	(void)state;
	assert_int_equal(sh("perl -e '$x = \"a\" x (200 << 20); print length $x'", &limits, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_INVALID);
}

static void test_file_size(void **state)
{
	struct child_limits limits = {.seconds = 60, .memory_bytes = 1LL << 30, .file_bytes = 100000};
	char script[128], path[] = "/tmp/b3lb-child-XXXXXX";
	struct err err;

	(void)state;
	close(mkstemp(path));
	snprintf(script, sizeof(script), "head -c 100000 /dev/zero >%s", path);
	assert_int_equal(sh(script, &limits, NULL, &err), 0);
	snprintf(script, sizeof(script), "head -c 100001 /dev/zero >%s", path);
	assert_int_equal(sh(script, &limits, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_INVALID);
	assert_non_null(strstr(err.text, "File too large"));
	unlink(path);
}

static void test_output_cap(void **state)
{
	struct buf out;
	struct err err;

	(void)state;
	buf_init_max(&out, 10000);
	assert_int_equal(sh("yes", &roomy, &out, &err), -1);
	assert_string_equal(err.text, "sh said too much");
	buf_free(&out);
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static void test_stop(void **state)
{
	struct child_limits limits = {.seconds = 60, .memory_bytes = 1LL << 30, .go_on = never};
	struct err err;

	(void)state;
	assert_int_equal(sh("sleep 1000", &limits, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_BUSY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_output),
		cmocka_unit_test(test_failure),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_time_without_pipes),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_file_size),
		cmocka_unit_test(test_output_cap),
		cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests_name("child", tests, NULL, NULL);
}
