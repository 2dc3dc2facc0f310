/* SPDX-License-Identifier: ISC */
/* Private to b3lb-manage's lists: a row whose .list is a struct list, answered. */
#ifndef B3LB_MANAGE_LISTS_H
#define B3LB_MANAGE_LISTS_H

#include "manage.h"

#include "core/audit.h"
#include "core/list.h"

/* Handler of a row whose .list is all that it answers. */
void manage_send_list(struct exchange *x);
/* The same in steps, for rows that answer more. Reads what is asked of the row's list; false when it was answered
 * (422). */
bool manage_parse_list(struct manage *m, struct list_query *lq) b3lb_nonnull b3lb_mustcheck;
/* Writes the page as a JSON object without its closing brace, and makes its links; false when it was answered: by
 * an error, or the whole match as CSV. */
bool manage_write_list(
	struct manage *m, const struct list_query *lq, struct buf *out) b3lb_nonnull b3lb_mustcheck;
/* The row of the row's list that the first brace names, in *r, which the caller frees; false when it was answered (404). */
bool manage_find_row(struct manage *m, struct db_result **r) b3lb_nonnull b3lb_mustcheck;
/* Sends rows (NULL: none) as {"items":[...]}, or fails with rc -1 as manage_fail; more: members before the items, "" or
 * "\"name\":value,". Frees them. */
void manage_send_rows(struct manage *m, int rc, struct db_result *r, const char *more, const struct err *err)
	__attribute__((nonnull(1, 4, 5)));
/* Sends CSV under a file's name. */
void manage_send_csv(struct manage *m, const char *name, const struct buf *csv) b3lb_nonnull;
/* What was done by hand, in the audit; it stays done where that fails. */
void manage_note(struct manage *m, const struct audit_entry *entry) b3lb_nonnull;
/* Whether the asker may do that. */
bool manage_may(const struct manage *m, enum permission permission) b3lb_nonnull;

#endif
