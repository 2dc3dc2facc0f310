/* SPDX-License-Identifier: ISC */
/* Accounting: what tenants used in each month. */
#include "config.h"
#include "core/usage.h"

#include "base/log.h"
#include "sql/statements.h"

static const char UTC[] = "UTC";

int usage_zone(struct db *db, const struct conf *conf, const char **zone, bool *known, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_usage_zone, DB_ARGS(conf->time_zone), &r, err) == -1)
		return -1;
	*known = db_bool(r, 0, USAGE_ZONE_KNOWN);
	*zone = *known ? conf->time_zone : UTC;
	db_free(r);
	return 0;
}

int usage_zone_of_job(struct db *db, const struct conf *conf, const char **zone, struct err *err)
{
	bool known;

	if (usage_zone(db, conf, zone, &known, err) == -1)
		return -1;
	if (!known)
		log_msg(LOG_LEVEL_ERROR, "time_zone",
			"PostgreSQL knows no zone \"%s\": months begin by UTC (its names: select name from "
			"pg_timezone_names)",
			conf->time_zone);
	return 0;
}

int usage_count(
	struct db *db, const struct conf *conf, const char *zone, long long *sessions, struct err *err)
{
	bool names = conf->usage_names == CONF_SWITCH_ON;
	struct db_result *r = NULL;

	if (db_run(db, &stmt_usage_count, DB_ARGS(zone, conf->usage_days, names), &r, err) == -1)
		return -1;
	*sessions = db_int(r, 0, USAGE_COUNT_SESSIONS);
	db_free(r);
	return 0;
}

int usage_count_stored(struct db *db, const char *zone, struct err *err)
{
	return db_run(db, &stmt_usage_count_stored, DB_ARGS(zone), NULL, err);
}
