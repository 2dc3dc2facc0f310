/* SPDX-License-Identifier: ISC */
/* The state of the configuration as JSON: read in one statement, so that it is of one moment. */
#include "config.h"
#include "state_doc.h"

#include <stdlib.h>
#include <string.h>

#define LIST(what) "coalesce((select json_agg(" what "), '[]')"
static const struct db_stmt stmt_read =
	{"state_read",
		"select json_build_object('b3lb_state', 1, "
		"'clusters', " LIST(
			"json_build_object('name', c.name, 'load_a', c.load_a, 'load_m', c.load_m, "
			"'cpu_iterations', c.cpu_iterations, 'cpu_max', c.cpu_max, 'sha', c.sha) order by "
			"c.name) "
			"from b3lb.cluster c") ", "
					       "'groups', " LIST(
						       "json_build_object('name', g.name, 'clusters', " LIST("c.name order by c.name) from b3lb.cluster_group_member m join b3lb.cluster c "
													     "on c.id = m.cluster_id where m.group_id = g.id") ") order by g.name) from "
																			       "b3lb.cluster_group g") ", "
																						       "'nodes', " LIST(
																							       "json_build_object('slug', n.slug, 'cluster', c.name, 'secret', n.secret, 'domain', "
																							       "n.domain, 'url', n.url, 'load_url', n.load_url, 'weight', n.weight, 'state', n.state) "
																							       "order by n.slug) from b3lb.node n join b3lb.cluster c on c.id = n.cluster_id") ", "
																																	       "'profiles', " LIST(
																																		       "json_build_object('name', p.name, 'description', p.description, 'kind', p.kind, "
																																		       "'source', p.source, 'type', p.type, 'listed', p.listed, 'download', p.download, "
																																		       "'preset', p.preset) order by p.name) from b3lb.profile p") ", "
																																										   "'tenants', " LIST(
																																											   "json_build_object('slug', upper(t.slug), 'group', g.name, 'description', t.description, "
																																											   "'attendee_limit', t.attendee_limit, 'meeting_limit', t.meeting_limit, 'recording', "
																																											   "t.recording, 'hold_days', t.hold_days, 'error_status', t.error_status, 'stats_token', "
																																											   "t.stats_token, 'aliases', " LIST("a.host order by a.host) from b3lb.tenant_alias a where "
																																															     "a.tenant_id = t.id") ", "
																																																		   "'secrets', " LIST(
																																																			   "json_build_object('sub_id', s.sub_id, 'secret', s.secret, 'secret2', "
																																																			   "s.secret2, 'description', s.description, 'attendee_limit', "
																																																			   "s.attendee_limit, 'meeting_limit', s.meeting_limit, 'recording', "
																																																			   "s.recording, 'hold_days', s.hold_days, 'stats_token', s.stats_token, "
																																																			   "'profiles', " LIST("p.name order by p.name) from b3lb.secret_profile sp "
																																																					       "join b3lb.profile p on p.id = sp.profile_id where "
																																																					       "sp.secret_id = s.id") ") order by s.sub_id) from "
																																																								      "b3lb.secret s where s.tenant_id = t.id") ", "
																																																														"'parameters', " LIST(
																																																															"json_build_object('name', p.name, 'mode', p.mode, 'value', p.value) "
																																																															"order by p.name) from b3lb.parameter p where p.tenant_id = t.id") ", "
																																																																							   "'assets', " LIST("json_build_object('kind', a.kind, 'type', a.type, 'name', a.name, 'data', "
																																																																									     "case when $1::boolean then translate(encode(a.data, 'base64'), E'\\n', '') "
																																																																									     "else a.etag end) order by a.kind) from b3lb.asset a where a.tenant_id = "
																																																																									     "t.id") ") order by t.slug) from b3lb.tenant t join b3lb.cluster_group g "
																																																																										     "on g.id = t.group_id") ")",
		true};

json_t *state_read(struct db_conn *conn, bool bytes, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;
	json_error_t why;
	json_t *doc;

	db_arg_bool(&args, bytes);
	if (db_exec(conn, &stmt_read, &args, &r, err) == -1)
		return NULL;
	doc = json_loads(db_text(r, 0, 0), 0, &why);
	db_free(r);
	if (!doc)
		err_set(err, ERR_INTERNAL, "the database's JSON cannot be read: %s", why.text);
	return doc;
}

int state_export(struct db *db, bool secrets, struct buf *out, struct err *err)
{
	struct db_conn *conn = db_borrow(db, err);
	json_t *doc = conn ? state_read(conn, true, err) : NULL;
	char *text;

	db_return(conn);
	if (!doc)
		return -1;
	if (!secrets)
		state_hide(doc, &state_root);
	text = json_dumps(doc, JSON_INDENT(1));
	json_decref(doc);
	if (!text)
		return err_set(err, ERR_INTERNAL, "could not write the JSON");
	buf_puts(out, text);
	buf_putc(out, '\n');
	free(text);
	return 0;
}
