/* SPDX-License-Identifier: ISC */
/* The webhooks of nodes: that they tell us, and what they have told. */
#include "config.h"
#include "core/hook_node.h"

#include "base/keep.h"
#include "db/batch.h"
#include "sql/statements.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 64
/* How webhooks begin an event; inside of a text the quotes would be escaped. */
static const char beginning[] = "{\"data\":{\"type\":\"event\",\"id\":\"";

const char *hook_node_url(const struct conf *conf, struct arena *a, const char *nonce)
{
	return arena_printf(a, "%s/b3lb/b/callback/event?nonce=%s", conf_public_url(conf, a), nonce);
}

int hook_nodes(struct db *db, struct arena *a, bool on, struct hook_asked **nodes, struct err *err)
{
	struct db_result *r = NULL;
	int count;

	if (db_run(db, &stmt_hook_nodes, DB_ARGS(on), &r, err) == -1)
		return -1;
	count = db_rows(r);
	*nodes = arena_alloc(a, sizeof(**nodes) * (size_t)(count + 1));
	for (int i = 0; i < count; i++) {
		node_read(a, r, i, HOOK_NODES_NODE, &(*nodes)[i].node);
		(*nodes)[i].nonce = arena_strdup(a, db_text(r, i, HOOK_NODES_NONCE));
		(*nodes)[i].wanted = db_bool(r, i, HOOK_NODES_WANTED);
	}
	db_free(r);
	return count;
}

int hook_node_state(
	struct db *db, long long node_id, const char *state, bool at_once, bool *changed, struct err *err)
{
	struct db_result *r = NULL;
	int rc = db_run(db, &stmt_hook_node_state, DB_ARGS(node_id, state, at_once), &r, err);

	*changed = rc == 0 && db_rows(r) == 1 && !db_is(r, 0, HOOK_NODE_STATE_WAS, state);
	db_free(r);
	return rc;
}

/* A sender that is remembered, on the heap: an arena would take a chunk for each. */
struct known_sender {
	struct hook_sender sender;
	char secret[];
};

/* Each for a share of the nonces, which are random: a keep has few places. */
#define SHARES 16
static struct keep senders[SHARES] = {[0 ... SHARES - 1] = KEEP_INIT(1 << 17, free)};

static struct keep *keep_of(const char *nonce)
{
	return &senders[(unsigned)(nonce[0] + 7 * nonce[1]) % SHARES];
}

static void remember(const struct hook_sender *sender)
{
	size_t len = strlen(sender->secret) + 1;
	struct known_sender *k = mem_zalloc(sizeof(*k) + len);

	k->sender = *sender;
	k->sender.secret = memcpy(k->secret, sender->secret, len);
	keep_leave(keep_of(sender->nonce),
		keep_put(keep_of(sender->nonce), sender->nonce, "", k, sizeof(*k) + len));
}

static bool recall(struct arena *a, const char *nonce, struct hook_sender *sender)
{
	struct kept *kept = NULL;
	const struct known_sender *k = keep_get(keep_of(nonce), nonce, "", &kept);

	if (k) {
		*sender = k->sender;
		sender->nonce = nonce;
		sender->secret = arena_strdup(a, k->secret);
	}
	keep_leave(keep_of(nonce), kept);
	return k;
}

int hook_sender_find(struct db *db, struct arena *a, const char *nonce, bool fresh,
	struct hook_sender *sender, struct err *err)
{
	struct db_result *r = NULL;

	if (!fresh && recall(a, nonce, sender))
		return 0;
	if (db_run_found(db, &stmt_hook_node, DB_ARGS(nonce), &r, "such nonce", err) == -1)
		return -1;
	*sender = (struct hook_sender){
		.id = db_int(r, 0, HOOK_NODE_ID),
		.version = db_int(r, 0, HOOK_NODE_VERSION),
		.nonce = nonce,
		.secret = arena_strdup(a, db_text(r, 0, HOOK_NODE_SECRET)),
		.weak = db_bool(r, 0, HOOK_NODE_WEAK),
	};
	db_free(r);
	remember(sender);
	return 0;
}

int hook_sender_weak(struct db *db, const struct hook_sender *sender, bool weak, struct err *err)
{
	struct hook_sender now = *sender;

	if (db_run(db, &stmt_hook_weak, DB_ARGS(sender->id, weak), NULL, err) == -1)
		return -1;
	now.weak = weak;
	remember(&now);
	return 0;
}

/* The next name of a list that is separated by commas or blanks; its length, 0 when there is none any more. */
static size_t next_name(const char **at)
{
	*at += strspn(*at, ", \t");
	return strcspn(*at, ", \t");
}

static bool is_in(const char *list, const char *name, size_t len)
{
	size_t n;

	while ((n = next_name(&list))) {
		if (n == len && strncmp(list, name, len) == 0)
			return true;
		list += n;
	}
	return false;
}

bool hook_is_denied(const struct conf *conf, const char *text)
{
	const char *at = *text == '[' && *conf->hook_deny_events ? text + 1 : "";

	if (strncmp(at, beginning, sizeof(beginning) - 1) != 0)
		return false;
	while ((at = strstr(at, beginning))) {
		size_t n = strcspn(at += sizeof(beginning) - 1, "\"");

		/* A name that is cut off is none. */
		if (!at[n] || !is_in(conf->hook_deny_events, at, n))
			return false;
	}
	return true;
}

bool hook_is_deep(const char *text)
{
	bool quoted = false;
	int depth = 0;

	for (; *text && depth <= DEPTH_MAX; text++) {
		if (quoted && *text == '\\' && text[1])
			text++;
		else if (*text == '"')
			quoted = !quoted;
		else if (!quoted)
			depth += (*text == '[' || *text == '{') - (*text == ']' || *text == '}');
	}
	return depth > DEPTH_MAX;
}

/* The parameter of a statement. */
static const char *names_array(const char *list, struct buf *b)
{
	struct arena a = {0};
	size_t n;

	db_array_begin(b);
	for (; (n = next_name(&list)); list += n)
		db_array_add(b, arena_strndup(&a, list, n));
	db_array_end(b);
	arena_free(&a);
	return buf_str(b);
}

/* Events of a node, as one of its calls brings them. */
struct taking {
	struct db_call call;
	const struct conf *conf;
	const struct hook_sender *sender;
	const char *text;
	int told;
};

static int take_all(struct db *db, struct db_call *calls[], int count, struct err *err)
{
	const struct conf *conf = ((const struct taking *)calls[0])->conf;
	struct buf nodes = BUF_INIT, versions = BUF_INIT, texts = BUF_INIT, deny = BUF_INIT, strip = BUF_INIT;
	struct db_result *r = NULL;
	int rc;

	db_array_begin(&nodes);
	db_array_begin(&versions);
	db_array_begin(&texts);
	for (int i = 0; i < count; i++) {
		const struct taking *t = (const struct taking *)calls[i];

		db_array_add_int(&nodes, t->sender->id);
		db_array_add_int(&versions, t->sender->version);
		db_array_add(&texts, t->text);
	}
	db_array_end(&nodes);
	db_array_end(&versions);
	db_array_end(&texts);
	rc = db_run(db, &stmt_hook_take,
		DB_ARGS(buf_str(&nodes), buf_str(&versions), buf_str(&texts),
			names_array(conf->hook_deny_events, &deny), names_array(conf->hook_strip, &strip),
			conf->record_meta_data_tag),
		&r, err);
	for (int row = 0; rc == 0 && row < db_rows(r); row++)
		((struct taking *)calls[db_int(r, row, HOOK_TAKE_PLACE) - 1])->told =
			(int)db_int(r, row, HOOK_TAKE_TOLD);
	db_free(r);
	buf_free(&nodes);
	buf_free(&versions);
	buf_free(&texts);
	buf_free(&deny);
	buf_free(&strip);
	return rc;
}

static struct db_batch takings = DB_BATCH_INIT(take_all);

int hook_take(struct db *db, const struct conf *conf, const struct hook_sender *sender, const char *text,
	int *told, struct err *err)
{
	struct taking t = {.call.bytes = strlen(text), .conf = conf, .sender = sender, .text = text};
	int rc = db_batch_do(&takings, db, &t.call, err);

	if (rc == 0 && t.told == -1)
		return err_set(err, ERR_INVALID, "event is no list of 1 to 100 events");
	if (rc == 0 && t.told == -2)
		return 1;
	*told = t.told;
	return rc;
}
