/* SPDX-License-Identifier: ISC */
/* The log: one line an event, key=value, to stderr or syslog; never a secret, a password or a checksum. */
#ifndef B3LB_BASE_LOG_H
#define B3LB_BASE_LOG_H

#include "base/buf.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG, LOG_LEVEL__MAX };
enum log_target { LOG_TARGET_STDERR, LOG_TARGET_SYSLOG, LOG_TARGET__MAX };

/* A line that is being built, on the caller's stack. */
struct log_line {
	struct buf buf;
	enum log_level level;
	bool wanted; /* below the level that is kept: additions cost nothing */
};

/* Once, in main, before threads. program is kept, not copied. */
void log_init(const char *program, enum log_target target, enum log_level keep);
/* Start a line (event is one word of ours), add to it, write it out. Any thread; a line is written whole. */
void log_begin(struct log_line *l, enum log_level level, const char *event) b3lb_nonnull;
/* Values may come from outside: they are quoted and cut at 512 bytes. A NULL value adds nothing. */
void log_str(struct log_line *l, const char *key, const char *value);
void log_int(struct log_line *l, const char *key, long long value) b3lb_nonnull;
void log_end(struct log_line *l) b3lb_nonnull;
/* A whole line with a text of ours: event=... msg="..." */
void log_msg(enum log_level level, const char *event, const char *fmt, ...) b3lb_printf(3, 4);

#endif
