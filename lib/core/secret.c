/* SPDX-License-Identifier: ISC */
/* Administration of a tenant's secrets. */
#include "config.h"
#include "core/secret.h"

#include <openssl/rand.h>

#define SECRET_LENGTH 48

#define OF_TENANT "from b3lb.tenant t where t.id = s.tenant_id and t.slug = lower($1) and s.sub_id = $2::int"

static const struct db_stmt stmt_add = {"secret_add",
	"insert into b3lb.secret (tenant_id, sub_id, secret) select id, $2::int, $3 from b3lb.tenant "
	"where slug = lower($1) returning id",
	false};
static const struct db_stmt stmt_set = {"secret_set",
	"update b3lb.secret s set description = coalesce($3, s.description), "
	"attendee_limit = coalesce($4::int, s.attendee_limit), meeting_limit = coalesce($5::int, "
	"s.meeting_limit), "
	"hold_days = coalesce($6::int, s.hold_days), recording = coalesce($7 = 'on', s.recording), "
	"stats_token = coalesce($8, s.stats_token) " OF_TENANT " returning s.id",
	true};
static const struct db_stmt stmt_roll = {"secret_roll",
	"update b3lb.secret s set secret2 = case when $3::text is not null then s.secret end, "
	"secret = coalesce($3, s.secret) " OF_TENANT " returning s.id",
	false};
static const struct db_stmt stmt_remove = {"secret_remove",
	"delete from b3lb.secret s using b3lb.tenant t "
	"where t.id = s.tenant_id and t.slug = lower($1) and s.sub_id = $2::int returning s.id",
	false};
#define LIST_COLUMNS                                                                                         \
	"select upper(t.slug) as tenant, s.sub_id, s.description, s.meeting_limit, s.attendee_limit, "       \
	"s.recording, "                                                                                      \
	"s.hold_days, s.secret2 is not null as rolling"
#define LIST_FROM                                                                                            \
	" from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id where $1::text is null or t.slug = "   \
	"lower($1) order by 1, 2"
static const struct db_stmt stmt_list = {"secret_list", LIST_COLUMNS LIST_FROM, true};
static const struct db_stmt stmt_show = {
	"secret_show", LIST_COLUMNS ", s.secret, s.secret2, s.stats_token" LIST_FROM, true};
static const struct db_stmt stmt_get = {"secret_get",
	"select s.secret from b3lb.secret s join b3lb.tenant t on t.id = s.tenant_id "
	"where t.slug = lower($1) and s.sub_id = $2::int",
	true};

static void name_args(struct db_args *args, const char *tenant, int sub_id)
{
	db_arg_text(args, tenant);
	db_arg_int(args, sub_id);
}

static int add_one(struct db_conn *conn, const char *tenant, int sub_id, const char *secret, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;
	int rc;

	name_args(&args, tenant, sub_id);
	db_arg_text(&args, secret);
	rc = db_exec(conn, &stmt_add, &args, &r, err);
	if (rc == 0 && db_rows(r) == 0)
		rc = err_set(err, ERR_NOT_FOUND, "there is no such tenant");
	db_free(r);
	return rc;
}

int secret_add(struct db *db, const char *tenant, int *sub_id, const char *const *secrets, int count,
	struct err *err)
{
	struct db_conn *conn = db_borrow(db, err);
	int first = *sub_id, rc = conn ? db_begin(conn, err) : -1;

	for (int i = 0; i < count && rc == 0; i++) {
		*sub_id = first + i;
		rc = add_one(conn, tenant, *sub_id, secrets[i], err);
	}
	if (rc == 0)
		rc = db_commit(conn, err);
	/* Rolled back, what was not committed. */
	db_return(conn);
	return rc;
}

int secret_set(
	struct db *db, const char *tenant, int sub_id, const struct secret_settings *s, struct err *err)
{
	struct db_args args = {0};

	name_args(&args, tenant, sub_id);
	db_arg_text(&args, s->description);
	db_arg_text(&args, s->attendee_limit);
	db_arg_text(&args, s->meeting_limit);
	db_arg_text(&args, s->hold_days);
	db_arg_text(&args, s->recording);
	db_arg_text(&args, s->stats_token);
	return db_run_found(db, &stmt_set, &args, NULL, "such secret", err);
}

int secret_roll(struct db *db, const char *tenant, int sub_id, const char *secret, struct err *err)
{
	struct db_args args = {0};

	name_args(&args, tenant, sub_id);
	db_arg_text(&args, secret);
	return db_run_found(db, &stmt_roll, &args, NULL, "such secret", err);
}

int secret_remove(struct db *db, const char *tenant, int sub_id, struct err *err)
{
	struct db_args args = {0};

	name_args(&args, tenant, sub_id);
	return db_run_found(db, &stmt_remove, &args, NULL, "such secret", err);
}

int secret_list(struct db *db, const char *tenant, bool show, struct db_result **out, struct err *err)
{
	struct db_args args = {0};

	db_arg_text(&args, tenant);
	return db_run(db, show ? &stmt_show : &stmt_list, &args, out, err);
}

int secret_get(
	struct db *db, struct arena *a, const char *tenant, int sub_id, const char **secret, struct err *err)
{
	struct db_args args = {0};
	struct db_result *r = NULL;

	name_args(&args, tenant, sub_id);
	if (db_run_found(db, &stmt_get, &args, &r, "such secret", err) == -1)
		return -1;
	*secret = arena_strdup(a, db_text(r, 0, 0));
	db_free(r);
	return 0;
}

/* Letters and digits, each equally likely: bytes that would favour some are thrown away. */
const char *secret_make(struct arena *arena, struct err *err)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	char *secret = arena_alloc(arena, SECRET_LENGTH + 1);
	unsigned char byte;

	for (size_t n = 0; n < SECRET_LENGTH;) {
		if (RAND_bytes(&byte, 1) != 1) {
			err_set(err, ERR_INTERNAL, "could not make a secret: no random bytes");
			return NULL;
		}
		if (byte < 4 * (sizeof(set) - 1))
			secret[n++] = set[byte % (sizeof(set) - 1)];
	}
	return secret;
}
