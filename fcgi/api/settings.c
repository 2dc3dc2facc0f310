/* SPDX-License-Identifier: ISC */
/* Modules in the body of a create that the tenant may not send. */
#include "config.h"
#include "calls.h"

#include "bbb/modules.h"
#include "core/rule.h"

#include <string.h>

/* The same settings by URL: its rule speaks for both ways (doc/bbb-api, 1.2, 3.7). */
#define PARAMETER "clientSettingsOverrideJsonUrl"
#define MODULE	  "clientSettingsOverride"

static bool is_ruled(const struct rule_set *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		if (strcmp(rules->rules[i].name, PARAMETER) == 0 &&
			(rules->rules[i].mode == RULE_BLOCK || rules->rules[i].mode == RULE_OVERRIDE))
			return true;
	return false;
}

int api_rule_modules(struct api *api)
{
	const struct modules_rule rule = {
		.only = api->tenant.modules, .never = is_ruled(&api->tenant.rules) ? MODULE : NULL};
	struct buf rest = BUF_INIT;
	struct err err = {0};
	int rc;

	/* The client's own again, which a rule may have changed that is no more. */
	if (api->body && !api->form_body) {
		api->body = api->x.rq->body.ptr;
		api->body_len = api->x.rq->body.len;
	}
	if (!api->body || (!rule.never && strcmp(rule.only, "*") == 0))
		return 0;
	rc = modules_cut(api->body, api->body_len, &rule, &rest, &err);
	if (rc == -1) {
		api_fail(api, API_INVALID_PARAMETERS, "%s", err.text);
	} else if (rc == 1) {
		api->body = arena_strndup(&api->x.rq->arena, rest.ptr, rest.len);
		api->body_len = rest.len;
	}
	buf_free(&rest);
	return rc < 0 ? -1 : 0;
}
