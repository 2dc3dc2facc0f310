/* SPDX-License-Identifier: ISC */
/* What a lower layer says when something failed: a kind for the program, a sentence for people. */
#ifndef B3LB_BASE_ERR_H
#define B3LB_BASE_ERR_H

#include "base/mem.h"

/* Kinds that a caller acts on differently. */
enum err_kind {
	ERR_NONE,
	ERR_INVALID,   /* the caller's input breaks a rule; the text names it */
	ERR_NOT_FOUND, /* the named thing does not exist */
	ERR_CONFLICT,  /* it exists already, or something still depends on it */
	ERR_STALE,     /* it is not what the caller took it for (RFC 9110, 13.1.1) */
	ERR_DENIED,    /* who asks may not */
	ERR_LIMIT,     /* a limit forbids it */
	ERR_AWAY,      /* database, node or store does not answer now; later it may */
	ERR_BUSY,      /* too many calls under way to that node */
	ERR_INTERNAL,  /* a bug, or a resource of this machine */
};

/* Zero-initialise it. Filled by the first thing that fails. */
struct err {
	enum err_kind kind;
	char text[384]; /* "could not <verb> <object>: <cause>", never a secret */
};

/* Fill err and return -1, so that `return err_set(err, ...)` reads well. err may be NULL. Any thread. */
int err_set(struct err *err, enum err_kind kind, const char *fmt, ...) b3lb_printf(3, 4);

#endif
