/* SPDX-License-Identifier: ISC */
/* The answer to getRecordings, kept in this process while nothing about the tenant's recordings changes. */
#include "config.h"
#include "core/recording_answer.h"

#include "base/keep.h"
#include "core/recording_ticket.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Of all answers of a process together; a key is at most so long. */
#define BYTES_MAX (16 << 20)
#define KEY_MAX	  4096

static void free_text(void *made)
{
	recording_text_free(made);
	free(made);
}

static struct keep keep = KEEP_INIT(BYTES_MAX, free_text);

static void key_part(struct buf *key, const char *text)
{
	/* With its length: whatever stands in it, no two requests have one key. */
	buf_int(key, text ? (long long)strlen(text) : 0);
	buf_putc(key, ':');
	buf_puts(key, text ? text : "");
}

/* Everything that the answer depends on but the database and the process. */
static void write_key(
	struct arena *a, struct recording_owner owner, const struct recording_filter *f, struct buf *key)
{
	const long long numbers[] = {owner.tenant_id, owner.secret_id, f->limit, f->offset};

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		buf_int(key, numbers[i]);
		buf_putc(key, ' ');
	}
	key_part(key, f->record_ids);
	key_part(key, f->meeting_ids);
	key_part(key, f->states);
	for (size_t i = 0; i < f->query->count; i++) {
		const char *name = query_meta_name(a, f->query->params[i].name);

		if (!name)
			continue;
		key_part(key, name);
		key_part(key, f->query->params[i].value);
	}
}

static struct recording_text *write_text(const struct recording *list, int count,
	const struct recording_filter *f, long long total, const char *url)
{
	struct recording_text *text = mem_zalloc(sizeof(*text));

	buf_puts(&text->xml, "<response><returncode>SUCCESS</returncode><recordings>");
	for (int i = 0; i < count; i++)
		recording_write(&list[i], url, text);
	buf_puts(&text->xml, "</recordings>");
	if (count == 0)
		buf_puts(&text->xml, "<messageKey>noRecordings</messageKey>"
				     "<message>There are no recordings for the meeting(s).</message>");
	if (f->limit)
		buf_printf(&text->xml, "<totalElements>%lld</totalElements>", total);
	buf_puts(&text->xml, "</response>");
	return text;
}

/* The text as it is, or a copy with tickets where they belong. */
static void fill_in(const struct recording_text *text, struct recording_answer *out)
{
	size_t at = 0;

	if (text->ticket_count == 0) {
		out->xml = buf_str(&text->xml);
		out->len = text->xml.len;
		return;
	}
	for (size_t i = 0; i < text->ticket_count; i++) {
		const struct recording_ticket *t = &text->tickets[i];

		buf_add(&out->own, text->xml.ptr + at, t->at - at);
		ticket_write(t->key, t->nonce, time(NULL), &out->own);
		at = t->at;
	}
	buf_add(&out->own, text->xml.ptr + at, text->xml.len - at);
	out->xml = buf_str(&out->own);
	out->len = out->own.len;
}

int recording_answer(struct db *db, struct arena *a, struct recording_owner owner,
	const struct recording_filter *f, const char *url, const char *version, struct recording_answer *out,
	struct err *err)
{
	const struct recording_text *known = NULL;
	struct recording_text *text;
	struct buf key;
	struct recording *list = NULL;
	long long total = 0;
	int count, rc = -1;

	*out = (struct recording_answer){0};
	buf_init_max(&key, KEY_MAX);
	write_key(a, owner, f, &key);
	if (version && !key.failed)
		known = keep_get(&keep, buf_str(&key), version, &out->kept);
	if (!known) {
		count = recording_list(db, a, owner, f, &list, &total, &version, err);
		if (count == -1)
			goto out;
		known = text = write_text(list, count, f, total, url);
		out->kept = keep_put(&keep, buf_str(&key), version ? version : "", text,
			key.failed || !version ? SIZE_MAX / 2 : recording_text_bytes(text));
	}
	fill_in(known, out);
	rc = 0;
out:
	buf_free(&key);
	return rc;
}

void recording_answer_free(struct recording_answer *answer)
{
	keep_leave(&keep, answer->kept);
	buf_free(&answer->own);
}
