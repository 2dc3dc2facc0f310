/* SPDX-License-Identifier: ISC */
/* Where the files of a presentation stand in a node's archive: each in it, of the whitelist, once, and by the bytes that
 * unpacking it gives. */
#include "config.h"
#include "fuzz.h"

#include "presentation/index.h"

#define RECORD "0123456789012345678901234567890123456789-1700000000000"

static int index_of(struct arena *a, const uint8_t *data, size_t size, size_t piece, struct pres_index *index)
{
	struct fuzz_source s = {data, size, piece};
	struct err err = {0};
	int rc = pres_index_read(a, fuzz_source_read, &s, RECORD, index, &err);

	FUZZ_REQUIRE(rc == 0 || (err.kind == ERR_INVALID && err.text[0]));
	return rc;
}

/* Whether the archive holds a file whose name ends so, with these bytes. */
static bool unpacks(const uint8_t *data, size_t size, const struct pres_member *m)
{
	struct fuzz_source s = {data, size, 65536};
	size_t len = strlen(m->name);
	struct err err = {0};
	struct tar *tar = tar_open(fuzz_source_read, &s, &err);
	struct tar_entry entry;
	bool found = false;

	while (tar && tar_next(tar, &entry, &err) == 1) {
		size_t entry_len = strlen(entry.name);
		long long same = 0;
		char block[512];
		ssize_t n;

		if (entry_len < len || strcmp(entry.name + entry_len - len, m->name) != 0 ||
			entry.size != m->size)
			continue;
		while ((n = tar_read(tar, block, sizeof(block), &err)) > 0 &&
			memcmp(block, data + m->at + same, (size_t)n) == 0)
			same += n;
		found = found || same == m->size;
	}
	tar_close(tar);
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pres_index index = {0}, again = {0};
	struct arena a = {0};
	int rc = index_of(&a, data, size, 65536, &index);

	FUZZ_REQUIRE(index_of(&a, data, size, 100, &again) == rc && again.count == index.count);
	for (int i = 0; i < index.count; i++) {
		const struct pres_member *m = &index.members[i];

		FUZZ_REQUIRE(m->file == pres_file_of(m->name) && m->file);
		FUZZ_REQUIRE(m->at >= 0 && m->size >= 0 && m->at <= (long long)size - m->size);
		FUZZ_REQUIRE(i == 0 || strcmp(m[-1].name, m->name) < 0);
		FUZZ_REQUIRE(pres_index_find(&index, m->name) == m && again.members[i].at == m->at);
		if (i < 8)
			FUZZ_REQUIRE(unpacks(data, size, m));
	}
	arena_free(&a);
	return 0;
}
