/* SPDX-License-Identifier: ISC */
/* The state of the configuration as JSON: read in one statement, so that it is of one moment. */
#include "config.h"
#include "core/state_doc.h"

#include "sql/statements.h"

#include <stdlib.h>

json_t *state_read(struct db_conn *conn, bool bytes, struct err *err)
{
	struct db_result *r = NULL;
	json_error_t why;
	json_t *doc;

	if (db_exec(conn, &stmt_state_read, DB_ARGS(bytes), &r, err) == -1)
		return NULL;
	doc = json_loads(db_text(r, 0, STATE_READ_DOC), 0, &why);
	db_free(r);
	if (!doc)
		err_set(err, ERR_INTERNAL, "the database's JSON cannot be read: %s", why.text);
	return doc;
}

int state_export(struct db *db, bool secrets, struct buf *out, struct err *err)
{
	struct db_conn *conn = db_borrow(db, err);
	json_t *doc = conn ? state_read(conn, true, err) : NULL;
	char *text;

	db_return(conn);
	if (!doc)
		return -1;
	if (!secrets)
		state_hide(doc, &state_root);
	text = json_dumps(doc, JSON_INDENT(1));
	json_decref(doc);
	if (!text)
		return err_set(err, ERR_INTERNAL, "could not write the JSON");
	buf_puts(out, text);
	buf_putc(out, '\n');
	free(text);
	return 0;
}
