/* SPDX-License-Identifier: ISC */
/* metadata.xml of a node, on its way to a <recording> and to a file name: both hold it, whatever it is. */
#include "config.h"
#include "fuzz.h"

#include "bbb/xml.h"
#include "http/disposition.h"
#include "bbb/recording_meta.h"
#include "core/recording.h"

#include <jansson.h>

static void check_disposition(const char *name)
{
	struct buf out = BUF_INIT;
	size_t quotes = 0;

	disposition_write(&out, true, name, "mp4");
	for (const char *p = buf_str(&out); *p; p++) {
		FUZZ_REQUIRE((unsigned char)*p >= 0x20 && (unsigned char)*p < 0x7F);
		quotes += *p == '"';
	}
	FUZZ_REQUIRE(quotes == 2 && !strpbrk(buf_str(&out), "/\\") && out.len < 1024);
	FUZZ_REQUIRE(strncmp(buf_str(&out), "attachment; filename=\"", 22) == 0);
	buf_free(&out);
}

static void check_recording(const struct recording_meta *m)
{
	json_t *pairs = json_object();
	struct recording_text text = {0};
	struct err err = {0};
	struct bbbxml *doc;
	char *meta;

	for (int i = 0; i < m->meta_count; i++)
		json_object_set_new(pairs, m->meta[i].name, json_string(m->meta[i].value));
	meta = json_dumps(pairs, JSON_COMPACT);
	const struct recording r = {
		.record_id = m->id,
		.meeting_id = m->external_id,
		.name = m->name,
		.state = "published",
		.start_time = m->start_time,
		.end_time = m->end_time,
		.raw_size = m->raw_size,
		.participants = m->participants,
		.meta = meta,
	};

	buf_puts(&text.xml, "<response><returncode>SUCCESS</returncode>");
	recording_write(&r, "https://x", &text);
	buf_puts(&text.xml, "</response>");
	doc = bbbxml_parse(text.xml.ptr, text.xml.len, &err);
	FUZZ_REQUIRE(doc);
	bbbxml_free(doc);
	recording_text_free(&text);
	free(meta);
	json_decref(pairs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct recording_meta m;
	struct err err = {0};

	check_disposition(fuzz_text(&a, data, size));
	if (recording_meta_parse(&a, (const char *)data, size, &m, &err) == -1) {
		FUZZ_REQUIRE(err.kind == ERR_INVALID && err.text[0]);
	} else {
		FUZZ_REQUIRE(*m.id && strlen(m.id) <= 128 && !strpbrk(m.id, "/.%, \t\r\n"));
		FUZZ_REQUIRE(m.start_time >= 0 && m.end_time >= 0 && m.raw_size >= 0 && m.participants >= 0);
		check_disposition(m.name);
		check_recording(&m);
	}
	arena_free(&a);
	return 0;
}
