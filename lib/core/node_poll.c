/* SPDX-License-Identifier: ISC */
/* What a poll of the nodes reads and writes: due nodes, a node's meetings, health. */
#include "config.h"
#include "core/node_poll.h"

#include "bbb/xml.h"
#include "core/client_params.h"
#include "sql/statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a node claims above it does not count. */
#define ATTENDEES_MAX  100000000
#define FAILED_KEY_MAX 64

int poll_clock(struct db *db, struct arena *a, const char **clock, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_poll_clock, NULL, &r, err) == -1)
		return -1;
	*clock = arena_strdup(a, db_text(r, 0, POLL_CLOCK_CLOCK));
	db_free(r);
	return 0;
}

int poll_claim(struct db *db, struct arena *a, const char *since, double minus_seconds, int max,
	int lease_seconds, struct poll_node **list, struct err *err)
{
	struct db_result *r = NULL;
	int count;

	if (db_run(db, &stmt_poll_claim, DB_ARGS(since, minus_seconds, max, lease_seconds), &r, err) == -1)
		return -1;
	count = db_rows(r);
	*list = arena_alloc(a, sizeof(**list) * (size_t)(count + 1));
	for (int i = 0; i < count; i++) {
		(*list)[i].started = arena_strdup(a, db_text(r, i, POLL_CLAIM_STARTED));
		node_read(a, r, i, POLL_CLAIM_NODE, &(*list)[i].node);
	}
	db_free(r);
	return count;
}

/* The row of one of our meetings on the node, or -1 for a foreign one. Rows are sorted. */
static int row_of(const struct db_result *rows, const char *node_meeting_id)
{
	int low = 0, high = db_rows(rows) - 1;

	while (low <= high) {
		int mid = low + (high - low) / 2,
		    cmp = strcmp(node_meeting_id, db_text(rows, mid, POLL_ROWS_ID));

		if (cmp == 0)
			return mid;
		if (cmp < 0)
			high = mid - 1;
		else
			low = mid + 1;
	}
	return -1;
}

/* The row of a listed meeting: a room that a client made is ours by its internal id, since bbb-web makes its meetingID
 * itself and the one that was sent that id (ParamsProcessorUtil.processCreateParams). */
static int row_of_meeting(const struct db_result *rows, const struct bbbxml_meeting *m)
{
	int row = row_of(rows, m->id);

	return row < 0 && *m->internal_id ? row_of(rows, m->internal_id) : row;
}

static void add_count(struct buf *array, int count)
{
	if (count == BBBXML_UNKNOWN)
		db_array_add(array, NULL);
	else
		db_array_add_int(array, count);
}

/* Both of a room's ids, with the one that the node knows it by whatever happens. */
static void add_room(struct buf *rooms, const struct bbbxml_meeting *room)
{
	const char *ids[] = {room->id, room->internal_id};

	for (size_t i = 0; i < ARRAY_SIZE(ids) && *room->internal_id; i++) {
		buf_puts(rooms, rooms->len ? ",\"" : "{\"");
		buf_json(rooms, ids[i]);
		buf_puts(rooms, "\":\"");
		buf_json(rooms, room->internal_id);
		buf_puts(rooms, "\"");
	}
}

/* Rooms that the node made itself are listed with their parent; one with a row of its own stands for itself.
 */
static void report_add(struct poll_report *p, struct arena *a, const struct conf *conf,
	const struct db_result *rows, int row, struct bbbxml_meeting *list, int count, int at)
{
	const char *client_id = db_text(rows, row, POLL_ROWS_MEETING_ID);
	const char *node_id = db_text(rows, row, POLL_ROWS_ID);
	const struct bbbxml_meeting *m = &list[at];
	struct buf fragment = BUF_INIT, rooms = BUF_INIT;
	struct client_params own;

	client_params_read(a, db_text(rows, row, POLL_ROWS_OWN_PARAMS), &own);
	db_array_add(&p->ids, node_id);
	db_array_add(&p->internal_ids, *m->internal_id ? m->internal_id : NULL);
	add_count(&p->attendee_counts, m->attendees);
	add_count(&p->listeners, m->listeners);
	add_count(&p->voices, m->voices);
	add_count(&p->videos, m->videos);
	add_count(&p->moderators, m->moderators);
	db_array_add(&p->running, m->running ? "t" : "f");
	client_params_restore(conf, &own, m->element);
	bbbxml_set_text(m->element, "meetingID", node_id);
	bbbxml_meeting_write(m, node_id, client_id, &fragment);
	for (int i = 0; i < count; i++) {
		struct bbbxml_meeting *room = &list[i];

		if (!room->parent_id || !*m->internal_id || strcmp(room->parent_id, m->internal_id) != 0 ||
			row_of_meeting(rows, room) >= 0)
			continue;
		add_room(&rooms, room);
		client_params_restore(conf, &own, room->element);
		bbbxml_meeting_write(room, node_id, client_id, &fragment);
		/* Once, or a node that gives many meetings one id would make its answer a thousand times as
		 * long. */
		room->parent_id = NULL;
	}
	db_array_add(&p->fragments, buf_str(&fragment));
	if (rooms.len)
		buf_putc(&rooms, '}');
	db_array_add(&p->rooms, rooms.len ? buf_str(&rooms) : NULL);
	buf_free(&fragment);
	buf_free(&rooms);
}

#define REPORT_ARRAYS(p)                                                                                     \
	{                                                                                                    \
		&(p)->ids, &(p)->internal_ids, &(p)->attendee_counts, &(p)->listeners, &(p)->voices,         \
			&(p)->videos, &(p)->moderators, &(p)->running, &(p)->fragments, &(p)->rooms          \
	}

static const char *failed_key(const struct bbbxml *doc, struct arena *a)
{
	const char *key = bbbxml_text(doc, a, "messageKey");

	return key ? arena_strndup(a, key, utf8_prefix(key, FAILED_KEY_MAX)) : "no reason";
}

/* The document, as far as it can be read; report->unsteady says why that is not all. */
static struct bbbxml *read_list(
	const char *xml, size_t len, const char *cut, struct poll_report *report, struct err *err)
{
	bool whole = true;
	struct bbbxml *doc = bbbxml_parse_partly(xml, len, &whole, err);

	if (!doc && cut)
		err_set(err, ERR_AWAY, "%s", cut);
	if (doc && (cut || !whole))
		snprintf(report->unsteady, sizeof(report->unsteady), "%s",
			cut ? cut : "the answer is XML in part only");
	return doc;
}

int poll_read(struct db *db, const struct conf *conf, long long node_id, const char *xml, size_t len,
	const char *cut, struct poll_report *report, bool *node_fault, struct err *err)
{
	struct buf *arrays[] = REPORT_ARRAYS(report);
	struct db_result *rows = NULL;
	struct bbbxml_meeting *list = NULL;
	struct arena a = {0};
	struct bbbxml *doc = read_list(xml, len, cut, report, err);
	int count = -1;
	bool *told; /* which of our rows the node has spoken of */

	*node_fault = true;
	if (doc && !bbbxml_success(doc))
		err_set(err, ERR_AWAY, "the node says FAILED: %s", failed_key(doc, &a));
	else if (doc)
		count = bbbxml_meetings(doc, &a, &list, &report->skipped, err);
	if (count < 0)
		goto out;
	if (db_run(db, &stmt_poll_rows, DB_ARGS(node_id), &rows, err) == -1) {
		*node_fault = false;
		count = -1;
		goto out;
	}
	told = arena_alloc(&a, sizeof(*told) * (size_t)(db_rows(rows) + 1));
	for (size_t i = 0; i < ARRAY_SIZE(arrays); i++)
		db_array_begin(arrays[i]);
	for (int i = 0; i < count; i++) {
		int row = row_of_meeting(rows, &list[i]);

		report->meetings++;
		if (report->attendees < ATTENDEES_MAX && list[i].attendees != BBBXML_UNKNOWN)
			report->attendees += list[i].attendees;
		if (row >= 0 && !told[row])
			report_add(report, &a, conf, rows, row, list, count, i);
		if (row >= 0)
			told[row] = true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(arrays); i++)
		db_array_end(arrays[i]);
out:
	db_free(rows);
	bbbxml_free(doc);
	arena_free(&a);
	return count < 0 ? -1 : 0;
}

void poll_report_free(struct poll_report *report)
{
	struct buf *arrays[] = REPORT_ARRAYS(report);

	for (size_t i = 0; i < ARRAY_SIZE(arrays); i++)
		buf_free(arrays[i]);
	*report = (struct poll_report){0};
}

int poll_parse_cpu(const char *text)
{
	size_t len;
	int cpu;

	text += strspn(text, " \t\r\n");
	len = strspn(text, "0123456789");
	if (len == 0 || len > 5 || text[len + strspn(text + len, " \t\r\n")])
		return -1;
	cpu = atoi(text);
	return cpu <= 10000 ? cpu : -1;
}

int poll_write_good(struct db *db, const struct conf *conf, const struct poll_node *node,
	const struct poll_report *report, int cpu, bool *came_online, struct err *err)
{
	const struct buf *a[] = REPORT_ARRAYS(report);
	struct db_result *r = NULL;

	_Static_assert(ARRAY_SIZE(a) == 10, "each of them is a parameter");
	if (db_run(db, &stmt_poll_good,
		    DB_ARGS(node->node.id, node->started, conf->poll_successes_online, report->meetings,
			    report->attendees, cpu, buf_str(a[0]), buf_str(a[1]), buf_str(a[2]),
			    buf_str(a[3]), buf_str(a[4]), buf_str(a[5]), buf_str(a[6]), buf_str(a[7]),
			    buf_str(a[8]), buf_str(a[9]), (const char *)report->unsteady),
		    &r, err) == -1)
		return -1;
	*came_online = db_is(r, 0, POLL_GOOD_RESULT, "online");
	db_free(r);
	return 0;
}

int poll_write_bad(struct db *db, const struct conf *conf, const struct poll_node *node, const char *why,
	bool *went_offline, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_poll_bad,
		    DB_ARGS(node->node.id, node->started, conf->poll_failures_offline, why), &r, err) == -1)
		return -1;
	*went_offline = db_bool(r, 0, POLL_BAD_WENT_OFFLINE);
	db_free(r);
	return 0;
}

long long poll_unpolled(struct db *db, const char *since, double minus_seconds, struct err *err)
{
	struct db_result *r = NULL;
	long long count;

	if (db_run(db, &stmt_poll_unpolled, DB_ARGS(since, minus_seconds), &r, err) == -1)
		return -1;
	count = db_int(r, 0, POLL_UNPOLLED_NODES);
	db_free(r);
	return count;
}

int poll_tidy(struct db *db, const struct conf *conf, long long *lost, struct err *err)
{
	struct db_result *r = NULL;

	*lost = 0;
	if (db_run(db, &stmt_poll_tidy, DB_ARGS(conf->node_lost_hours), &r, err) == -1)
		return -1;
	*lost = db_int(r, 0, POLL_TIDY_LOST);
	db_free(r);
	return 0;
}
