/* SPDX-License-Identifier: ISC */
/* Single values of headers and configuration: HTTP dates, and lists of networks with an address. Input: a
 * line with a date, a line with an address, then a list. */
#include "config.h"
#include "fuzz.h"

#include "base/cidr.h"
#include "http/date.h"

static void check_date(const char *text)
{
	char written[HTTP_DATE_SIZE];
	long long when, again;

	if (!http_date_parse(text, &when))
		return;
	http_date_write(when, written);
	/* A 31st of February is read as some day of March. */
	FUZZ_REQUIRE(http_date_parse(written, &again));
	FUZZ_REQUIRE(again == when || when > 253402300799);
}

static void check_networks(const char *list, const char *address)
{
	char *network;

	if (!cidr_list_valid(list))
		return;
	FUZZ_REQUIRE(!cidr_list_contains("", address));
	/* An address is in a list of itself; what is none is nowhere. */
	if (!strpbrk(address, "/, \t") && *address && cidr_list_valid(address)) {
		FUZZ_REQUIRE(cidr_list_contains(address, address));
		network = mem_strdup(list);
		cidr_list_contains(network, address);
		free(network);
	} else {
		FUZZ_REQUIRE(!cidr_list_contains("0.0.0.0/0,::/0", address));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	char *rest = fuzz_text(&a, data, size);
	const char *date = fuzz_line(&rest), *address = fuzz_line(&rest);

	check_date(date);
	check_networks(rest, address);
	arena_free(&a);
	return 0;
}
