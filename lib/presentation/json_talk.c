/* SPDX-License-Identifier: ISC */
/* timeline.json: what was said and asked. */
#include "config.h"
#include "presentation/json_put.h"

static void chat_extra(struct json_put *j, const struct pres_chat *c)
{
	json_put_begin(j, NULL, '{');
	if (*c->id) {
		json_put_key(j, "id");
		json_put_text(j, c->id);
	}
	if (*c->reply) {
		json_put_key(j, "reply");
		json_put_text(j, c->reply);
	}
	if (c->edited >= 0) {
		json_put_key(j, "edited");
		json_put_number(j, c->edited);
	}
	if (c->strong) {
		json_put_key(j, "strong");
		json_put_number(j, 1);
	}
	if (c->reactions.count) {
		json_put_begin(j, "reactions", '[');
		for (int i = 0; i < c->reactions.count; i++) {
			json_put_begin(j, NULL, '[');
			json_put_text(j, c->reactions.at[i].emoji);
			json_put_number(j, c->reactions.at[i].count);
			json_put_end(j, ']');
		}
		json_put_end(j, ']');
	}
	json_put_end(j, '}');
}

static void chat(struct pres *p, struct json_put *j)
{
	json_put_begin(j, "chat", '[');
	for (int i = 0; i < p->chat.count; i++) {
		const struct pres_chat *c = &p->chat.at[i];

		json_put_begin(j, NULL, '[');
		json_put_number(j, c->t);
		if (c->out >= 0)
			json_put_number(j, c->out);
		else
			json_put_text(j, NULL);
		json_put_text(j, c->name);
		json_put_number(j, c->moderator);
		json_put_text(j, c->text);
		if (*c->id || *c->reply || c->edited >= 0 || c->strong || c->reactions.count)
			chat_extra(j, c);
		json_put_end(j, ']');
	}
	json_put_end(j, ']');
}

static void polls(struct pres *p, struct json_put *j)
{
	json_put_begin(j, "polls", '[');
	for (int i = 0; i < p->polls.count; i++) {
		const struct pres_poll *poll = &p->polls.at[i];

		json_put_begin(j, NULL, '[');
		json_put_number(j, poll->t);
		json_put_text(j, poll->type);
		json_put_text(j, poll->question);
		json_put_number(j, poll->responders);
		json_put_number(j, poll->respondents);
		json_put_begin(j, NULL, '[');
		for (int k = 0; k < poll->answers.count; k++) {
			json_put_begin(j, NULL, '[');
			json_put_text(j, poll->answers.at[k].key);
			json_put_number(j, poll->answers.at[k].votes);
			json_put_end(j, ']');
		}
		json_put_end(j, ']');
		json_put_end(j, ']');
	}
	json_put_end(j, ']');
}

void pres_write_talk(struct pres *p, struct json_put *j)
{
	chat(p, j);
	json_put_begin(j, "captions", '[');
	for (int i = 0; i < p->captions.count; i++) {
		json_put_begin(j, NULL, '[');
		json_put_text(j, p->captions.at[i].locale);
		json_put_text(j, p->captions.at[i].name);
		json_put_text(j, p->captions.at[i].file);
		json_put_end(j, ']');
	}
	json_put_end(j, ']');
	polls(p, j);
	json_put_begin(j, "videos", '[');
	for (int i = 0; i < p->videos.count; i++) {
		json_put_begin(j, NULL, '[');
		json_put_number(j, p->videos.at[i].t);
		json_put_text(j, p->videos.at[i].url);
		json_put_end(j, ']');
	}
	json_put_end(j, ']');
	json_put_key(j, "notes");
	json_put_text(j, p->notes);
	json_put_begin(j, "broken", '[');
	for (int i = 0; i < p->broken.count; i++)
		json_put_text(j, p->broken.at[i]);
	json_put_end(j, ']');
}
