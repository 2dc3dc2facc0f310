/* SPDX-License-Identifier: ISC */
/* Tests of calls to an S3 store: one that breaks off leaves nothing behind. */
#include "config.h"
#include "unit.h"

#include "store/s3.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* A server on loopback whose answers end in their middle; *url: where. */
static pid_t serve_halves(char url[64])
{
	static const char half[] = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<ListBucketResult>";
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0), client;
	char request[4096];
	pid_t pid;

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	snprintf(url, 64, "http://127.0.0.1:%d", ntohs(at.sin_port));
	pid = fork();
	/* A test that fails does not come to its end. */
	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (pid == 0 && (client = accept(fd, NULL, NULL)) != -1) {
		if (read(client, request, sizeof(request)) > 0 && write(client, half, sizeof(half) - 1) == -1)
			_exit(1);
		close(client);
	}
	close(fd);
	return pid;
}

static void test_broken_off(void **state)
{
	char url[64];
	pid_t server = serve_halves(url);
	struct conf conf = {.s3_endpoint = url,
		.s3_region = "us-east-1",
		.s3_bucket = "b",
		.s3_access_key = "a",
		.s3_secret_key = "s"};
	struct s3 *s3 = s3_open(&conf);
	const struct s3_call call = {.method = "GET"};
	struct s3_answer answer = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(s3_do(s3, &call, &answer, &err), -1);
	assert_int_equal(err.kind, ERR_AWAY);
	assert_null(answer.body.ptr);
	s3_close(s3);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
