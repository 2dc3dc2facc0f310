/* SPDX-License-Identifier: ISC */
/* b3lb-manage: what its parts share. */
#ifndef B3LB_MANAGE_H
#define B3LB_MANAGE_H

#include "core/audit.h"
#include "core/login.h"
#include "core/state_doc.h"
#include "http/endpoint.h"
#include "http/query.h"
#include "run/server.h"

#include <jansson.h>

/* Below it everything stands; the paths of rows are what follows. */
#define MANAGE_BASE	"/b3lb/admin/"
#define MANAGE_BODY_MAX (1u << 20) /* bytes of a JSON body, where the row says nothing else */

/* What one may do with a row. */
enum permission { MAY_READ, MAY_OPERATE, MAY_CONFIGURE, MAY_SECRETS, MAY_ACCESS, MAY__MAX };

/* Of endpoint.flags. */
enum {
	ROW_OPEN = 1 << 0,	  /* nobody needs to be signed in, no origin is asked for */
	ROW_ANYONE = 1 << 1,	  /* whoever is signed in, whatever his role */
	ROW_GLOBAL = 1 << 2,	  /* 404 for who is bound to tenants */
	ROW_OF_TENANT = 1 << 3,	  /* the first brace is a tenant's slug: 404 for who is bound to others */
	ROW_CONDITIONAL = 1 << 4, /* If-Match must be there: 428 */
	ROW_DRY = 1 << 5,	  /* knows ?dry_run=1; for the description of the API */
	ROW_FILE = 1 << 6,	  /* of the console: not in the description, open */
	ROW_SIGNS_IN = 1 << 7,	  /* nobody is signed in yet, but the origin counts */
	ROW_UNBOUND = 1 << 8,	  /* 403 for who is bound to tenants: they may not make or remove it */
};

/* What else the description of the API says of a row; static storage. */
struct manage_route {
	enum permission permission;
	const char *summary; /* a sentence without its dot */
	const char *query;   /* parameters of the query, separated by blanks; NULL: none */
	const char *body;    /* name of the body's schema (openapi.c), or a media type; NULL: none */
	const char *answer;  /* name of the answer's schema; NULL: any object */
	const void *list;    /* what its file makes a list from; NULL: none */
	const struct state_object *object; /* of the configuration, what it is about; NULL: nothing of it */
};
/* A row: ROW("v1/nodes", ON_GET_HEAD, MAY_READ, ROW_GLOBAL, "List nodes", send_nodes, .query = "cluster health") */
#define ROW(path_, methods_, permission_, flags_, summary_, handle_, ...)                                    \
	{                                                                                                    \
		.path = (path_), .methods = (methods_), .flags = (flags_), .handle = (handle_),              \
		.more = &(const struct manage_route)                                                         \
		{                                                                                            \
			.permission = (permission_), .summary = (summary_), __VA_ARGS__                      \
		}                                                                                            \
	}

/* The rows of one file. */
struct manage_rows {
	const struct endpoint *rows;
	size_t count;
};
#define MANAGE_ROWS(name, rows_) const struct manage_rows name = {rows_, ARRAY_SIZE(rows_)}
extern const struct manage_rows access_rows, assets_rows, callbacks_rows, configure_rows, files_rows,
	health_rows, hooks_rows, meetings_rows, nodes_rows, openapi_rows, overview_rows, probe_rows,
	problem_rows, recordings_rows, requests_rows, secrets_rows, session_rows, state_rows, usage_rows;

/* Who asks. */
struct manage_who {
	const char *name;     /* "anna", "token:terraform"; NULL: nobody yet */
	const char *role;     /* admin, operator, viewer */
	const char *via;      /* password, remote_user, token */
	unsigned permissions; /* 1u << MAY_READ ... */
	/* Tenants to which he is bound, as SQL arrays for the first parameter of statements ($1::int[] is null or
	   id = any($1)); NULL: all, and what is global. Slugs are lower case. */
	const char *tenants, *slugs;
	const char *expires_at; /* of session or token; NULL: never */
	int expires_in;		/* seconds until then */
};

/* A request. */
struct manage {
	struct exchange x;
	const struct service *service;
	struct manage_who who;
	struct query query; /* parsed before authorize; of v1 rows */
	/* Of the answer; each may stay NULL. */
	const char *etag; /* of the object: with its quotes; else that of the body's bytes is made for GET */
	const char *location; /* of what was made */
	const char *link;     /* of a list: RFC 8288 */
	const char *type;     /* another Content-Type than JSON's */
	const char *disposition;
	const char *csp, *cache; /* other policies than the API's */
	const char *encoding;	 /* "gzip"; "": none, but another client may get one */
	const char *cookie;	 /* Set-Cookie */
	/* Of a problem. */
	const char *problem;	    /* its key, where the status has several */
	const char *pointer, *rule; /* errors: of the one field */
	const char *used_by, *current;
	int retry_after; /* seconds; 0: as the row says */
};

/* authorize.c: hook of the table */
bool manage_authorize(struct exchange *x) b3lb_nonnull;
/* True when the tenant is one that he may see; any case. */
bool manage_sees(const struct manage_who *who, const char *tenant) b3lb_nonnull;
/* True when he is bound to tenants. */
bool manage_is_bound(const struct manage_who *who) b3lb_nonnull;

#define MANAGE_COOKIE "__Host-b3lb"
/* What the cookie of that name has, NULL without; in the arena. */
const char *manage_cookie(struct manage *m) b3lb_nonnull;
struct login_limits manage_limits(const struct manage *m) b3lb_nonnull;
/* Who acts, for the audit. */
struct actor manage_actor(const struct manage *m) b3lb_nonnull;

/* openapi.c: the description of these rows (OpenAPI 3.1), the caller's to free; NULL: no memory. */
char *openapi_write(const struct endpoint *rows, size_t count) b3lb_nonnull;

/* files.c */
/* Reads the console from where it is installed; before threads. Without it there is none: 404. */
void manage_load_files(void);

#include "manage_answer.h"

#endif
