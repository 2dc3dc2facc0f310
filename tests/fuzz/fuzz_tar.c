/* SPDX-License-Identifier: ISC */
/* Tar archives of nodes: however they come in pieces they end, and what is read of a file is what it says. */
#include "config.h"
#include "fuzz.h"

#include "store/tar.h"

/* Of a hole's endless zeros no more is read. */
#define CONTENT_MAX (1 << 20)

static int read_archive(const uint8_t *data, size_t size, size_t piece, long long *total)
{
	struct fuzz_source s = {data, size, piece};
	struct err err = {0};
	struct tar *tar = tar_open(fuzz_source_read, &s, &err);
	struct tar_entry entry;
	char block[4096];
	int rc = -1;

	*total = 0;
	while (tar && (rc = tar_next(tar, &entry, &err)) == 1) {
		long long got = 0;
		ssize_t n = 0;

		FUZZ_REQUIRE(entry.name);
		while (got < CONTENT_MAX && (n = tar_read(tar, block, sizeof(block), &err)) > 0)
			got += n;
		*total += got + 1;
		if (n == -1) {
			rc = -1;
			break;
		}
	}
	FUZZ_REQUIRE(rc != -1 || (err.kind == ERR_INVALID && err.text[0]));
	tar_close(tar);
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	long long total, again;
	int rc = read_archive(data, size, 65536, &total);

	FUZZ_REQUIRE(read_archive(data, size, 100, &again) == rc && again == total);
	return 0;
}
