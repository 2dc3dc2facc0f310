/* SPDX-License-Identifier: ISC */
/* What the checks found, as b3lb-check keeps it. */
#include "config.h"
#include "core/finding.h"

#include "sql/statements.h"

int finding_write(struct db *db, const char *host, const struct finding *list, int count, struct err *err)
{
	struct buf columns[3] = {0};
	int rc;

	for (int k = 0; k < 3; k++)
		db_array_begin(&columns[k]);
	for (int i = 0; i < count; i++) {
		db_array_add(&columns[0], list[i].subject);
		db_array_add(&columns[1], list[i].level);
		db_array_add(&columns[2], list[i].message);
	}
	for (int k = 0; k < 3; k++)
		db_array_end(&columns[k]);
	rc = db_run(db, &stmt_finding_write,
		DB_ARGS(host, buf_str(&columns[0]), buf_str(&columns[1]), buf_str(&columns[2])), NULL, err);
	for (int k = 0; k < 3; k++)
		buf_free(&columns[k]);
	return rc;
}

int finding_is_due(struct db *db, const char *host, int seconds, bool *due, struct err *err)
{
	struct db_result *r = NULL;

	if (db_run(db, &stmt_finding_is_due, DB_ARGS(host, seconds), &r, err) == -1)
		return -1;
	*due = db_bool(r, 0, FINDING_IS_DUE_DUE);
	db_free(r);
	return 0;
}

int finding_ask(struct db *db, struct err *err)
{
	return db_run(db, &stmt_finding_ask, NULL, NULL, err);
}

int finding_node_seen(
	struct db *db, long long node_id, const char *version, int certificate_days, struct err *err)
{
	return db_run(db, &stmt_finding_node_seen, DB_ARGS(node_id, version, certificate_days), NULL, err);
}
