/* SPDX-License-Identifier: ISC */
/* shapes.svg: whatever it holds, what comes of it can be drawn and written. */
#include "config.h"
#include "presentation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pres p = {.dir = -1, .duration = 60};

	fuzz_read(&p, pres_read_shapes, data, size);
	fuzz_finish(&p);
	return 0;
}
