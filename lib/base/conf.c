/* SPDX-License-Identifier: ISC */
/* The configuration: one table of keys, read from file and environment into one read-only struct. */
#include "config.h"
#include "base/conf.h"

#include "base/buf.h"
#include "base/cidr.h"
#include "base/log.h"
#include "base/name.h"
#include "base/sha.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CONF_LINE_MAX 65536

/* Of one unit of a key's number: what a plain number means. */
#define MS	1
#define SECONDS 1000
#define HOURS	3600000
#define BYTES	1
#define MIB	1048576

/* In the order of their enum, held by the compiler. */
#define CHOICES(name, count, ...)                                                                            \
	static const char *const name[] = {__VA_ARGS__, NULL};                                               \
	_Static_assert(ARRAY_SIZE(name) == (count) + 1, "a word for each value")
CHOICES(choices_pooler, 2, "none", "transaction");
CHOICES(choices_error_status, CONF_ERROR__MAX, [CONF_ERROR_HTTP] = "http", [CONF_ERROR_BBB] = "bbb");
CHOICES(choices_protocol, CONF_PROTOCOL__MAX, [CONF_PROTOCOL_HTTPS] = "https", [CONF_PROTOCOL_HTTP] = "http");
CHOICES(choices_log, LOG_TARGET__MAX, [LOG_TARGET_STDERR] = "stderr", [LOG_TARGET_SYSLOG] = "syslog");
CHOICES(choices_level, LOG_LEVEL__MAX, [LOG_LEVEL_ERROR] = "error", [LOG_LEVEL_WARNING] = "warning",
	[LOG_LEVEL_INFO] = "info", [LOG_LEVEL_DEBUG] = "debug");
CHOICES(choices_storage, CONF_STORAGE__MAX, [CONF_STORAGE_LOCAL] = "local", [CONF_STORAGE_S3] = "s3");
CHOICES(choices_sendfile, CONF_SENDFILE__MAX, [CONF_SENDFILE_NONE] = "none", [CONF_SENDFILE_X] = "x-sendfile",
	[CONF_SENDFILE_AUTO] = "auto");
CHOICES(choices_delivery,
	CONF_DELIVERY__MAX, [CONF_DELIVERY_PROXY] = "proxy", [CONF_DELIVERY_REDIRECT] = "redirect");

#define AT(field) offsetof(struct conf, field)

const struct conf_key conf_keys[] = {
	{"admin_token", CONF_TEXT, AT(admin_token), "", 0, 0, NULL, true,
		"Token that opens the global statistics and metrics; empty: nobody by token."},
	{"allowed_sha_algorithms", CONF_SHA_SET, AT(allowed_sha_algorithms), "sha1,sha256,sha384,sha512", 0,
		0, NULL, false, "Checksum algorithms accepted from clients."},
	{"api_base_domain", CONF_DOMAIN, AT(api_base_domain), NULL, 0, 0, NULL, false,
		"The base domain: a tenant's host is {tenant}.{api_base_domain}."},
	{"backend_allow", CONF_CIDRS, AT(backend_allow), "", 0, 0, NULL, false,
		"Networks of the nodes, which may call /b3lb/b/; empty: nobody."},
	{"body_max", CONF_SIZE, AT(body_max), "64MiB", 1024, 1073741824, NULL, false,
		"Of a request body that the API takes, slides included.", BYTES},
	{"callback_deny", CONF_CIDRS, AT(callback_deny),
		"127.0.0.0/8, ::1, 169.254.0.0/16, fe80::/10, 0.0.0.0/8", 0, 0, NULL, false,
		"Networks that callbacks to clients never go to."},
	{"create_attempts", CONF_INT, AT(create_attempts), "3", 1, 10, NULL, false,
		"Nodes that a create tries before it answers noNodesAvailable."},
	{"database", CONF_TEXT, AT(database), "dbname=b3lb", 0, 0, NULL, true,
		"libpq connection string; several hosts are allowed."},
	{"database_connections", CONF_INT, AT(database_connections), "8", 1, 1000, NULL, false,
		"Database connections of one process."},
	{"database_pooler", CONF_CHOICE, AT(database_pooler), "none", 0, 0, choices_pooler, false,
		"transaction: behind pgbouncer in transaction mode, without named prepared statements; "
		"the role's isolation and date style must be read committed and ISO."},
	{"database_read", CONF_TEXT, AT(database_read), "", 0, 0, NULL, true,
		"libpq connection string of standbys that lists, statistics and metrics are read "
		"from; empty: the database."},
	{"database_read_lag", CONF_TIME, AT(database_read_lag), "10s", 1, 3600, NULL, false,
		"How far a standby may be behind; one that is further is not read from.", SECONDS},
	{"database_timeout", CONF_TIME, AT(database_timeout_ms), "2500ms", 100, 600000, NULL, false,
		"How long a request waits for the database.", MS},
	{"error_status", CONF_CHOICE, AT(error_status), "http", 0, 0, choices_error_status, false,
		"http: API errors carry an HTTP status; bbb: they are 200, as a BigBlueButton server "
		"answers."},
	{"expected_attendees", CONF_INT, AT(expected_attendees), "15", 0, 10000, NULL, false,
		"Attendees that a new meeting is expected to get when nothing better is known."},
	{"log", CONF_CHOICE, AT(log_target), "stderr", 0, 0, choices_log, false, "Where the log goes."},
	{"log_level", CONF_CHOICE, AT(log_level), "info", 0, 0, choices_level, false,
		"The least level that is logged."},
	{"node_answer_max", CONF_SIZE, AT(node_answer_max), "32MiB", 65536, 1073741824, NULL, false,
		"Of a node's answer that is read; a longer one is a failure.", BYTES},
	{"node_bbb_endpoint", CONF_NAME, AT(node_bbb_endpoint), "bigbluebutton/api/", 0, 0, NULL, false,
		"Path of the API on a node.", NAME_PATH},
	{"node_ca_file", CONF_NAME, AT(node_ca_file), "", 0, 0, NULL, false,
		"PEM file of the authorities that sign the nodes' certificates; empty: the system's.",
		NAME_DIRECTORY},
	{"node_concurrency", CONF_INT, AT(node_concurrency), "8", 1, 1000, NULL, false,
		"Calls that one process has under way to one node."},
	{"node_connect_timeout", CONF_TIME, AT(node_connect_timeout), "3s", 1, 60, NULL, false,
		"How long connecting to a node may take.", SECONDS},
	{"node_default_domain", CONF_DOMAIN, AT(node_default_domain), "", 0, 0, NULL, false,
		"Domain of the nodes that have no --domain or --url: {slug}.{node_default_domain}."},
	{"node_load_endpoint", CONF_NAME, AT(node_load_endpoint), "b3lb/load", 0, 0, NULL, false,
		"Path of the load value on a node.", NAME_PATH},
	{"node_protocol", CONF_CHOICE, AT(node_protocol), "https", 0, 0, choices_protocol, false,
		"Protocol of the URLs made from a node's slug or domain."},
	{"node_request_timeout", CONF_TIME, AT(node_request_timeout), "10s", 1, 600, NULL, false,
		"How long a whole call to a node may take.", SECONDS},
	{"poll_failures_offline", CONF_INT, AT(poll_failures_offline), "2", 1, 100, NULL, false,
		"Failed polls in a row that take a node offline."},
	{"poll_successes_online", CONF_INT, AT(poll_successes_online), "1", 1, 100, NULL, false,
		"Good polls in a row that bring it back."},
	{"poll_window", CONF_INT, AT(poll_window), "64", 1, 1000, NULL, false,
		"Nodes that are polled at once."},
	{"public_url", CONF_URL, AT(public_url), "", 0, 0, NULL, false,
		"URL under which nodes and browsers reach this service; empty: https:// and "
		"api_base_domain.",
		NAME_URL},
	{"record_free_min", CONF_SIZE, AT(record_free_min), "1GiB", 0, 1048576, NULL, false,
		"What stays free on the disk of record_path: an upload that would not leave it is refused.",
		MIB},
	{"record_lost_days", CONF_INT, AT(record_lost_days), "30", 1, 36500, NULL, false,
		"Days for which b3lb-cleanup keeps a stored file that no recording refers to, put aside, before it "
		"deletes it."},
	{"record_meta_data_tag", CONF_NAME, AT(record_meta_data_tag), "b3lb-recordset", 0, 0, NULL, false,
		"Meta key that carries a record set's nonce to the node.", NAME_META},
	{"record_orphan_hours", CONF_TIME, AT(record_orphan_hours), "24h", 0, 8760, NULL, false,
		"After so long b3lb-cleanup puts a stored file aside that no recording refers to; more than an upload takes.",
		HOURS},
	{"record_path", CONF_NAME, AT(record_path), STATEDIR "/recordings", 0, 0, NULL, false,
		"Directory of the recordings when record_storage is local; of no other database's.",
		NAME_DIRECTORY},
	{"record_storage", CONF_CHOICE, AT(record_storage), "local", 0, 0, choices_storage, false,
		"Where recordings are kept."},
	{"record_upload_max", CONF_SIZE, AT(record_upload_max), "20GiB", 1, 49152, NULL, false,
		"Of a recording that a node may send.", MIB},
	{"render_memory", CONF_SIZE, AT(render_memory), "2GiB", 64, 1048576, NULL, false,
		"Memory that each of b3lb-compose, ffmpeg and ffprobe may use.", MIB},
	{"render_path", CONF_NAME, AT(render_path), STATEDIR "/render", 0, 0, NULL, false,
		"Directory for the files that b3lb-render works on, as large as the largest recordings.",
		NAME_DIRECTORY},
	{"render_threads", CONF_INT, AT(render_threads), "1", 1, 64, NULL, false,
		"Threads that coding one video may use; several b3lb-render run beside each other anyway."},
	{"render_timeout", CONF_TIME, AT(render_timeout), "2h", 1, 604800, NULL, false,
		"How long making one video may take.", SECONDS},
	{"s3_access_key", CONF_TEXT, AT(s3_access_key), "", 0, 0, NULL, false,
		"Access key id of the object store."},
	{"s3_bucket", CONF_NAME, AT(s3_bucket), "", 0, 0, NULL, false,
		"Bucket of the recordings; of no other database's.", NAME_BUCKET},
	{"s3_delivery", CONF_CHOICE, AT(s3_delivery), "proxy", 0, 0, choices_delivery, false,
		"proxy: recordings are sent through us; redirect: to a presigned URL of the store."},
	{"s3_endpoint", CONF_URL, AT(s3_endpoint), "", 0, 0, NULL, false, "URL of the object store.",
		NAME_URL},
	{"s3_region", CONF_NAME, AT(s3_region), "us-east-1", 0, 0, NULL, false,
		"Region that requests are signed for.", NAME_REGION},
	{"s3_secret_key", CONF_TEXT, AT(s3_secret_key), "", 0, 0, NULL, true,
		"Secret key of the object store."},
	{"sendfile", CONF_CHOICE, AT(sendfile), "auto", 0, 0, choices_sendfile, false,
		"auto: the web server sends local recordings itself where its own configuration says that it can; "
		"x-sendfile: always; none: never."},
	{"threads", CONF_INT, AT(threads), "32", 1, 1000, NULL, false,
		"Requests that one process answers at once."},
	{"trusted_proxies", CONF_CIDRS, AT(trusted_proxies), "", 0, 0, NULL, false,
		"Networks of proxies whose X-Forwarded-* headers are believed; empty: nobody's."},
	{NULL, CONF_TEXT, 0, NULL, 0, 0, NULL, false, NULL},
};

/* What has been read so far, for messages that say where. */
struct conf_source {
	const char *name; /* file, or "environment" */
	int line;
};

static char **conf_text_at(const struct conf *conf, const struct conf_key *key)
{
	return (char **)(void *)((char *)(uintptr_t)conf + key->offset);
}

static int *conf_int_at(const struct conf *conf, const struct conf_key *key)
{
	return (int *)(void *)((char *)(uintptr_t)conf + key->offset);
}

static bool conf_is_text(const struct conf_key *key)
{
	switch (key->type) {
	case CONF_TEXT:
	case CONF_CIDRS:
	case CONF_DOMAIN:
	case CONF_NAME:
	case CONF_URL:
		return true;
	case CONF_INT:
	case CONF_TIME:
	case CONF_SIZE:
	case CONF_CHOICE:
	case CONF_SHA_SET:
		break;
	}
	return false;
}

static int conf_parse_int(const struct conf_key *key, const char *value, int *out, char *rule, size_t size)
{
	char *end = NULL;
	long n;

	errno = 0;
	n = strtol(value, &end, 10);
	if (errno || end == value || *end || n < key->min || n > key->max) {
		snprintf(rule, size, "must be a whole number from %ld to %ld", key->min, key->max);
		return -1;
	}
	*out = (int)n;
	return 0;
}

/* The units that a number of a type may have, the largest first. */
struct conf_unit {
	const char *name;
	long long factor;
	bool shown; /* conf_value writes it */
};
static const struct conf_unit conf_times[] = {{"d", 86400000, false}, {"h", 3600000, true},
	{"min", 60000, true}, {"s", 1000, true}, {"ms", 1, true}, {NULL, 0, false}};
static const struct conf_unit conf_sizes[] = {{"GiB", 1 << 30, true}, {"MiB", 1 << 20, true},
	{"KiB", 1 << 10, true}, {"B", 1, true}, {NULL, 0, false}};

static const struct conf_unit *conf_units(const struct conf_key *key)
{
	return key->type == CONF_TIME ? conf_times : conf_sizes;
}

/* A number of the key's units as text: 2500 of MS is "2500ms", 64 of MIB "64MiB". */
static void conf_show(const struct conf_key *key, long n, char *out, size_t size)
{
	const struct conf_unit *u = conf_units(key);
	long long whole = (long long)n * key->unit;

	while (!u->shown || whole % u->factor || (!whole && u->factor > key->unit))
		u++;
	snprintf(out, size, "%lld%s", whole / u->factor, u->name);
}

/* "2500ms", "10 s", "1GiB", or a plain number of the key's own unit. */
static int conf_parse_quantity(
	const struct conf_key *key, const char *value, int *out, char *rule, size_t size)
{
	char *end = NULL, from[32], to[32], plain[32];
	const struct conf_unit *u = conf_units(key);
	long long n, factor = key->unit;

	errno = 0;
	n = strtoll(value, &end, 10);
	end += strspn(end, " ");
	if (*end) {
		while (u->name && strcasecmp(u->name, end) != 0)
			u++;
		factor = u->factor;
	}
	if (!errno && isdigit((unsigned char)*value) && factor && n <= LLONG_MAX / factor &&
		n * factor % key->unit == 0 && n * factor / key->unit >= key->min &&
		n * factor / key->unit <= key->max) {
		*out = (int)(n * factor / key->unit);
		return 0;
	}
	conf_show(key, key->min, from, sizeof(from));
	conf_show(key, key->max, to, sizeof(to));
	conf_show(key, 1, plain, sizeof(plain));
	snprintf(rule, size, "must be a whole %s from %s to %s, in %s; a plain number counts %s",
		key->type == CONF_TIME ? "time" : "size", from, to,
		key->type == CONF_TIME ? "ms, s, min, h or d" : "B, KiB, MiB or GiB", plain);
	return -1;
}

static int conf_parse_choice(const struct conf_key *key, const char *value, int *out, char *rule, size_t size)
{
	size_t used = 0;

	for (int i = 0; key->choices[i]; i++) {
		if (strcmp(key->choices[i], value) == 0) {
			*out = i;
			return 0;
		}
	}
	used = (size_t)snprintf(rule, size, "must be one of");
	for (int i = 0; key->choices[i] && used < size; i++)
		used += (size_t)snprintf(rule + used, size - used, "%s %s", i ? "," : "", key->choices[i]);
	return -1;
}

static int conf_parse_sha_set(const char *value, int *out, char *rule, size_t size)
{
	char name[16];
	int set = 0, alg;

	for (value += strspn(value, ", \t"); *value; value += strspn(value, ", \t")) {
		size_t len = strcspn(value, ", \t");

		snprintf(name, sizeof(name), "%.*s", (int)(len < sizeof(name) ? len : sizeof(name) - 1),
			value);
		alg = sha_alg_by_name(name);
		if (alg < 0) {
			snprintf(rule, size, "must be a list of sha1, sha256, sha384, sha512");
			return -1;
		}
		set |= 1 << alg;
		value += len;
	}
	if (!set)
		snprintf(rule, size, "must name at least one of sha1, sha256, sha384, sha512");
	*out = set;
	return set ? 0 : -1;
}

bool conf_domain_valid(const char *s)
{
	char host[256];
	size_t len = strlen(s);

	if (len >= sizeof(host))
		return false;
	memcpy(host, s, len + 1);
	if (len && host[len - 1] == '.')
		host[len - 1] = '\0';
	return name_fits(NAME_HOST, host);
}

void conf_domain_normalize(char *domain)
{
	size_t len = strlen(domain);

	if (len && domain[len - 1] == '.')
		domain[len - 1] = '\0';
	for (char *p = domain; *p; p++)
		*p = (char)tolower((unsigned char)*p);
}

/* Sets one key from its text; on failure rule says what it must be. */
static int conf_set(struct conf *conf, const struct conf_key *key, const char *value, char *rule, size_t size)
{
	/* What is empty unless it is said may be said to be empty. */
	bool empty = !*value && key->preset && !*key->preset;

	switch (key->type) {
	case CONF_INT:
		return conf_parse_int(key, value, conf_int_at(conf, key), rule, size);
	case CONF_TIME:
	case CONF_SIZE:
		return conf_parse_quantity(key, value, conf_int_at(conf, key), rule, size);
	case CONF_SHA_SET:
		return conf_parse_sha_set(value, conf_int_at(conf, key), rule, size);
	case CONF_CHOICE:
		return conf_parse_choice(key, value, conf_int_at(conf, key), rule, size);
	case CONF_CIDRS:
		if (!cidr_list_valid(value)) {
			snprintf(rule, size, "must be a list of addresses or networks such as 192.0.2.0/24");
			return -1;
		}
		break;
	case CONF_DOMAIN:
		if (!empty && !conf_domain_valid(value)) {
			snprintf(rule, size, "must be a domain name");
			return -1;
		}
		break;
	case CONF_NAME:
	case CONF_URL:
		if (!empty && !name_fits((enum name_kind)key->unit, value)) {
			snprintf(rule, size, "%s", name_rule((enum name_kind)key->unit));
			return -1;
		}
		break;
	case CONF_TEXT:
		break;
	}
	free(*conf_text_at(conf, key));
	*conf_text_at(conf, key) = mem_strdup(value);
	if (key->type == CONF_DOMAIN)
		conf_domain_normalize(*conf_text_at(conf, key));
	return 0;
}

static const struct conf_key *conf_find(const char *name)
{
	for (const struct conf_key *k = conf_keys; k->name; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

static int conf_apply(struct conf *conf, const struct conf_source *src, const char *name, const char *value,
	struct err *err)
{
	const struct conf_key *key = conf_find(name);
	char where[320], rule[256];

	if (src->line)
		snprintf(where, sizeof(where), "%s line %d", src->name, src->line);
	else
		snprintf(where, sizeof(where), "%s", src->name);
	if (!key)
		return err_set(err, ERR_INVALID, "%s: unknown key '%.64s'", where, name);
	if (conf_set(conf, key, value, rule, sizeof(rule)) == -1)
		return err_set(err, ERR_INVALID, "%s: %s %s", where, key->name, rule);
	return 0;
}

static char *conf_trim(char *s)
{
	size_t len;

	s += strspn(s, " \t\r\n");
	len = strlen(s);
	while (len && strchr(" \t\r\n", s[len - 1]))
		s[--len] = '\0';
	return s;
}

static int conf_read_line(struct conf *conf, const struct conf_source *src, char *line, struct err *err)
{
	char *name = conf_trim(line), *eq;

	if (*name == '\0' || *name == '#')
		return 0;
	eq = strchr(name, '=');
	if (!eq)
		return err_set(err, ERR_INVALID, "%s line %d: must be 'key = value'", src->name, src->line);
	*eq = '\0';
	return conf_apply(conf, src, conf_trim(name), conf_trim(eq + 1), err);
}

static int conf_read_file(struct conf *conf, const char *path, struct err *err)
{
	struct conf_source src = {.name = path};
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	int rc = 0;

	if (!f)
		return err_set(
			err, ERR_INVALID, "could not read configuration %s: %s", path, strerror(errno));
	while (rc == 0 && (len = getline(&line, &cap, f)) != -1) {
		src.line++;
		if (len > CONF_LINE_MAX || memchr(line, '\0', (size_t)len))
			rc = err_set(err, ERR_INVALID, "%s line %d: not a line of text", path, src.line);
		else
			rc = conf_read_line(conf, &src, line, err);
	}
	if (rc == 0 && ferror(f))
		rc = err_set(err, ERR_INVALID, "could not read configuration %s: %s", path, strerror(errno));
	free(line);
	fclose(f);
	return rc;
}

static int conf_read_environment(struct conf *conf, struct err *err)
{
	for (const struct conf_key *k = conf_keys; k->name; k++) {
		char name[64] = "B3LB_";
		struct conf_source src = {.name = name};
		const char *value;
		size_t at = 5;

		for (const char *p = k->name; *p && at < sizeof(name) - 1; p++)
			name[at++] = (char)toupper((unsigned char)*p);
		name[at] = '\0';
		value = getenv(name);
		if (value && conf_apply(conf, &src, k->name, value, err) == -1)
			return -1;
	}
	return 0;
}

const char *conf_node_protocol(const struct conf *conf)
{
	return choices_protocol[conf->node_protocol];
}

const char *conf_path(const char *path)
{
	if (!path || !*path)
		path = getenv("B3LB_CONFIG");
	return path && *path ? path : SYSCONFDIR "/b3lb/b3lb.conf";
}

int conf_load(struct conf *conf, const char *path, struct err *err)
{
	const struct conf_source presets = {.name = "built-in"};
	const char *from = conf_path(path);

	memset(conf, 0, sizeof(*conf));
	for (const struct conf_key *k = conf_keys; k->name; k++)
		if (k->preset && conf_apply(conf, &presets, k->name, k->preset, err) == -1)
			goto fail;
	if (conf_read_file(conf, from, err) == -1 || conf_read_environment(conf, err) == -1)
		goto fail;
	for (const struct conf_key *k = conf_keys; k->name; k++) {
		if (!k->preset && !*conf_text_at(conf, k)) {
			err_set(err, ERR_INVALID, "%s: required key %s is missing", from, k->name);
			goto fail;
		}
	}
	return 0;
fail:
	conf_free(conf);
	return -1;
}

const char *conf_public_url(const struct conf *conf, struct arena *a)
{
	size_t len = strlen(conf->public_url);

	while (len && conf->public_url[len - 1] == '/')
		len--;
	return len ? arena_strndup(a, conf->public_url, len)
		   : arena_printf(a, "https://%s", conf->api_base_domain);
}

void conf_free(struct conf *conf)
{
	for (const struct conf_key *k = conf_keys; k->name; k++)
		if (conf_is_text(k))
			free(*conf_text_at(conf, k));
	memset(conf, 0, sizeof(*conf));
}

void conf_value(const struct conf *conf, const struct conf_key *key, char *out, size_t size)
{
	size_t used = 0;

	if (conf_is_text(key)) {
		snprintf(out, size, "%s", *conf_text_at(conf, key));
	} else if (key->type == CONF_CHOICE) {
		snprintf(out, size, "%s", key->choices[*conf_int_at(conf, key)]);
	} else if (key->type == CONF_INT) {
		snprintf(out, size, "%d", *conf_int_at(conf, key));
	} else if (key->type == CONF_TIME || key->type == CONF_SIZE) {
		conf_show(key, *conf_int_at(conf, key), out, size);
	} else {
		out[0] = '\0';
		for (int i = 0; i < SHA_ALG__MAX && used < size; i++)
			if (*conf_int_at(conf, key) & 1 << i)
				used += (size_t)snprintf(
					out + used, size - used, "%s%s", used ? "," : "", sha_names[i]);
	}
}
