/* SPDX-License-Identifier: ISC */
/* Administration of tenants and their host names. */
#include "config.h"
#include "core/tenant_admin.h"

static const struct db_stmt stmt_add = {"tenant_add",
	"insert into b3lb.tenant (slug, group_id, description, attendee_limit, meeting_limit, hold_days, "
	"recording, error_status, stats_token) "
	"select lower($1), g.id, coalesce($3, ''), coalesce($4::int, 0), coalesce($5::int, 0), "
	"coalesce($6::int, 0), "
	"coalesce($7 = 'on', true), nullif($8, 'default'), "
	"coalesce($9, replace(gen_random_uuid()::text, '-', '')) from b3lb.cluster_group g where g.name = $2 "
	"returning id",
	false};
static const struct db_stmt stmt_set = {"tenant_set",
	"update b3lb.tenant t set group_id = coalesce(g.id, t.group_id), description = coalesce($3, "
	"t.description), "
	"attendee_limit = coalesce($4::int, t.attendee_limit), meeting_limit = coalesce($5::int, "
	"t.meeting_limit), "
	"hold_days = coalesce($6::int, t.hold_days), recording = coalesce($7 = 'on', t.recording), "
	"error_status = nullif(coalesce($8, t.error_status), 'default'), stats_token = coalesce($9, "
	"t.stats_token) "
	"from (select 1) one left join b3lb.cluster_group g on g.name = $2 "
	"where t.slug = lower($1) and ($2::text is null or g.id is not null) returning t.id",
	true};
static const struct db_stmt stmt_remove = {
	"tenant_remove", "delete from b3lb.tenant where slug = lower($1) returning id", false};
#define LIST_COLUMNS                                                                                         \
	"select upper(t.slug) as tenant, g.name as group, t.description, t.meeting_limit, "                  \
	"t.attendee_limit, "                                                                                 \
	"t.recording, t.hold_days, t.error_status, "                                                         \
	"(select count(*) from b3lb.secret s where s.tenant_id = t.id) as secrets, "                         \
	"(select count(*) from b3lb.meeting m where m.tenant_id = t.id) as meetings, "                       \
	"(select coalesce(sum(m.attendees), 0) from b3lb.meeting m where m.tenant_id = t.id) as attendees, " \
	"(select string_agg(a.host, ', ' order by a.host) from b3lb.tenant_alias a where a.tenant_id = "     \
	"t.id) "                                                                                             \
	"as aliases"
#define LIST_FROM " from b3lb.tenant t join b3lb.cluster_group g on g.id = t.group_id "
static const struct db_stmt stmt_list = {"tenant_list", LIST_COLUMNS LIST_FROM "order by t.slug", true};
static const struct db_stmt stmt_show = {
	"tenant_show", LIST_COLUMNS ", t.stats_token" LIST_FROM "where t.slug = lower($1)", true};
static const struct db_stmt stmt_alias_add = {"tenant_alias_add",
	"insert into b3lb.tenant_alias (host, tenant_id) select lower($2), id from b3lb.tenant where slug = "
	"lower($1) "
	"returning 1",
	false};
static const struct db_stmt stmt_alias_remove = {"tenant_alias_remove",
	"delete from b3lb.tenant_alias a using b3lb.tenant t "
	"where t.id = a.tenant_id and t.slug = lower($1) and a.host = lower($2) returning 1",
	false};

/* $2 is the base domain: aliases below it whose label would be the new tenant's, or one of its sub ids'. */
static const struct db_stmt stmt_own_hosts = {"tenant_own_hosts",
	"select a.host, upper(t.slug) from b3lb.tenant_alias a join b3lb.tenant t on t.id = a.tenant_id "
	"where right(a.host, length($2) + 1) = '.' || lower($2) "
	"and left(a.host, -length($2) - 1) ~ ('^' || lower($1) || '(-[0-9]{1,3})?$') order by 1 limit 1",
	true};

static void tenant_settings_args(struct db_args *args, const struct tenant_settings *s)
{
	db_arg_text(args, s->slug);
	db_arg_text(args, s->group);
	db_arg_text(args, s->description);
	db_arg_text(args, s->attendee_limit);
	db_arg_text(args, s->meeting_limit);
	db_arg_text(args, s->hold_days);
	db_arg_text(args, s->recording);
	db_arg_text(args, s->error_status);
	db_arg_text(args, s->stats_token);
}

/* Its own host names must not be another's: it would be shut out there. */
static int check_own_hosts(struct db *db, const char *slug, const char *base, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;
	int rc;

	db_arg_text(&args, slug);
	db_arg_text(&args, base);
	rc = db_run(db, &stmt_own_hosts, &args, &r, err);
	if (rc == 0 && db_rows(r) > 0)
		rc = err_set(
			err, ERR_CONFLICT, "%s is an alias of tenant %s", db_text(r, 0, 0), db_text(r, 0, 1));
	db_free(r);
	return rc;
}

int tenant_add(struct db *db, const struct tenant_settings *s, const char *base, struct err *err)
{
	struct db_args args = {0};

	if (check_own_hosts(db, s->slug, base, err) == -1)
		return -1;
	tenant_settings_args(&args, s);
	return db_run_found(db, &stmt_add, &args, NULL, "such group", err);
}

int tenant_set(struct db *db, const struct tenant_settings *s, struct err *err)
{
	struct db_args args = {0};

	tenant_settings_args(&args, s);
	return db_run_found(db, &stmt_set, &args, NULL, "such tenant or group", err);
}

int tenant_remove(struct db *db, const char *slug, struct err *err)
{
	struct db_args args = {0};

	db_arg_text(&args, slug);
	return db_run_found(db, &stmt_remove, &args, NULL, "such tenant", err);
}

int tenant_list(struct db *db, const char *slug, struct db_result **out, struct err *err)
{
	struct db_args args = {0};

	db_arg_text(&args, slug);
	return slug ? db_run_found(db, &stmt_show, &args, out, "such tenant", err)
		    : db_run(db, &stmt_list, NULL, out, err);
}

static int run_alias(struct db *db, const struct db_stmt *stmt, const char *slug, const char *host,
	const char *what, struct err *err)
{
	struct db_args args = {0};

	db_arg_text(&args, slug);
	db_arg_text(&args, host);
	return db_run_found(db, stmt, &args, NULL, what, err);
}

int tenant_alias_add(struct db *db, const char *slug, const char *host, struct err *err)
{
	return run_alias(db, &stmt_alias_add, slug, host, "such tenant", err);
}

int tenant_alias_remove(struct db *db, const char *slug, const char *host, struct err *err)
{
	return run_alias(db, &stmt_alias_remove, slug, host, "such alias of that tenant", err);
}
