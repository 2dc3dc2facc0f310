/* SPDX-License-Identifier: ISC */
/* Administration of the profiles that videos are made by. */
#include "config.h"
#include "core/profile.h"

#include "sql/statements.h"

/* Parameters of profile_set. */
#define SETTINGS(s)                                                                                          \
	DB_ARGS((s)->name, (s)->description, (s)->source, (s)->type, (s)->listed, (s)->download,             \
		(s)->preset, (s)->kind, (s)->width, (s)->height, (s)->fps, (s)->crf, (s)->speed,             \
		(s)->container, (s)->webcams, (s)->cursor, (s)->annotations, (s)->captions)

int profile_add(struct db *db, const struct profile_settings *s, struct err *err)
{
	return db_run_both(
		db, &stmt_profile_add, DB_ARGS(s->name), &stmt_profile_set, SETTINGS(s), "such profile", err);
}

int profile_set(struct db *db, const struct profile_settings *s, struct err *err)
{
	return db_run_both(db, &stmt_profile_set, SETTINGS(s), &stmt_profile_spread, DB_ARGS(s->name),
		"such profile", err);
}

int profile_remove(struct db *db, const char *name, struct err *err)
{
	return db_run_found(db, &stmt_profile_remove, DB_ARGS(name), NULL, "such profile", err);
}

int profile_list(struct db *db, struct db_result **out, struct err *err)
{
	return db_run(db, &stmt_profile_list, NULL, out, err);
}

int profile_attach(struct db *db, const char *tenant, int sub_id, const char *name, struct err *err)
{
	return db_run_found(
		db, &stmt_profile_attach, DB_ARGS(tenant, sub_id, name), NULL, "such secret or profile", err);
}

int profile_detach(struct db *db, const char *tenant, int sub_id, const char *name, struct err *err)
{
	return db_run_found(db, &stmt_profile_detach, DB_ARGS(tenant, sub_id, name), NULL,
		"such profile at that secret", err);
}
