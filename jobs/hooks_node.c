/* SPDX-License-Identifier: ISC */
/* Nodes are made to tell us their events, by a webhook of ours on each, and told to stop. Nobody else's webhook is touched. */
#include "config.h"
#include "hooks.h"

#include "base/log.h"
#include "bbb/xml.h"
#include "core/hook_node.h"

#include <stdlib.h>
#include <string.h>

/* What is to be destroyed is looked for so often: ours may stand there under several addresses of ours. */
#define ROUNDS_MAX 5

struct asking {
	struct task task;
	struct arena arena;
	const struct hook_asked *asked;
	const char *call; /* that is under way */
	const char *hook; /* to be destroyed */
	bool own_sha;	  /* signed as the cluster wants it; else SHA-1, which old webhooks take alone */
	int rounds;
};

static void ask(struct hooks *h, struct asking *s, const char *call)
{
	const struct conf *conf = h->job->conf;
	struct node node = s->asked->node;
	struct buf url = BUF_INIT;
	struct query q = {0};

	if (!s->own_sha)
		node.sha = SHA_ALG_1;
	/* No meetingID and no eventID: 3.5.0 forgets both (doc/bbb-api, 3.9). */
	if (strcmp(call, "hooks/create") == 0)
		query_add(&s->arena, &q, "callbackURL", hook_node_url(conf, &s->arena, s->asked->nonce));
	else if (strcmp(call, "hooks/destroy") == 0)
		query_add(&s->arena, &q, "hookID", s->hook);
	s->call = call;
	node_call_url(conf, &node, call, &q, &url);
	upstream_flow_put(
		h->nodes, &(struct upstream_call){.url = arena_strdup(&s->arena, buf_str(&url))}, s);
	buf_free(&url);
}

/* It is known what is so now. */
static void end(struct hooks *h, struct asking *s, const char *state, const char *why)
{
	struct err err = {0};
	bool changed = false;
	struct log_line l;
	int rc = hook_node_state(h->job->db, s->asked->node.id, state, !s->asked->wanted, &changed, &err);

	if (rc == -1 || changed) {
		log_begin(&l, rc == 0 && strcmp(state, "on") == 0 ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING,
			"node_webhooks");
		log_str(&l, "node", s->asked->node.slug);
		log_str(&l, "state", state);
		log_str(&l, "msg", rc == -1 ? err.text : why);
		log_end(&l);
	}
	arena_free(&s->arena);
	free(s);
}

/* The id of the hook that bears our nonce in hooks/list, in the arena; NULL: there is none. */
static const char *own_hook(struct asking *s, const char *xml)
{
	static const char open[] = "<hookID>";
	const char *ours = strstr(xml, arena_printf(&s->arena, "nonce=%s", s->asked->nonce)), *id = NULL;

	for (const char *at = xml; ours && (at = strstr(at, open)) && at < ours; at++)
		id = at + sizeof(open) - 1;
	return id ? arena_strndup(&s->arena, id, strcspn(id, "<")) : NULL;
}

/* What an answer says: a messageKey of webhooks, "" for success; NULL: webhooks did not write it. */
static const char *key_of(struct asking *s, const struct upstream_done *done)
{
	static const char *const keys[] = {"checksumError", "createHookError", "missingParamCallbackURL",
		"destroyMissingHook", "destroyHookError", "missingParamHookID", "listHookError"};
	const char *what = strcmp(s->call, "hooks/create") == 0 ? "hookID"
			   : strcmp(s->call, "hooks/list") == 0 ? "hooks"
								: "removed";
	struct err ignored = {0};
	struct bbbxml *doc = bbbxml_parse(buf_str(&done->answer.body), done->answer.body.len, &ignored);
	const char *key = doc ? bbbxml_text(doc, &s->arena, "messageKey") : NULL, *found = NULL;

	if (doc && bbbxml_success(doc) && bbbxml_text(doc, &s->arena, what))
		found = "";
	for (size_t i = 0; key && !found && i < ARRAY_SIZE(keys); i++)
		if (strcmp(key, keys[i]) == 0)
			found = keys[i];
	bbbxml_free(doc);
	return found;
}

/* Not wanted any more: ours are looked for, and destroyed. */
static void go_on(struct hooks *h, struct asking *s, const struct upstream_done *done)
{
	if (strcmp(s->call, "hooks/list") == 0)
		s->hook = own_hook(s, buf_str(&done->answer.body));
	else if (++s->rounds < ROUNDS_MAX) {
		ask(h, s, "hooks/list");
		return;
	} else {
		s->hook = NULL;
	}
	if (s->hook)
		ask(h, s, "hooks/destroy");
	else
		end(h, s, "unknown", "no tenant has a webhook any more");
}

static void answered(struct hooks *h, struct task *task, const struct upstream_done *done)
{
	struct asking *s = (struct asking *)task;
	const char *key = done->err.kind == ERR_NONE ? key_of(s, done) : NULL;
	bool refused = key && strcmp(key, "checksumError") == 0;

	if (refused && !s->own_sha && s->asked->node.sha != SHA_ALG_1) {
		s->own_sha = true;
		ask(h, s, s->call);
	} else if (!s->asked->wanted && key && !refused) {
		go_on(h, s, done);
	} else if (done->err.kind != ERR_NONE) {
		/* A node that was told to stop, and did not hear it, is told again. */
		end(h, s, s->asked->wanted ? "unknown" : "on", done->err.text);
	} else if (!key) {
		end(h, s, "absent",
			"no webhooks answer there: bbb-webhooks is not installed, or does not run");
	} else if (refused) {
		end(h, s, "refused", "its webhooks refuse the node's secret");
	} else {
		end(h, s, *key ? "unknown" : "on", *key ? key : "it tells us its events");
	}
}

int hooks_ask_nodes(struct hooks *h, struct err *err)
{
	struct hook_asked *nodes = NULL;
	int count =
		hook_nodes(h->job->db, &h->arena, h->job->conf->webhooks == CONF_WEBHOOKS_NODES, &nodes, err);

	for (int i = 0; i < count; i++) {
		struct asking *s = mem_zalloc(sizeof(*s));

		s->task.done = answered;
		s->asked = &nodes[i];
		ask(h, s, nodes[i].wanted ? "hooks/create" : "hooks/list");
	}
	return count < 0 ? -1 : 0;
}
