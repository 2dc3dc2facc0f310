/* SPDX-License-Identifier: ISC */
/* Limits that refuse nothing: that they were passed is told. */
#include "config.h"
#include "calls.h"

#include "base/log.h"
#include "core/refusal.h"

void api_warn_limit(const struct api *api, const char *text)
{
	struct log_line l;

	log_begin(&l, LOG_LEVEL_WARNING, "limit_passed");
	log_str(&l, "id", api->x.rq->id);
	log_str(&l, "tenant", api->tenant.slug);
	log_int(&l, "sub_id", api->tenant.sub_id);
	log_str(&l, "call", api_call_name(api));
	log_str(&l, "msg", text);
	log_end(&l);
	api_note(api, REFUSAL_PASSED, text);
}
