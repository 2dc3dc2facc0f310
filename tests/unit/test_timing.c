/* SPDX-License-Identifier: ISC */
/* Tests that checks of secrets run as many instructions whatever part of a guess is right. */
#include "config.h"
#include "unit.h"

#include "bbb/checksum.h"
#include "bbb/token.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static bool check_checksum(const char *guess)
{
	const struct checksum_claim claim = {.hex = guess, .hex_len = strlen(guess)};

	return checksum_verify(&claim, "getMeetings", "", 0, "secret", 1 << SHA_ALG_256);
}

/* Longer than what a strcmp looks at in one step. */
static const char token[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
			    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static bool check_token(const char *guess)
{
	return token_equal(guess, token);
}

/* The instructions that a process executes which only makes this check; 0 where none may be watched. */
static long instructions(bool (*check)(const char *guess), const char *guess)
{
	long count = 0;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1)
			_exit(1);
		raise(SIGSTOP);
		(void)check(guess);
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	while (WIFSTOPPED(status)) {
		assert_return_code(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		count++;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? count : 0;
}

/* right with all digits behind the first n replaced by others of the same kind: decimal stays decimal. */
static void guess_prefix(const char *right, size_t n, char *guess)
{
	strcpy(guess, right);
	for (char *p = guess + n; *p; p++)
		*p = strchr("9f", *p) ? (char)(*p - 1) : (char)(*p + 1);
}

/* Instrumented programs do more than is written here, and not the same each time. */
static bool instrumented(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return getenv("B3LB_SANITIZED") || (preload && strstr(preload, "vgpreload"));
}

static void compare(bool (*check)(const char *guess), const char *right)
{
	const size_t prefixes[] = {0, 1, 8, 31, strlen(right) - 1};
	char guess[SHA_HEX_MAX + 1];
	long first = 0, count;

	assert_true(check(right)); /* and everything that is done once has been done */
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		guess_prefix(right, prefixes[i], guess);
		assert_false(check(guess));
		count = instrumented() ? 0 : instructions(check, guess);
		if (i == 0)
			first = count;
		assert_int_equal(count, first);
	}
	if (!first)
		print_message("not counted here: instructions\n");
}

static void test_checksum(void **state)
{
	char hex[SHA_HEX_MAX + 1];

	(void)state;
	checksum_make(SHA_ALG_256, "getMeetings", "", 0, "secret", hex);
	compare(check_checksum, hex);
}

static void test_token(void **state)
{
	(void)state;
	compare(check_token, token);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_checksum),
		cmocka_unit_test(test_token),
	};

	return cmocka_run_group_tests_name("timing", tests, NULL, NULL);
}
