/* SPDX-License-Identifier: ISC */
/* b3lb.job: when each job ran, what it said, and which host may run one that only one may. */
#include "config.h"
#include "run/job_ledger.h"

static const struct db_stmt stmt_begin = {"job_ledger_begin",
	"with mine as ("
	"  insert into b3lb.job as j (name, host, lease, lease_until) "
	"  values ($1, $2, case when $3::boolean then $2 end, "
	"    case when $3::boolean then now() + $4::int * interval '1 second' end) "
	"  on conflict (name) do update "
	"  set host = excluded.host, started_at = now(), lease = excluded.lease, lease_until = "
	"excluded.lease_until "
	"  where not $3::boolean or j.lease is null or j.lease = excluded.lease or j.lease_until < now() "
	"    or j.lease_until > now() + interval '1 hour' " /* of a clock that was set back */
	"  returning 1) "
	"select j.lease from b3lb.job j where j.name = $1 and not exists (select 1 from mine)",
	true};

static const struct db_stmt stmt_end = {"job_ledger_end",
	"update b3lb.job set finished_at = now(), good_at = case when $3::boolean then now() else good_at "
	"end, message = $4, "
	"lease = case when lease = $2 then null else lease end "
	"where name = $1 and (lease is null or lease = $2)",
	true};

int job_ledger_begin(struct db *db, struct arena *a, const char *job, const char *holder_id, bool exclusive,
	int lease_seconds, const char **holder, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	*holder = NULL;
	db_arg_text(&args, job);
	db_arg_text(&args, holder_id);
	db_arg_bool(&args, exclusive);
	db_arg_int(&args, lease_seconds);
	if (db_run(db, &stmt_begin, &args, &r, err) == -1)
		return -1;
	if (db_rows(r) > 0) {
		const char *name = db_text(r, 0, 0);

		*holder = arena_strdup(a, name ? name : "another host");
	}
	db_free(r);
	return 0;
}

int job_ledger_end(struct db *db, const char *job, const char *holder_id, bool good, const char *message,
	struct err *err)
{
	struct db_args args = {0};

	db_arg_text(&args, job);
	db_arg_text(&args, holder_id);
	db_arg_bool(&args, good);
	db_arg_text(&args, message);
	return db_run(db, &stmt_end, &args, NULL, err);
}
