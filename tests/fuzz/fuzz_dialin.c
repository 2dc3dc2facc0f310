/* SPDX-License-Identifier: ISC */
/* A telephone gateway's form: whatever is in it, the answers are XML of the words that we know, with nothing that FreeSWITCH expands but
 * the PIN that it has asked for. */
#include "config.h"
#include "fuzz.h"

#include "base/xml.h"
#include "core/dialin.h"

#include <string.h>

/* Each action's data: no variable but ${pin}, nothing quoted or escaped, a line. */
static void check_actions(struct arena *a, const struct xml_node *n)
{
	for (; n; n = xml_next(n, NULL)) {
		const char *data = xml_attribute(a, n, "data");

		check_actions(a, xml_child(n, NULL));
		if (!data || strcmp(data, "${pin} XML public") == 0)
			continue;
		FUZZ_REQUIRE(!strpbrk(data, "${}\\,|\"'<\n\r"));
		FUZZ_REQUIRE(strlen(data) < 300);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char sound[] = "a/b.wav", none[] = "";
	const struct conf conf = {.dialin_sound_bad = sound,
		.dialin_sound_pin = sound,
		.dialin_sound_welcome = sound,
		.dialin_numbers = none};
	struct dialin_route route = {.host = "node.example:5060", .seconds = 60};
	struct arena a = {0};
	const char *text = fuzz_text(&a, data, size);
	struct query form = {0};
	struct dialin_call call;
	struct err err = {0};

	if (query_parse(&a, text, strlen(text), &form, &err) == 0) {
		query_clean(&a, &form);
		if (dialin_read(&a, &form, &call))
			for (route.result = DIALIN_NONE; route.result <= DIALIN_FOUND; route.result++) {
				struct buf out = BUF_INIT;
				struct xml *doc;

				if (route.result == DIALIN_FOUND && !call.pin)
					continue;
				dialin_write(&conf, &call, &route, &out);
				doc = xml_parse(buf_str(&out), out.len, "the answer", false, &err);
				FUZZ_REQUIRE(doc);
				check_actions(&a, xml_root(doc));
				xml_free(doc);
				buf_free(&out);
			}
	}
	arena_free(&a);
	return 0;
}
