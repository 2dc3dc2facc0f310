/* SPDX-License-Identifier: ISC */
/* The small files of a presentation. Input: a line with the place of the reader in the list here, then its file. */
#include "config.h"
#include "presentation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int (*const readers[])(struct pres * p, int fd) = {pres_read_metadata, pres_read_views,
		pres_read_cursor, pres_read_shares, pres_read_layout, pres_read_chat, pres_read_captions,
		pres_read_polls, pres_read_texts, pres_read_videos};
	struct pres p;

	if (size < 2 || data[0] < '0' || data[0] > '9')
		return 0;
	fuzz_presentation(&p);
	fuzz_read(&p, readers[data[0] - '0'], data + 2, size - 2);
	/* A slide may not be longer than what metadata.xml says. */
	p.duration = 60;
	fuzz_finish(&p);
	return 0;
}
