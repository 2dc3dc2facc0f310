/* SPDX-License-Identifier: ISC */
/* Where the nodes of a create send what was learnt: the tenant's LRS, or the client's own. */
#include "config.h"
#include "calls.h"

#include "base/log.h"
#include "bbb/lrs.h"

#include <string.h>
#include <strings.h>

static void say_dropped(const struct api *api)
{
	struct log_line l;

	log_begin(&l, LOG_LEVEL_WARNING, "lrs_dropped");
	log_str(&l, "id", api->x.rq->id);
	log_str(&l, "tenant", api->tenant.slug);
	log_int(&l, "sub_id", api->tenant.sub_id);
	log_str(&l, "msg", "the client's " LRS_PARAM " cannot be read with its secret");
	log_end(&l);
}

void api_take_lrs(struct api *api)
{
	struct arena *a = &api->x.rq->arena;
	const struct tenant *t = &api->tenant;
	const char *payload = NULL, *own = NULL;
	size_t kept = 0;

	for (size_t i = 0; i < api->query.count; i++) {
		const struct query_param *p = &api->query.params[i];

		if (strcasecmp(p->name, LRS_PARAM) != 0)
			api->query.params[kept++] = *p;
		else if (!payload && *p->value)
			payload = p->value;
	}
	api->query.count = kept;
	if (payload && !t->lrs_force) {
		for (size_t i = 0; i < ARRAY_SIZE(t->secrets) && !own; i++)
			own = t->secrets[i] ? lrs_decrypt(a, t->secrets[i], payload) : NULL;
		if (!own)
			say_dropped(api);
	}
	api->lrs = own ? own : t->lrs;
}

void api_give_lrs(const struct api *api, const struct node *node, struct query *sent)
{
	struct arena *a = &api->x.rq->arena;
	const char *payload;
	struct err err = {0};

	if (!api->lrs)
		return;
	payload = lrs_encrypt(a, node->secret, api->lrs, &err);
	if (payload)
		query_add(a, sent, LRS_PARAM, payload);
	else
		log_msg(LOG_LEVEL_ERROR, "failure", "request %s: %s", api->x.rq->id, err.text);
}
