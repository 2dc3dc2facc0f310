/* SPDX-License-Identifier: ISC */
/* Many calls to nodes at once, a bounded window of them under way. */
#include "config.h"
#include "net/upstream.h"

#include "net/transfer.h"

#include <stdlib.h>

/* How soon a stop flag is seen. */
#define POLL_MS 500

/* A place in the window; its handle is used again for the next call. */
struct slot {
	CURL *curl;
	bool busy;
	void *tag;
	struct upstream_answer answer;
	struct upstream_transfer transfer;
};

struct window {
	struct upstream *up;
	const struct upstream_window *spec;
	CURLM *multi;
	struct slot *slots;
	int running;
};

static bool stopped(const struct window *w)
{
	return w->spec->stop && *w->spec->stop;
}

/* Starts calls in free places until there are no more. */
static void fill(struct window *w)
{
	for (int i = 0; i < w->spec->window && !stopped(w); i++) {
		struct slot *s = &w->slots[i];
		struct upstream_call call = {0};

		if (s->busy)
			continue;
		if (!w->spec->next(w->spec->ctx, &call, &s->tag))
			return;
		if (!s->curl)
			s->curl = curl_easy_init();
		if (!s->curl) {
			struct err err = {0};

			err_set(&err, ERR_INTERNAL, "could not make a libcurl handle");
			w->spec->done(w->spec->ctx, s->tag, &s->answer, &err);
			continue;
		}
		upstream_curl_begin(w->up, s->curl, &call, &s->answer, &s->transfer);
		curl_easy_setopt(s->curl, CURLOPT_PRIVATE, s);
		curl_multi_add_handle(w->multi, s->curl);
		s->busy = true;
		w->running++;
	}
}

static void finish(struct window *w, CURL *curl, CURLcode code)
{
	struct slot *s = NULL;
	struct err err = {0};

	curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&s);
	curl_multi_remove_handle(w->multi, curl);
	upstream_curl_end(curl, code, &s->transfer, &err);
	w->spec->done(w->spec->ctx, s->tag, &s->answer, &err);
	upstream_answer_free(&s->answer);
	s->busy = false;
	w->running--;
}

static void collect(struct window *w)
{
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(w->multi, &left)))
		if (msg->msg == CURLMSG_DONE)
			finish(w, msg->easy_handle, msg->data.result);
}

void upstream_run_window(struct upstream *up, const struct upstream_window *spec)
{
	struct window w = {.up = up, .spec = spec, .multi = curl_multi_init()};
	int alive;

	w.slots = mem_zalloc(sizeof(*w.slots) * (size_t)spec->window);
	fill(&w);
	while (w.running && !stopped(&w)) {
		curl_multi_perform(w.multi, &alive);
		collect(&w);
		fill(&w);
		if (w.running)
			curl_multi_poll(w.multi, NULL, 0, POLL_MS, NULL);
	}
	for (int i = 0; i < spec->window; i++) {
		struct slot *s = &w.slots[i];

		if (s->busy) {
			curl_multi_remove_handle(w.multi, s->curl);
			curl_slist_free_all(s->transfer.headers);
			upstream_answer_free(&s->answer);
		}
		curl_easy_cleanup(s->curl);
	}
	curl_multi_cleanup(w.multi);
	free(w.slots);
}
