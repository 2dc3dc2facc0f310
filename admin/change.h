/* SPDX-License-Identifier: ISC */
/* Private to b3lb-admin: commands that change the configuration. */
#ifndef B3LB_ADMIN_CHANGE_H
#define B3LB_ADMIN_CHANGE_H

#include "admin.h"

#include "core/change.h"

/* In the options of each command that changes something; alone where it has no other. */
#define ADMIN_DRY_RUN                                                                                        \
	{                                                                                                    \
		"dry-run", ADMIN_SWITCH, false, NULL, "Says what it would change, and changes nothing."      \
	}
extern const struct admin_option admin_dry_run[];
bool admin_is_dry(const struct admin *a) b3lb_nonnull;

/* Makes the changes as change_objects does; a dry run prints their lines. */
int admin_changes(struct admin *a, const struct change *changes, size_t count, struct err *err) b3lb_nonnull;
/* The command's options that are fields of the object (--load-a: load_a), as a body; the caller's. NULL with err: one is no
 * text. */
json_t *admin_body(struct admin *a, const struct state_object *object, struct err *err) b3lb_nonnull;
/* The command on the object of that name: add makes it, remove removes it, what else sets what is given. parent: as
 * struct change has it. */
int admin_change(struct admin *a, const struct state_object *object, const char *parent, const char *name,
	struct err *err);
/* Puts a value into a list of the object, or takes it out, which is ERR_NOT_FOUND where it is not in it. */
int admin_change_list(struct admin *a, const struct change *what, const char *field, const char *value,
	bool add, struct err *err) b3lb_nonnull;
/* Lines of differences, a line each, fit for a terminal. */
void admin_print_lines(struct admin *a, const struct buf *lines) b3lb_nonnull;
/* The lines of a dry run that has changed nothing. */
void admin_print_dry(struct admin *a, const struct buf *lines) b3lb_nonnull;
/* One line of it, without its end. Returns 0, for commands that end with it. */
int admin_foretell(struct admin *a, const char *line) b3lb_nonnull;
void admin_print_report(struct admin *a, const struct state_report *report, bool dry_run) b3lb_nonnull;

#endif
