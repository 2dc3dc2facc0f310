/* SPDX-License-Identifier: ISC */
/* tldraw.json: whatever it holds, what comes of it can be drawn and written. */
#include "config.h"
#include "presentation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pres p;

	fuzz_presentation(&p);
	fuzz_read(&p, pres_read_tldraw, data, size);
	fuzz_finish(&p);
	return 0;
}
