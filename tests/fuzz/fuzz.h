/* SPDX-License-Identifier: ISC */
/* What every fuzz target includes: a check that stays in every build, and an input cut into fields. */
#ifndef B3LB_FUZZ_H
#define B3LB_FUZZ_H

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* What libFuzzer calls with each input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold whatever the input is; the fuzzer keeps the input that breaks it. */
#define FUZZ_REQUIRE(what)                                                                                   \
	do {                                                                                                 \
		if (!(what)) {                                                                               \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #what);            \
			abort();                                                                             \
		}                                                                                            \
	} while (0)

/* The input as text that ends at its first NUL; copied, so that reading behind it is seen. */
char *fuzz_text(struct arena *a, const uint8_t *data, size_t size) b3lb_nonnull;
/* Cuts the next line off *rest; "" when there is none. */
char *fuzz_line(char **rest) b3lb_nonnull;

/* The input as what is read in pieces of so many bytes: a tar_read_fn whose ctx is the source. */
struct fuzz_source {
	const uint8_t *data;
	size_t left, piece;
};
ssize_t fuzz_source_read(void *ctx, void *data, size_t size, struct err *err);

/*
 * A request in memory: lines "NAME=value" up to an empty one are its CGI variables, the rest is its body.
 * What the program writes is collected. Lives as long as the text. fuzz_io_free frees what was written.
 */
#define FUZZ_VARIABLES_MAX 32
struct fuzz_io {
	struct io io;
	const char *name[FUZZ_VARIABLES_MAX], *value[FUZZ_VARIABLES_MAX];
	int count;
	const char *body;
	size_t body_len;
	char *written;
	size_t written_len;
};
void fuzz_io_init(struct fuzz_io *f, char *text, size_t len) b3lb_nonnull;
void fuzz_io_free(struct fuzz_io *f) b3lb_nonnull;

#endif
