/* SPDX-License-Identifier: ISC */
/* The configuration: one table of keys, read from file and environment into one read-only struct. */
#ifndef B3LB_BASE_CONF_H
#define B3LB_BASE_CONF_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum conf_type {
	CONF_TEXT,
	CONF_NAME, /* what a rule of base/name.h fits */
	CONF_URL,
	CONF_DOMAIN,
	CONF_CIDRS,
	CONF_INT,
	CONF_TIME, /* "2500ms", "30s", "5min", or a plain number in the key's own unit */
	CONF_SIZE, /* "64MiB", "1GiB", likewise */
	CONF_CHOICE,
	CONF_SHA_SET,
};
enum conf_error_status { CONF_ERROR_HTTP, CONF_ERROR_BBB, CONF_ERROR__MAX };
enum conf_protocol { CONF_PROTOCOL_HTTPS, CONF_PROTOCOL_HTTP, CONF_PROTOCOL__MAX };
enum conf_sendfile { CONF_SENDFILE_NONE, CONF_SENDFILE_X, CONF_SENDFILE_AUTO, CONF_SENDFILE__MAX };
enum conf_storage { CONF_STORAGE_LOCAL, CONF_STORAGE_S3, CONF_STORAGE__MAX };
enum conf_webhooks { CONF_WEBHOOKS_OFF, CONF_WEBHOOKS_OWN, CONF_WEBHOOKS_NODES, CONF_WEBHOOKS__MAX };
enum conf_switch { CONF_SWITCH_OFF, CONF_SWITCH_ON, CONF_SWITCH__MAX };
enum conf_delivery { CONF_DELIVERY_PROXY, CONF_DELIVERY_REDIRECT, CONF_DELIVERY__MAX };

/* Strings are never NULL. Units stand with each key in conf_keys.c. */
struct conf {
	char *api_base_domain;
	char *database;
	int database_pooler; /* 1: a transaction pooler stands between */
	int database_connections;
	char *database_read;   /* standbys; "" without */
	int database_read_lag; /* seconds */
	int database_timeout_ms;
	int threads;
	int node_concurrency;
	int allowed_sha_algorithms; /* bit i: enum sha_alg i */
	int error_status;	    /* enum conf_error_status */
	int node_protocol;	    /* enum conf_protocol */
	char *node_default_domain;
	char *node_bbb_endpoint;
	char *node_join_base;
	char *node_load_endpoint;
	char *node_ca_file;
	int node_connect_timeout; /* seconds */
	int node_request_timeout; /* seconds */
	int node_answer_max;	  /* bytes */
	int node_lost_hours;
	int create_attempts;
	int expected_attendees;
	int body_max; /* bytes */
	int poll_window;
	int poll_failures_offline;
	int poll_successes_online;
	int log_target;
	int log_level;
	int record_storage;
	char *record_path;
	int record_free_min; /* MiB */
	int record_lost_days;
	int record_orphan_hours;
	int record_upload_max; /* MiB */
	char *render_path;
	int render_memory; /* MiB */
	int render_threads;
	int render_timeout; /* seconds */
	char *record_meta_data_tag;
	int sendfile;
	char *s3_endpoint, *s3_region, *s3_bucket, *s3_access_key, *s3_secret_key;
	int s3_delivery;
	char *admin_host;	/* "": api_base_domain */
	int admin_remote_user;	/* 1: REMOTE_USER is believed */
	int admin_session_idle; /* seconds */
	int admin_session_max;	/* seconds */
	char *admin_token;
	char *api_mate_url;
	int audit_days;
	char *backend_allow;
	char *trusted_proxies;
	char *player_frames;
	char *public_url; /* "": https://api_base_domain */
	char *callback_deny;
	int webhooks; /* enum conf_webhooks */
	int hook_limit;
	char *hook_deny_events; /* names, separated by commas */
	char *hook_strip;	/* likewise */
	char *dialin_allow;
	char *dialin_numbers;  /* of all tenants, separated by commas */
	char *dialin_password; /* "": nobody asks where a call goes */
	char *dialin_sound_bad, *dialin_sound_pin, *dialin_sound_welcome;
	int dialin_tries;
	int pin_length;
	int history_days; /* 0: none */
	char *time_zone;
	int usage_days;	 /* 0: no sessions */
	int usage_names; /* enum conf_switch */
};

/* Where browsers and nodes reach us, without a slash at the end: public_url, else https://api_base_domain;
 * memory from the arena. */
const char *conf_public_url(const struct conf *conf, struct arena *a) b3lb_nonnull;

/* The host on which the console and the management API answer: admin_host, else api_base_domain. */
const char *conf_admin_host(const struct conf *conf) b3lb_nonnull;

/* The console's address, with scheme and port of public_url; memory from the arena. */
const char *conf_console_url(const struct conf *conf, struct arena *a) b3lb_nonnull;

/* A row of the table, for `b3lb-admin config`, the sample file and the man page's check. */
struct conf_key {
	const char *name;
	enum conf_type type;
	size_t offset;
	const char *preset; /* as it would stand in the file; NULL: required */
	long min, max;	    /* of a number, in the key's own unit */
	const char *const *choices;
	bool secret;
	const char *help;
	/* CONF_TIME, CONF_SIZE: milliseconds or bytes of the key's own unit; CONF_NAME, CONF_URL: enum name_kind */
	long unit;
};

/* The table, ending with a row whose name is NULL. */
extern const struct conf_key conf_keys[];

/* True for a domain name (NAME_HOST of base/name.h); a dot may stand at its end. */
bool conf_domain_valid(const char *s) b3lb_nonnull;
/* A domain as hosts of requests are compared with it: lower case, without the dot that may stand at its end;
 * in place. */
void conf_domain_normalize(char *domain) b3lb_nonnull;
/* "https" or "http": of the URLs made from a node's slug or domain. */
const char *conf_node_protocol(const struct conf *conf) b3lb_nonnull;
/* The file that conf_load reads for this path (NULL: the one that is built in, or B3LB_CONFIG). */
const char *conf_path(const char *path);
/*
 * Reads the file (NULL: B3LB_CONFIG, else the built-in path), then lets B3LB_<KEY> of the environment win.
 * Returns 0, or -1 with err naming file, line, key and rule. On 0 the caller owns the strings: conf_free.
 * Main thread, before others.
 */
int conf_load(struct conf *conf, const char *path, struct err *err) b3lb_mustcheck;
void conf_free(struct conf *conf);
/* Writes one key's value as it would stand in a file into out, cut at size. The caller hides secrets. */
void conf_value(const struct conf *conf, const struct conf_key *key, char *out, size_t size);

#endif
