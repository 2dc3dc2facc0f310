/* SPDX-License-Identifier: ISC */
/* Telling the simulated nodes at run time what to do, and reading what they hold. */
#include "config.h"
#include "sim.h"

#include <stdlib.h>
#include <string.h>

const char *const mode_names[MODE__MAX] = {"normal", "refuse", "hang", "slow", "status500", "html", "cutxml",
	"empty", "failed", "rubbish", "big", "drip", "redirect", "wrongmeeting"};

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

static char *behave(struct node *n, const struct param *p)
{
	const char *mode = or_empty(params_get(p, "mode")), *count = params_get(p, "count");
	struct behaviour *b = &n->behave;

	for (int i = 0; i < MODE__MAX; i++) {
		if (strcmp(mode_names[i], mode) != 0)
			continue;
		b->mode = (enum mode)i;
		b->count = count ? atol(count) : -1;
		b->ms = atol(or_empty(params_get(p, "ms")));
		b->bytes = atol(or_empty(params_get(p, "bytes")));
		snprintf(b->key, sizeof(b->key), "%s",
			params_get(p, "key") ? params_get(p, "key") : "internalError");
		snprintf(b->message, sizeof(b->message), "%s", or_empty(params_get(p, "message")));
		b->calls[0] = '\0';
		if (params_get(p, "calls"))
			snprintf(b->calls, sizeof(b->calls), ",%s,", params_get(p, "calls"));
		pthread_cond_broadcast(&sim.changed);
		return strdup("ok\n");
	}
	return NULL;
}

static char *set_users(struct meeting *m, const struct param *p)
{
	struct {
		const char *name;
		int *value;
	} counts[] = {{"participants", &m->participants}, {"moderators", &m->moderators},
		{"listeners", &m->listeners}, {"voices", &m->voices}, {"videos", &m->videos}};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (params_get(p, counts[i].name))
			*counts[i].value = atoi(params_get(p, counts[i].name));
	if (m->participants)
		m->has_joined = true;
	m->end_time = m->participants || !m->has_joined ? 0 : now_ms();
	return strdup("ok\n");
}

/* profile=...: bbb-webhooks of that version is there; forget: it was started anew, and knows no hook any more; external=no: nor
 * how meetings are called. Prints the hooks' URLs. */
static char *set_hooks(struct node *n, const struct param *p)
{
	const char *profile = params_get(p, "profile"), *external = params_get(p, "external");
	char *out = NULL;
	size_t len = 0;
	FILE *f;

	for (int i = 0; profile && hook_profiles[i]; i++)
		if (strcmp(hook_profiles[i], profile) == 0)
			n->hook_profile = i;
	if (external)
		n->hook_no_external = strcmp(external, "no") == 0;
	if (params_get(p, "forget"))
		hooks_forget(n);
	f = open_memstream(&out, &len);
	for (const struct hook *h = n->hooks; h; h = h->next)
		fprintf(f, "%s\n", h->url);
	fclose(f);
	return out;
}

static char *meetings_json(struct node *n)
{
	char *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);

	fputc('[', f);
	for (struct meeting *m = n->meetings; m; m = m->next) {
		const char *sep = "";

		fputs("{\"id\": ", f);
		json_put(f, m->id);
		fputs(", \"name\": ", f);
		json_put(f, m->name);
		fprintf(f,
			", \"internal\": \"%s\", \"createTime\": %lld, \"participants\": %d, \"documents\": "
			"%s, \"params\": {",
			m->internal, m->create_time, m->participants, m->documents ? m->documents : "[]");
		for (const struct param *p = m->params; p; p = p->next) {
			fputs(sep, f);
			json_put(f, p->name);
			fputs(": ", f);
			json_put(f, p->value);
			sep = ", ";
		}
		fprintf(f, "}}%s", m->next ? ",\n" : "");
	}
	fputs("]\n", f);
	fclose(f);
	return out;
}

static void restart(struct node *n)
{
	while (n->meetings)
		meeting_drop(n, n->meetings);
}

/* All nodes as they were at the start, and nothing remembered. */
static char *reset(void)
{
	pthread_mutex_lock(&sim.lock);
	for (int i = 0; i < sim.node_count; i++) {
		struct node *n = &sim.nodes[i];

		restart(n);
		n->behave = (struct behaviour){.mode = 0, .count = -1};
		snprintf(n->load, sizeof(n->load), "0");
	}
	pthread_cond_broadcast(&sim.changed);
	pthread_mutex_unlock(&sim.lock);
	journal_clear();
	return strdup("ok\n");
}

static void set_version(struct node *n, const char *value)
{
	FILE *f;

	memset(n->version, 0, sizeof(n->version));
	f = fmemopen(n->version, sizeof(n->version) - 1, "w");
	xml_put(f, "bbbVersion", value);
	fclose(f);
}

static char *node_control(struct node *n, const char *what, const struct param *p)
{
	const char *id = params_get(p, "meetingID");
	struct meeting *m = id ? meeting_find(n, id) : NULL;
	char *text = NULL;

	if (strcmp(what, "behave") == 0)
		return behave(n, p);
	if (strcmp(what, "meetings") == 0)
		return meetings_json(n);
	if (strcmp(what, "load") == 0) {
		snprintf(n->load, sizeof(n->load), "%s",
			or_empty(params_get(p, params_get(p, "text") ? "text" : "value")));
		return strdup("ok\n");
	}
	if (strcmp(what, "version") == 0) {
		set_version(n, or_empty(params_get(p, "value")));
		return strdup("ok\n");
	}
	if (strcmp(what, "separator") == 0) {
		snprintf(n->separator, sizeof(n->separator), "%s", or_empty(params_get(p, "text")));
		return strdup("ok\n");
	}
	if (strcmp(what, "secret") == 0) {
		snprintf(n->secret, sizeof(n->secret), "%s", or_empty(params_get(p, "value")));
		return strdup("ok\n");
	}
	if (strcmp(what, "restart") == 0) {
		restart(n);
		return strdup("ok\n");
	}
	if (strcmp(what, "hooks") == 0)
		return set_hooks(n, p);
	if (!m)
		return NULL;
	if (strcmp(what, "event") == 0) {
		hooks_event(n, m, or_empty(params_get(p, "name")), p);
		return strdup("ok\n");
	}
	if (strcmp(what, "room") == 0) {
		m = meeting_make_room(n, m, params_get(p, "name") ? params_get(p, "name") : "Room 1");
		hooks_event(n, m, "meeting-created", NULL);
		return asprintf(&text, "%s %s\n", m->id, m->internal) == -1 ? NULL : text;
	}
	if (strcmp(what, "users") == 0)
		return set_users(m, p);
	if (strcmp(what, "vanish") == 0) {
		meeting_drop(n, m);
		return strdup("ok\n");
	}
	if (strcmp(what, "end") == 0) {
		m->recording_marked = m->recording_marked || params_true(p, "recordingmarks");
		meeting_end(n, m);
		return strdup("ok\n");
	}
	return NULL;
}

char *control_answer(const char *path, const struct param *p, int *status)
{
	char what[64] = "", sink[64] = "", *out = NULL;
	int number = 0;

	*status = 200;
	if (sscanf(path, "/_sim/n%d/%63s", &number, what) == 2 && number >= 1 && number <= sim.node_count) {
		pthread_mutex_lock(&sim.lock);
		out = node_control(&sim.nodes[number - 1], what, p);
		pthread_mutex_unlock(&sim.lock);
	} else if (strcmp(path, "/_sim/journal") == 0) {
		out = journal_json(p, false);
	} else if (strcmp(path, "/_sim/journal/count") == 0) {
		out = journal_json(p, true);
	} else if (strcmp(path, "/_sim/reset") == 0) {
		out = reset();
	} else if (strcmp(path, "/_sim/journal/clear") == 0) {
		journal_clear();
		out = strdup("ok\n");
	} else if (sscanf(path, "/_sim/sink/%63s", sink) == 1) {
		if (params_get(p, "status") || params_get(p, "ms")) {
			sink_set(sink, atoi(params_get(p, "status") ? params_get(p, "status") : "200"),
				atol(params_get(p, "count") ? params_get(p, "count") : "1"),
				atol(or_empty(params_get(p, "ms"))), params_get(p, "location"));
			out = strdup("ok\n");
		} else {
			out = sink_json(sink);
		}
	}
	if (!out) {
		*status = 404;
		out = strdup("no such control, or not with these parameters\n");
	}
	return out;
}
