/* SPDX-License-Identifier: ISC */
/* A program run as a child that cannot hurt us. */
#include "config.h"
#include "base/child.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PIECE_BYTES 4096
/* So much of standard error is kept: its end. */
#define COMPLAINT_MAX 240
#define CANNOT_START  127
/* So often it is looked at; more often when it has closed its pipes or ended. */
#define LOOK_MS	      1000
#define SHORT_LOOK_MS 20

struct running {
	pid_t pid;
	int out, complaint; /* our ends of its pipes; -1: closed */
	struct buf *text;
	char last[COMPLAINT_MAX + 1];
	size_t last_len;
};

static double now_s(void)
{
	return (double)clock_us() / 1e6;
}

static void set_limit(int resource, rlim_t value)
{
	struct rlimit limit = {value, value};

	setrlimit((__rlimit_resource_t)resource, &limit);
}

/* In the child, until it is another program. */
static void become(const char *const argv[], const struct child_limits *limits, int out, int complaint)
{
	/* Programs that handle pictures keep their memory: the kernel would clear each anew, a tenth of the time. */
	static char *const environment[] = {(char *)(uintptr_t) "PATH=/usr/local/bin:/usr/bin:/bin",
		(char *)(uintptr_t) "LC_ALL=C", (char *)(uintptr_t) "MALLOC_MMAP_THRESHOLD_=67108864",
		(char *)(uintptr_t) "MALLOC_TRIM_THRESHOLD_=268435456", NULL};
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	/* A group of its own, so that what it starts is killed with it; and with us, however we end. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	/* A file that becomes too large is a failed write, about which it can complain. */
	signal(SIGXFSZ, SIG_IGN);
	if (null == -1 || dup2(null, 0) == -1 || dup2(out == -1 ? null : out, 1) == -1 ||
		dup2(complaint, 2) == -1)
		_exit(CANNOT_START);
	close_range(3, ~0U, 0);
	if (limits->memory_bytes > 0)
		set_limit(RLIMIT_AS, (rlim_t)limits->memory_bytes);
	if (limits->file_bytes > 0)
		set_limit(RLIMIT_FSIZE, (rlim_t)limits->file_bytes);
	set_limit(RLIMIT_CORE, 0);
	set_limit(RLIMIT_CPU, (rlim_t)limits->seconds * 4);
	execvpe(argv[0], (char *const *)(uintptr_t)argv, environment);
	_exit(CANNOT_START);
}

static int start(
	const char *const argv[], const struct child_limits *limits, struct running *r, struct err *err)
{
	int out[2] = {-1, -1}, complaint[2] = {-1, -1};

	if ((r->text && pipe2(out, O_CLOEXEC) == -1) || pipe2(complaint, O_CLOEXEC) == -1) {
		err_set(err, ERR_INTERNAL, "could not make a pipe: %s", strerror(errno));
		goto failed;
	}
	r->pid = fork();
	if (r->pid == 0)
		become(argv, limits, out[1], complaint[1]);
	if (r->pid == -1) {
		err_set(err, ERR_INTERNAL, "could not start %s: %s", argv[0], strerror(errno));
		goto failed;
	}
	/* Here too: whoever is first, the group is there before it is killed. */
	setpgid(r->pid, r->pid);
	if (out[1] != -1)
		close(out[1]);
	close(complaint[1]);
	r->out = out[0];
	r->complaint = complaint[0];
	return 0;
failed:
	for (int i = 0; i < 2; i++) {
		if (out[i] != -1)
			close(out[i]);
		if (complaint[i] != -1)
			close(complaint[i]);
	}
	return -1;
}

static void keep_last(struct running *r, const char *data, size_t len)
{
	size_t drop;

	if (len > COMPLAINT_MAX) {
		data += len - COMPLAINT_MAX;
		len = COMPLAINT_MAX;
	}
	drop = r->last_len + len > COMPLAINT_MAX ? r->last_len + len - COMPLAINT_MAX : 0;
	memmove(r->last, r->last + drop, r->last_len - drop);
	r->last_len -= drop;
	memcpy(r->last + r->last_len, data, len);
	r->last_len += len;
}

/* Takes what is there from one of its pipes; closes it at its end. */
static void take(struct running *r, int *fd)
{
	char piece[PIECE_BYTES];
	ssize_t n = read(*fd, piece, sizeof(piece));

	if (n > 0 && fd == &r->complaint) {
		keep_last(r, piece, (size_t)n);
	} else if (n > 0) {
		buf_add(r->text, piece, (size_t)n);
	} else if (n == 0 || errno != EINTR) {
		close(*fd);
		*fd = -1;
	}
}

/* True when it has ended; it is not reaped, so that its number and its group stay its own. */
static bool has_ended(const struct running *r)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)r->pid, &info, WEXITED | WNOHANG | WNOWAIT) == -1 || info.si_pid == r->pid;
}

/* Reads until it has ended and both ends are closed, or a limit ends it; NULL, or why it must be killed. */
static const char *watch(struct running *r, const struct child_limits *limits, bool *told_to_stop)
{
	double until = now_s() + limits->seconds;
	bool ended = false;

	while (!ended || r->out != -1 || r->complaint != -1) {
		struct pollfd p[2] = {
			{.fd = r->out, .events = POLLIN}, {.fd = r->complaint, .events = POLLIN}};
		bool open = r->out != -1 || r->complaint != -1;

		poll(p, 2, open && !ended ? LOOK_MS : SHORT_LOOK_MS);
		if (p[0].revents)
			take(r, &r->out);
		if (p[1].revents)
			take(r, &r->complaint);
		if (r->text && r->text->failed)
			return "said too much";
		if (!ended && has_ended(r)) {
			ended = true;
			/* Nothing of its group outlives it, and nothing of it holds the pipes open. */
			kill(-r->pid, SIGKILL);
		}
		if (now_s() >= until && !(ended && r->out == -1 && r->complaint == -1))
			return "took too long";
		if (limits->go_on && !limits->go_on(limits->ctx)) {
			*told_to_stop = true;
			return "was stopped";
		}
	}
	return NULL;
}

/* One line for people: control characters and the end of line become blanks. */
static const char *complaint_of(struct running *r)
{
	char *s = r->last;

	while (r->last_len && strchr(" \r\n", s[r->last_len - 1]))
		r->last_len--;
	s[r->last_len] = '\0';
	for (size_t i = 0; i < r->last_len; i++)
		if ((unsigned char)s[i] < 0x20 || (unsigned char)s[i] >= 0x7F)
			s[i] = ' ';
	return s;
}

#define KILLED "was killed by signal"

bool child_was_killed(const struct err *err)
{
	char text[sizeof(KILLED) + 8];

	snprintf(text, sizeof(text), KILLED " %d", SIGKILL);
	return strstr(err->text, text) != NULL;
}

int child_run(const char *const argv[], const struct child_limits *limits, struct buf *out, struct err *err)
{
	struct running r = {.out = -1, .complaint = -1, .text = out};
	bool told_to_stop = false;
	const char *why;
	int status = 0;

	if (start(argv, limits, &r, err) == -1)
		return -1;
	why = watch(&r, limits, &told_to_stop);
	/* Before it is reaped: afterwards the number may be another group's. */
	if (why)
		kill(-r.pid, SIGKILL);
	while (waitpid(r.pid, &status, 0) == -1 && errno == EINTR)
		continue;
	if (r.out != -1)
		close(r.out);
	if (r.complaint != -1)
		close(r.complaint);
	if (why)
		return err_set(err, told_to_stop ? ERR_BUSY : ERR_INVALID, "%s %s", argv[0], why);
	if (WIFSIGNALED(status))
		return err_set(err, ERR_INVALID, "%s " KILLED " %d: %s", argv[0], WTERMSIG(status),
			complaint_of(&r));
	if (WEXITSTATUS(status) == CANNOT_START && !r.last_len)
		return err_set(err, ERR_INTERNAL, "could not start %s", argv[0]);
	if (WEXITSTATUS(status) != 0)
		return err_set(err, ERR_INVALID, "%s failed: %s", argv[0], complaint_of(&r));
	return 0;
}
