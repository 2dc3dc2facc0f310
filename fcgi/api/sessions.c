/* SPDX-License-Identifier: ISC */
/* getSessions: the sessions of a secret's meetings, asked of every node that holds one. */
#include "config.h"
#include "calls.h"

#include "base/log.h"

#include <string.h>

void api_get_sessions(struct exchange *x)
{
	struct api *api = (struct api *)x;
	static const struct query no_parameters;
	struct arena *a = &api->x.rq->arena;
	struct meeting_node *list = NULL;
	struct buf xml = BUF_INIT;
	struct err err = {0};
	int nodes = meeting_nodes(api->service->db, a, api->tenant.secret_id, &list, &err), count = 0;

	if (nodes < 0) {
		api_fail_err(api, &err);
		return;
	}
	buf_puts(&xml, "<response><returncode>SUCCESS</returncode><sessions>");
	for (int i = 0; i < nodes; i++) {
		struct upstream_answer answer = {0};
		/* A node that does not answer has no sessions that anybody could use; it is in the log. */
		struct bbbxml *doc = api_ask_node(api, &list[i].node, NULL, &no_parameters, &answer, &err);

		if (doc && bbbxml_success(doc))
			count += bbbxml_sessions_write(doc, list[i].internal_ids, &xml);
		bbbxml_free(doc);
		upstream_answer_free(&answer);
	}
	buf_puts(&xml, "</sessions>");
	if (count == 0)
		buf_puts(&xml, "<messageKey>noSessions</messageKey>"
			       "<message>no sessions were found on this server</message>");
	buf_puts(&xml, "</response>");
	api_send_xml(api, xml.ptr, xml.len);
	buf_free(&xml);
}
