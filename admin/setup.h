/* SPDX-License-Identifier: ISC */
/* Private to setup*.c: what is asked, what is there, what is made, the files that are written. */
#ifndef B3LB_SETUP_H
#define B3LB_SETUP_H

#include "admin.h"
#include "doctor/doctor.h"
#include "platform.h"
#include "report.h"

/* Files: a dry run writes none. changed: one was written, or would be. */
struct setup_files {
	bool dry, changed;
};

/* Answers: options, what was typed, or what is there. Strings are the arena's or the command line's. */
struct setup {
	struct admin *admin;
	struct report report;
	const char *domain, *database, *cluster, *group, *node, *node_url, *node_secret, *tenant, *secret,
		*platform_name;
	const struct platform *platform; /* NULL: not said */
	/* what is there; NULL: no schema yet */
	struct db_result *clusters, *groups, *nodes, *tenants, *secrets;
	bool domain_open;			  /* the configuration has the example's */
	bool make_node, make_tenant, make_secret; /* there is none of that name yet */
	bool make_cluster;			  /* or its group */
	bool schema;				  /* there is one, of this program */
	struct setup_files files;
	struct buf lines; /* of a dry run */
};

/* setup_ask.c: fills the answers from options, what is there, and a terminal. 0; EXIT_USAGE with err naming
 * every option that is missing; -1 with err. */
int setup_answer(struct setup *s, struct err *err) b3lb_nonnull;
/* setup_make.c: makes what is missing of cluster, group, node, tenant and secret, all or none of it, then the first account; a
 * dry run adds lines. 0, or -1 with err. */
int setup_make(struct setup *s, struct err *err) b3lb_nonnull;
/* The row whose column of that name is the text, in any case; -1: none. r may be NULL. */
int setup_find(const struct db_result *r, const char *column, const char *text);
const char *setup_cell(const struct db_result *r, int row, const char *column) b3lb_nonnull;

/* All return 0, or -1 with err. Files are replaced as a whole and keep owner and mode; what is right already
 * is not touched, and *files stays as it is. */

/* Gives a key of the configuration file this value; its other lines and comments stay. */
int setup_write_key(const char *path, const char *key, const char *value, struct setup_files *files,
	struct err *err) b3lb_nonnull;
/* Tells the web servers the domain: apache2-domain.conf and lighttpd-domain.conf beside the configuration
 * file. */
int setup_write_domain(
	const char *conf_path, const char *domain, struct setup_files *files, struct err *err) b3lb_nonnull;

#endif
