/* SPDX-License-Identifier: ISC */
/* The whole configuration as one document: read, and taken in. */
#include "config.h"
#include "configure.h"

#include "core/state.h"

#include <string.h>

#define BODY_MAX (64u << 20)

static void get_state(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	bool secrets = manage_is_set(m, "secrets");
	struct buf text = BUF_INIT;
	struct err err = {0};

	if (secrets && !(m->who.permissions & 1u << MAY_ACCESS)) {
		manage_refuse(x, 403, "this role may not see secrets");
		return;
	}
	if (state_export(m->service->db, secrets, &text, &err) == -1) {
		manage_fail(m, &err);
	} else {
		if (secrets)
			configure_note(m, "state", "", "exported with secrets");
		manage_send(m, 200, text.ptr, text.len);
	}
	buf_free(&text);
}

static void post_state(struct exchange *x)
{
	struct manage *m = (struct manage *)x;
	struct request *rq = x->rq;
	const struct actor actor = manage_actor(m);
	struct state_report report = {0};
	bool dry = manage_is_set(m, "dry_run");
	struct err err = {0};

	if (strcmp(rq->media_type, "application/json") != 0)
		manage_refuse(x, 415, "the body must be application/json");
	else if (state_import(m->service->db, m->service->conf, buf_str(&rq->body), rq->body.len, dry, &actor,
			 &report, &err) == -1)
		manage_fail(m, &err);
	else
		manage_send_json(m, 200,
			json_pack("{s:b, s:o, s:o}", "dry_run", dry, "changes", state_report_changes(&report),
				"secrets", state_report_secrets(&report)));
	state_report_free(&report);
}

static const struct endpoint rows[] = {
	ROW("v1/state", ON_GET_HEAD, MAY_READ, ROW_GLOBAL,
		"Export the configuration; with secrets who may access", get_state, .query = "secrets",
		.object = &state_root, .answer = "State"),
	{"v1/state", ON_POST, BODY_MAX, ROW_GLOBAL | ROW_DRY,
		&(const struct manage_route){.permission = MAY_ACCESS,
			.summary = "Import a configuration: what it does not name stays",
			.body = "State",
			.object = &state_root,
			.answer = "StateReport"},
		0, post_state},
};
MANAGE_ROWS(state_rows, rows);
