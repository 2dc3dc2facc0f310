/* SPDX-License-Identifier: ISC */
/* Problem documents (RFC 9457): the one table of what can be wrong, and how it is written. */
#ifndef B3LB_HTTP_PROBLEM_H
#define B3LB_HTTP_PROBLEM_H

#include "base/buf.h"

#define PROBLEM_MEDIA_TYPE "application/problem+json; charset=utf-8"

/* A kind of problem: what its type's address says. */
struct problem_kind {
	const char *key; /* the end of type: "not-found" */
	int status;	 /* with which it is answered mostly */
	const char *title;
	const char *text; /* for who opens the type: what to do */
};
extern const struct problem_kind problem_kinds[];
extern const size_t problem_kind_count;

/* The kind of that key, or NULL. Any thread. */
const struct problem_kind *problem_by_key(const char *key) b3lb_nonnull;
/* The kind that a status stands for; never NULL. Any thread. */
const struct problem_kind *problem_by_status(int status);

struct problem {
	const struct problem_kind *kind;
	int status;
	const char *base;   /* what stands before the key in type: "/b3lb/admin/v1/problems/" */
	const char *detail; /* this time; for people */
	const char *pointer,
		*rule;	     /* errors: a JSON pointer into the body (RFC 6901), what it breaks; NULL: none */
	const char *used_by; /* a JSON array as text; NULL: none */
	const char *current; /* the entity tag of what is there now; NULL: none */
	const char *request_id;
};
/* Appends the document. Any thread. */
void problem_write(const struct problem *problem, struct buf *out) b3lb_nonnull;

#endif
