/* SPDX-License-Identifier: ISC */
/* slides_new.xml: the public chat. */
#include "config.h"
#include "presentation/parse.h"
#include "presentation/read.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 256
#define REACTIONS_MAX  50

static const char *short_text(struct pres *p, const char *text, size_t max)
{
	return text ? arena_strndup(&p->arena, text, utf8_prefix(text, max)) : "";
}

static bool is_true(const char *text)
{
	return text && strcmp(text, "true") == 0;
}

static void add_reaction(struct pres *p, struct pres_chat *c, const char *emoji, double count)
{
	if (emoji && *emoji && c->reactions.count < REACTIONS_MAX)
		*pres_add(&c->reactions) = (struct pres_reaction){
			short_text(p, emoji, 64), count >= 1 && count < INT_MAX ? (int)count : 1};
}

/* In newer files an attribute holds them, as JSON. */
static void reactions_of(struct pres *p, struct pres_chat *c, const char *text)
{
	json_t *list = text ? json_loads(text, 0, NULL) : NULL, *one;
	size_t i;

	json_array_foreach(list, i, one)
		add_reaction(p, c, pres_json_text(one, "emoji", NULL), pres_json_number(one, "count", 1));
	json_decref(list);
}

/* Its HTML, once more escaped by XML, as plain text. */
static const char *message_of(struct pres *p, const char *html)
{
	struct buf text;
	const char *s;

	buf_init_max(&text, PRES_TEXT_MAX * 4);
	pres_html_text(html ? html : "", &text);
	s = short_text(p, buf_str(&text), PRES_TEXT_MAX);
	buf_free(&text);
	return s;
}

static void chat_start(void *ctx, const char *name, const struct pres_attrs *attrs)
{
	struct pres *p = ctx;
	const char *role = pres_attr(attrs, "senderRole");
	struct pres_chat *c;
	double t;

	if (strcmp(name, "reaction") == 0 && p->chat.count)
		add_reaction(p, &p->chat.at[p->chat.count - 1], pres_attr(attrs, "emoji"),
			pres_attr_number(attrs, "count", 1));
	t = strcmp(name, "chattimeline") == 0 ? pres_attr_number(attrs, "in", NAN) : NAN;
	if (isnan(t) || p->chat.count >= PRES_ENTRIES_MAX)
		return;
	c = pres_add(&p->chat);
	c->t = fmin(fmax(t, 0), p->duration);
	c->out = pres_attr_number(attrs, "out", -1);
	if (c->out >= p->duration)
		c->out = -1;
	c->name = short_text(p, pres_attr(attrs, "name"), NAME_MAX_BYTES);
	c->text = message_of(p, pres_attr(attrs, "message"));
	c->id = short_text(p, pres_attr(attrs, "id"), 128);
	c->reply = short_text(p, pres_attr(attrs, "replyToMessageId"), 128);
	c->edited = pres_attr_number(attrs, "lastEditedTimestamp", -1);
	c->moderator = role && strcmp(role, "MODERATOR") == 0;
	c->strong = is_true(pres_attr(attrs, "chatEmphasizedText"));
	reactions_of(p, c, pres_attr(attrs, "reactions"));
}

int pres_read_chat(struct pres *p, int fd)
{
	static const struct pres_xml xml = {.start = chat_start};
	int rc = pres_xml_read(fd, &xml, p);

	if (rc == -1) {
		for (int i = 0; i < p->chat.count; i++)
			free(p->chat.at[i].reactions.at);
		p->chat.count = 0;
	}
	return rc;
}
