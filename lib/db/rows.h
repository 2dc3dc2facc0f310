/* SPDX-License-Identifier: ISC */
/* Results written down for programs: JSON (RFC 8259) and CSV (RFC 4180). */
#ifndef B3LB_DB_ROWS_H
#define B3LB_DB_ROWS_H

#include "db/db.h"

/*
 * Columns that belong together into an object of their own bear its name before "__" and stand side by side:
 * "live__load", "live__cpu". Numbers and booleans are such, a number that is none is null, times are RFC 3339
 * in UTC to the second, JSON is put in as it is. Any thread.
 */

/* A row as an object. */
void rows_json_object(struct buf *out, const struct db_result *r, int row) b3lb_nonnull;
/* All rows, as an array of objects. r NULL: no row. */
void rows_json_array(struct buf *out, const struct db_result *r);
/* A line of names (what is behind "__") and a line for each row; true and false, null is empty. */
void rows_csv(struct buf *out, const struct db_result *r) b3lb_nonnull;

/* A field of a line: in quotes where it must be, and with ' before what a spreadsheet would take for a formula
 * (= + - @, tab, CR at its beginning). */
void rows_csv_text(struct buf *out, const char *text) b3lb_nonnull;
/* A timestamptz as the server writes it (datestyle ISO, any time zone) as "2026-11-26T06:39:41Z"; false, and
 * nothing is written, for one that is infinite or not of the years 1 to 9999. */
bool rows_time(struct buf *out, const char *text) b3lb_nonnull;

#endif
