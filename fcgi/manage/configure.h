/* SPDX-License-Identifier: ISC */
/* Private to b3lb-manage's configuration: one change of it, and how it is answered. */
#ifndef B3LB_MANAGE_CONFIGURE_H
#define B3LB_MANAGE_CONFIGURE_H

#include "manage.h"

#include "core/change.h"

/* A change as the request has it: object, names of the path, conditions, who asks; body is the caller's. */
struct change configure_change(struct manage *m, enum change_kind kind, const json_t *body);
/* Makes changes; false when that was answered: by a problem, or by the lines of a dry run. */
bool configure_run(struct manage *m, const struct change *changes, size_t count,
	struct change_report *report) b3lb_nonnull b3lb_mustcheck;
/* Handler of a row that removes its object. */
void configure_delete(struct exchange *x) b3lb_nonnull;
/* The text of the one secret that was made or rolled; "" without. In the arena. */
const char *configure_secret(struct manage *m, const struct change_report *report) b3lb_nonnull;
/* Notes in the audit what was done by hand with the row's object; done all the same when that fails. */
void configure_note(struct manage *m, const char *object, const char *name, const char *what) b3lb_nonnull;

#endif
