/* SPDX-License-Identifier: ISC */
/* The log: one line an event, key=value, to stderr or syslog; never a secret, a password or a checksum. */
#include "config.h"
#include "base/log.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define LOG_VALUE_MAX 512

static const struct {
	const char *name;
	int priority;
} levels[] = {
	[LOG_LEVEL_ERROR] = {"error", LOG_ERR},
	[LOG_LEVEL_WARNING] = {"warning", LOG_WARNING},
	[LOG_LEVEL_INFO] = {"info", LOG_INFO},
	[LOG_LEVEL_DEBUG] = {"debug", LOG_DEBUG},
};
_Static_assert(ARRAY_SIZE(levels) == LOG_LEVEL__MAX, "a name for each level");

static const char *log_program = "b3lb";
static enum log_target log_to = LOG_TARGET_STDERR;
static enum log_level log_keep = LOG_LEVEL_INFO;

void log_init(const char *program, enum log_target target, enum log_level keep)
{
	log_program = program;
	log_to = target;
	log_keep = keep;
	if (target == LOG_TARGET_SYSLOG)
		openlog(program, LOG_PID, LOG_DAEMON);
}

static void log_key(struct log_line *l, const char *key)
{
	buf_putc(&l->buf, ' ');
	buf_puts(&l->buf, key);
	buf_putc(&l->buf, '=');
}

/* "2026-01-31T23:59:59.999Z ", with the second of the last line kept. */
static void log_time(struct buf *out)
{
	static _Thread_local time_t second = -1;
	static _Thread_local char when[CLOCK_UTC_SIZE];
	struct timespec ts;
	char millis[] = ".000Z ";

	clock_gettime(CLOCK_REALTIME, &ts);
	if (ts.tv_sec != second) {
		second = ts.tv_sec;
		clock_utc(second, when);
	}
	for (long i = 3, rest = ts.tv_nsec / 1000000; i > 0; i--, rest /= 10)
		millis[i] = (char)('0' + rest % 10);
	buf_add(out, when, strcspn(when, "Z"));
	buf_puts(out, millis);
}

void log_begin(struct log_line *l, enum log_level level, const char *event)
{
	*l = (struct log_line){.level = level, .wanted = level <= log_keep};
	if (!l->wanted)
		return;
	if (log_to == LOG_TARGET_STDERR) {
		log_time(&l->buf);
		buf_puts(&l->buf, log_program);
		buf_puts(&l->buf, " level=");
		buf_puts(&l->buf, levels[level].name);
		buf_putc(&l->buf, ' ');
	}
	buf_puts(&l->buf, "event=");
	buf_puts(&l->buf, event);
}

void log_str(struct log_line *l, const char *key, const char *value)
{
	char cut[LOG_VALUE_MAX + 1];

	if (!l->wanted || !value)
		return;
	if (strlen(value) > LOG_VALUE_MAX) {
		memcpy(cut, value, LOG_VALUE_MAX);
		cut[LOG_VALUE_MAX] = '\0';
		value = cut;
	}
	log_key(l, key);
	buf_logvalue(&l->buf, value);
}

void log_int(struct log_line *l, const char *key, long long value)
{
	if (!l->wanted)
		return;
	log_key(l, key);
	buf_int(&l->buf, value);
}

void log_end(struct log_line *l)
{
	if (!l->wanted)
		return;
	if (log_to == LOG_TARGET_SYSLOG) {
		syslog(levels[l->level].priority, "%s", buf_str(&l->buf));
	} else {
		buf_putc(&l->buf, '\n');
		/* One write: lines of several threads do not mix. A full disk must not stop the service. */
		if (write(STDERR_FILENO, l->buf.ptr, l->buf.len) == -1)
			l->wanted = false;
	}
	buf_free(&l->buf);
}

void log_msg(enum log_level level, const char *event, const char *fmt, ...)
{
	struct log_line l;
	char text[LOG_VALUE_MAX];
	va_list ap;

	log_begin(&l, level, event);
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_str(&l, "msg", text);
	log_end(&l);
}
