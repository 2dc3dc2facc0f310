/* SPDX-License-Identifier: ISC */
/* b3lb-admin: the table of commands, what a handler is given, and how results are printed. */
#ifndef B3LB_ADMIN_H
#define B3LB_ADMIN_H

#include "base/conf.h"
#include "core/audit.h"
#include "core/list.h"
#include "db/db.h"
#include "run/program.h"
#include "bbb/route.h"

/* ADMIN_LIST: text with commas between; given again its values are joined. What else has a value is given once. */
enum admin_type { ADMIN_TEXT, ADMIN_LIST, ADMIN_COUNT, ADMIN_NUMBER, ADMIN_SWITCH, ADMIN_CHOICE };

/* An option of a command. The last one's name is NULL. */
struct admin_option {
	const char *name;
	enum admin_type type; /* ADMIN_SWITCH takes no value */
	bool required;	      /* where the action is add */
	const char *value;    /* its name for --help, or the list "a|b" of a choice; NULL: a switch */
	const char *says;     /* a sentence */
};

#define ADMIN_ARGS_MAX	  256
#define ADMIN_OPTIONS_MAX 40

struct admin;
struct admin_command {
	const char *object, *action;
	const char *args; /* names for --help: "SLUG", "GROUP CLUSTER", "[TENANT]", "" */
	int min_args, max_args;
	const struct admin_option *options; /* may be NULL */
	bool offline;			    /* works without a database */
	bool destroys;			    /* asks on a terminal unless --yes */
	/* 0 done; -1 with err: refused or failed; EXIT_USAGE with err: an option is missing. */
	int (*run)(struct admin *a, struct err *err);
	const char *says;    /* what it does, a sentence or two */
	const char *example; /* a whole command line */
};
/* The commands of one object; the last one's object is NULL. */
struct admin_object {
	const char *name, *says;
	const struct admin_command *commands;
};
/* All of them, in the order of --help; the last one's name is NULL. */
extern const struct admin_object admin_objects[];
bool admin_option_required(const struct admin_command *c, const struct admin_option *o) b3lb_nonnull;

struct admin {
	struct conf conf;
	struct db *db; /* NULL for offline commands */
	struct arena arena;
	const char *config; /* the configuration file's path */
	bool json, yes;
	const struct admin_command *command;
	const char *args[ADMIN_ARGS_MAX];
	int arg_count;
	const char *values[ADMIN_OPTIONS_MAX]; /* beside command->options; "" for a given switch, NULL: not
						  given */
};

/* options.c: reads the command line into a. -1: go on; else the exit status, after a message or help. */
struct admin_globals {
	const char *config;
	bool verbose;
};
int admin_parse(struct admin *a, struct admin_globals *g, int argc, char **argv) b3lb_nonnull;
/* help.c: everything for object NULL, the commands of an object, or one command with its options. */
void admin_help(const struct admin_object *object, const struct admin_command *command);
/* The options of every command by number: those of all programs, then --json and --yes; NULL behind them. */
const struct program_option *admin_common(int i);

/* The value of an option of this command, NULL when it was not given. */
const char *admin_option(const struct admin *a, const char *name) b3lb_nonnull;
/* Splits TENANT[-SUB]; 0, or -1 with err. */
int admin_tenant_sub(
	const char *text, char slug[ROUTE_SLUG_MAX + 1], int *sub_id, struct err *err) b3lb_nonnull;

/* user.c: who changes something: "cli:root(anna)". */
const struct actor *admin_actor(struct admin *a) b3lb_nonnull;
/* user.c: where root runs us and the user of the service is there, work as that one from here on; 0 or -1. */
int admin_become_service(struct err *err) b3lb_nonnull;
/* For files of the administrator: work as who ran us, from here on. */
int admin_become_caller(struct err *err) b3lb_nonnull;
/* Opens an existing file that the command line names, as who ran us. -1 with errno. */
int admin_open(const char *path, int flags) b3lb_nonnull;
/* Reads such a file, "-": standard input, of at most max bytes into the zeroed text, which the caller frees in any case. 0 or -1. */
int admin_read(const char *path, size_t max, struct buf *text, struct err *err) b3lb_nonnull;

/* table.c: print a result and free it: a table, or a JSON array of objects. one: a single row as "name:
 * value" lines, or one object. */
void admin_print(const struct admin *a, struct db_result *r, bool one);

/* The option of commands that can print CSV. */
#define ADMIN_CSV "csv"
/* list.c: prints a list of the management API, asked with the command's options: names of its filters, and csv. Days are
 * times. 0, or -1 with err. */
int admin_list(struct admin *a, const struct list *list, struct err *err) b3lb_nonnull;
/* A time as it was given; a day (2026-11-26) is its first moment. Memory may be the arena's. */
const char *admin_time(struct admin *a, const char *text) b3lb_nonnull;
/* Prints it as CSV (db/rows.h) and frees it. */
void admin_print_csv(struct db_result *r) b3lb_nonnull;

/* Rows of each object, ending with a NULL object. */
extern const struct admin_command admin_db_commands[], admin_cluster_commands[], admin_group_commands[],
	admin_node_commands[], admin_tenant_commands[], admin_secret_commands[], admin_parameter_commands[],
	admin_asset_commands[], admin_profile_commands[], admin_recording_commands[],
	admin_meeting_commands[], admin_config_commands[], admin_status_commands[], admin_setup_commands[],
	admin_check_commands[], admin_state_commands[], admin_audit_commands[], admin_account_commands[],
	admin_token_commands[], admin_hook_commands[];

extern const struct admin_command admin_callback_commands[], admin_request_commands[],
	admin_history_commands[], admin_usage_commands[];

#endif
