/* SPDX-License-Identifier: ISC */
/* The program that takes the pictures: started before the sandbox is entered, which could start none. */
#include "config.h"
#include "compose.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define CANNOT_START 127
#define PIPE_BYTES   (1 << 20)

/* What a picture leaves when it is freed is kept for the next: given back, the kernel clears it anew each time. In bytes, of
 * mallopt(3). */
static const char *const memory[][2] = {
	{"MALLOC_MMAP_THRESHOLD_", "67108864"},
	{"MALLOC_TRIM_THRESHOLD_", "268435456"},
	{"MALLOC_TOP_PAD_", "16777216"},
};

/* In the child: its standard input is the pipe, what it says goes where ours does. */
static void become(char **argv, int in)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	for (size_t i = 0; i < sizeof(memory) / sizeof(*memory); i++)
		setenv(memory[i][0], memory[i][1], 1);
	if (dup2(in, STDIN_FILENO) == -1 || dup2(STDERR_FILENO, STDOUT_FILENO) == -1)
		_exit(CANNOT_START);
	execvp(argv[0], argv);
	fprintf(stderr, "could not start %s: %s\n", argv[0], strerror(errno));
	_exit(CANNOT_START);
}

int consumer_start(char **argv, struct consumer *c, struct err *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1)
		return err_set(err, ERR_INTERNAL, "could not make a pipe: %s", strerror(errno));
	/* A picture is more than a mebibyte: fewer turns for both. Where it may not be, it is smaller. */
	fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES);
	c->name = argv[0];
	c->pid = fork();
	if (c->pid == 0)
		become(argv, ends[0]);
	close(ends[0]);
	c->fd = ends[1];
	if (c->pid == -1) {
		close(ends[1]);
		return err_set(err, ERR_INTERNAL, "could not start %s: %s", argv[0], strerror(errno));
	}
	return 0;
}

int consumer_wait(struct consumer *c, struct err *err)
{
	int status = 0;

	close(c->fd);
	while (waitpid(c->pid, &status, 0) == -1)
		if (errno != EINTR)
			return err_set(
				err, ERR_INTERNAL, "could not wait for %s: %s", c->name, strerror(errno));
	if (WIFSIGNALED(status))
		return err_set(err, ERR_INVALID, "%s was killed by signal %d", c->name, WTERMSIG(status));
	/* It has said why. */
	return WEXITSTATUS(status) == 0 ? 0 : err_set(err, ERR_INVALID, "%s failed", c->name);
}
