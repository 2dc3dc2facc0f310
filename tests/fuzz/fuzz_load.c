/* SPDX-License-Identifier: ISC */
/* A node's load answer: one integer from 0 to 10000, or nothing. */
#include "config.h"
#include "fuzz.h"

#include "core/node_poll.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	char *text = fuzz_text(&a, data, size), number[16];
	int cpu = poll_parse_cpu(text);

	FUZZ_REQUIRE(cpu >= -1 && cpu <= 10000);
	if (cpu >= 0) {
		snprintf(number, sizeof(number), "%d", cpu);
		FUZZ_REQUIRE(strstr(text, number));
		FUZZ_REQUIRE(strspn(text, " \t\r\n0123456789") == strlen(text));
	}
	arena_free(&a);
	return 0;
}
