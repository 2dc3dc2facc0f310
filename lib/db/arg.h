/* SPDX-License-Identifier: ISC */
/* Parameters of a statement, written at the call by their C types. */
#ifndef B3LB_DB_ARG_H
#define B3LB_DB_ARG_H

#include "base/mem.h"

#include <stdbool.h>

/* A parameter: text (NULL: SQL null), an integer, a real number or a truth value. */
enum db_arg_kind { DB_ARG_TEXT, DB_ARG_INT, DB_ARG_DOUBLE, DB_ARG_BOOL };
struct db_arg {
	enum db_arg_kind kind;
	union {
		const char *text;
		long long integer;
		double real;
	};
};

/* Parameters in order. Text is not copied and must live until the statement has run. */
#define DB_ARGS_MAX 24
struct db_args {
	int count;
	struct db_arg arg[DB_ARGS_MAX];
};

/* Parameters of a call, each by its C type: db_run(db, &stmt_x, DB_ARGS(slug, 5, on), &r, err). Text and bool
 * variables, int, long, long long, double; one to DB_ARGS_MAX of them. */
#define DB_ARGS(...)                                                                                         \
	(&(const struct db_args){                                                                            \
		DB_ARG_COUNT(__VA_ARGS__), {DB_ARG_LIST(DB_ARG_COUNT(__VA_ARGS__), __VA_ARGS__)}})

/* What DB_ARGS is made of. */
static inline struct db_arg db_arg_of_text(const char *v)
{
	return (struct db_arg){.kind = DB_ARG_TEXT, .text = v};
}
static inline struct db_arg db_arg_of_int(long long v)
{
	return (struct db_arg){.kind = DB_ARG_INT, .integer = v};
}
static inline struct db_arg db_arg_of_double(double v)
{
	return (struct db_arg){.kind = DB_ARG_DOUBLE, .real = v};
}
static inline struct db_arg db_arg_of_bool(bool v)
{
	return (struct db_arg){.kind = DB_ARG_BOOL, .integer = v};
}
/* clang-format off */
#define DB_ARG(v) _Generic((v), char *: db_arg_of_text, const char *: db_arg_of_text, bool: db_arg_of_bool, \
	double: db_arg_of_double, float: db_arg_of_double, default: db_arg_of_int)(v)
#define DB_ARG_1(a) DB_ARG(a)
#define DB_ARG_2(a, ...) DB_ARG(a), DB_ARG_1(__VA_ARGS__)
#define DB_ARG_3(a, ...) DB_ARG(a), DB_ARG_2(__VA_ARGS__)
#define DB_ARG_4(a, ...) DB_ARG(a), DB_ARG_3(__VA_ARGS__)
#define DB_ARG_5(a, ...) DB_ARG(a), DB_ARG_4(__VA_ARGS__)
#define DB_ARG_6(a, ...) DB_ARG(a), DB_ARG_5(__VA_ARGS__)
#define DB_ARG_7(a, ...) DB_ARG(a), DB_ARG_6(__VA_ARGS__)
#define DB_ARG_8(a, ...) DB_ARG(a), DB_ARG_7(__VA_ARGS__)
#define DB_ARG_9(a, ...) DB_ARG(a), DB_ARG_8(__VA_ARGS__)
#define DB_ARG_10(a, ...) DB_ARG(a), DB_ARG_9(__VA_ARGS__)
#define DB_ARG_11(a, ...) DB_ARG(a), DB_ARG_10(__VA_ARGS__)
#define DB_ARG_12(a, ...) DB_ARG(a), DB_ARG_11(__VA_ARGS__)
#define DB_ARG_13(a, ...) DB_ARG(a), DB_ARG_12(__VA_ARGS__)
#define DB_ARG_14(a, ...) DB_ARG(a), DB_ARG_13(__VA_ARGS__)
#define DB_ARG_15(a, ...) DB_ARG(a), DB_ARG_14(__VA_ARGS__)
#define DB_ARG_16(a, ...) DB_ARG(a), DB_ARG_15(__VA_ARGS__)
#define DB_ARG_17(a, ...) DB_ARG(a), DB_ARG_16(__VA_ARGS__)
#define DB_ARG_18(a, ...) DB_ARG(a), DB_ARG_17(__VA_ARGS__)
#define DB_ARG_19(a, ...) DB_ARG(a), DB_ARG_18(__VA_ARGS__)
#define DB_ARG_20(a, ...) DB_ARG(a), DB_ARG_19(__VA_ARGS__)
#define DB_ARG_21(a, ...) DB_ARG(a), DB_ARG_20(__VA_ARGS__)
#define DB_ARG_22(a, ...) DB_ARG(a), DB_ARG_21(__VA_ARGS__)
#define DB_ARG_23(a, ...) DB_ARG(a), DB_ARG_22(__VA_ARGS__)
#define DB_ARG_24(a, ...) DB_ARG(a), DB_ARG_23(__VA_ARGS__)
#define DB_ARG_NTH(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, \
	a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, n, ...) n
#define DB_ARG_COUNT(...) DB_ARG_NTH(__VA_ARGS__, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, \
	12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define DB_ARG_JOIN(a, b) a##b
#define DB_ARG_LIST_OF(n, ...) DB_ARG_JOIN(DB_ARG_, n)(__VA_ARGS__)
#define DB_ARG_LIST(n, ...) DB_ARG_LIST_OF(n, __VA_ARGS__)
/* clang-format on */

#endif
