/* SPDX-License-Identifier: ISC */
/* The configuration: one table of keys, read from file and environment into one read-only struct. */
#include "config.h"
#include "base/conf.h"

#include "base/buf.h"
#include "base/sha.h"
#include "base/cidr.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CONF_LINE_MAX 65536

static const char *const choices_pooler[] = {"none", "transaction", NULL};
static const char *const choices_error_status[] = {"http", "bbb", NULL};
static const char *const choices_protocol[] = {"https", "http", NULL};
static const char *const choices_log[] = {"stderr", "syslog", NULL};
static const char *const choices_level[] = {"error", "warning", "info", "debug", NULL};
static const char *const choices_storage[] = {"local", "s3", NULL};
static const char *const choices_sendfile[] = {"none", "x-sendfile", NULL};
static const char *const choices_delivery[] = {"proxy", "redirect", NULL};

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
	{"body_max", CONF_INT, AT(body_max), "67108864", 1024, 1073741824, NULL, false,
		"Bytes of a request body that the API takes, slides included."},
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
		"transaction: behind pgbouncer in transaction mode, without named prepared statements."},
	{"database_read", CONF_TEXT, AT(database_read), "", 0, 0, NULL, true,
		"libpq connection string of standbys that lists, statistics and metrics are read "
		"from; empty: the database."},
	{"database_read_lag", CONF_INT, AT(database_read_lag), "10", 1, 3600, NULL, false,
		"Seconds that a standby may be behind; one that is further is not read from."},
	{"database_timeout", CONF_INT, AT(database_timeout_ms), "2500", 100, 600000, NULL, false,
		"Milliseconds that a request waits for the database."},
	{"error_status", CONF_CHOICE, AT(error_status), "http", 0, 0, choices_error_status, false,
		"http: API errors carry an HTTP status; bbb: they are 200, as a BigBlueButton server "
		"answers."},
	{"expected_attendees", CONF_INT, AT(expected_attendees), "15", 0, 10000, NULL, false,
		"Attendees that a new meeting is expected to get when nothing better is known."},
	{"log", CONF_CHOICE, AT(log_target), "stderr", 0, 0, choices_log, false, "Where the log goes."},
	{"log_level", CONF_CHOICE, AT(log_level), "info", 0, 0, choices_level, false,
		"The least level that is logged."},
	{"node_answer_max", CONF_INT, AT(node_answer_max), "33554432", 65536, 1073741824, NULL, false,
		"Bytes of a node's answer that are read; a longer one is a failure."},
	{"node_bbb_endpoint", CONF_TEXT, AT(node_bbb_endpoint), "bigbluebutton/api/", 0, 0, NULL, false,
		"Path of the API on a node."},
	{"node_ca_file", CONF_TEXT, AT(node_ca_file), "", 0, 0, NULL, false,
		"PEM file of the authorities that sign the nodes' certificates; empty: the system's."},
	{"node_concurrency", CONF_INT, AT(node_concurrency), "8", 1, 1000, NULL, false,
		"Calls that one process has under way to one node."},
	{"node_connect_timeout", CONF_INT, AT(node_connect_timeout), "3", 1, 60, NULL, false,
		"Seconds to connect to a node."},
	{"node_default_domain", CONF_TEXT, AT(node_default_domain), "", 0, 0, NULL, false,
		"Domain of the nodes that have no --domain or --url: {slug}.{node_default_domain}."},
	{"node_load_endpoint", CONF_TEXT, AT(node_load_endpoint), "b3lb/load", 0, 0, NULL, false,
		"Path of the load value on a node."},
	{"node_protocol", CONF_CHOICE, AT(node_protocol), "https", 0, 0, choices_protocol, false,
		"Protocol of the URLs made from a node's slug or domain."},
	{"node_request_timeout", CONF_INT, AT(node_request_timeout), "10", 1, 600, NULL, false,
		"Seconds for a whole call to a node."},
	{"poll_failures_offline", CONF_INT, AT(poll_failures_offline), "2", 1, 100, NULL, false,
		"Failed polls in a row that take a node offline."},
	{"poll_successes_online", CONF_INT, AT(poll_successes_online), "1", 1, 100, NULL, false,
		"Good polls in a row that bring it back."},
	{"poll_window", CONF_INT, AT(poll_window), "64", 1, 1000, NULL, false,
		"Nodes that are polled at once."},
	{"public_url", CONF_TEXT, AT(public_url), "", 0, 0, NULL, false,
		"URL under which nodes and browsers reach this service; empty: https:// and "
		"api_base_domain."},
	{"record_free_min", CONF_INT, AT(record_free_min), "1024", 0, 1048576, NULL, false,
		"MiB that stay free on the disk of record_path: an upload that would not leave them is "
		"refused."},
	{"record_lost_days", CONF_INT, AT(record_lost_days), "30", 1, 36500, NULL, false,
		"Days for which b3lb-cleanup keeps a stored file that no recording refers to, put aside, before it "
		"deletes it."},
	{"record_meta_data_tag", CONF_TEXT, AT(record_meta_data_tag), "b3lb-recordset", 0, 0, NULL, false,
		"Meta key that carries a record set's nonce to the node."},
	{"record_orphan_hours", CONF_INT, AT(record_orphan_hours), "24", 0, 8760, NULL, false,
		"Hours after which b3lb-cleanup puts a stored file aside that no recording refers to; more than "
		"an upload takes."},
	{"record_path", CONF_TEXT, AT(record_path), STATEDIR "/recordings", 0, 0, NULL, false,
		"Directory of the recordings when record_storage is local; of no other database's."},
	{"record_storage", CONF_CHOICE, AT(record_storage), "local", 0, 0, choices_storage, false,
		"Where recordings are kept."},
	{"record_upload_max", CONF_INT, AT(record_upload_max), "20480", 1, 49152, NULL, false,
		"MiB of a recording that a node may send."},
	{"render_memory", CONF_INT, AT(render_memory), "2048", 64, 1048576, NULL, false,
		"MiB of memory that each of b3lb-compose, ffmpeg and ffprobe may use."},
	{"render_path", CONF_TEXT, AT(render_path), STATEDIR "/render", 0, 0, NULL, false,
		"Directory for the files that b3lb-render works on, as large as the largest recordings."},
	{"render_threads", CONF_INT, AT(render_threads), "1", 1, 64, NULL, false,
		"Threads that coding one video may use; several b3lb-render run beside each other anyway."},
	{"render_timeout", CONF_INT, AT(render_timeout), "7200", 1, 604800, NULL, false,
		"Seconds that making one video may take."},
	{"s3_access_key", CONF_TEXT, AT(s3_access_key), "", 0, 0, NULL, false,
		"Access key id of the object store."},
	{"s3_bucket", CONF_TEXT, AT(s3_bucket), "", 0, 0, NULL, false,
		"Bucket of the recordings; of no other database's."},
	{"s3_delivery", CONF_CHOICE, AT(s3_delivery), "proxy", 0, 0, choices_delivery, false,
		"proxy: recordings are sent through us; redirect: to a presigned URL of the store."},
	{"s3_endpoint", CONF_TEXT, AT(s3_endpoint), "", 0, 0, NULL, false, "URL of the object store."},
	{"s3_region", CONF_TEXT, AT(s3_region), "us-east-1", 0, 0, NULL, false,
		"Region that requests are signed for."},
	{"s3_secret_key", CONF_TEXT, AT(s3_secret_key), "", 0, 0, NULL, true,
		"Secret key of the object store."},
	{"sendfile", CONF_CHOICE, AT(sendfile), "none", 0, 0, choices_sendfile, false,
		"x-sendfile: the web server sends local recordings itself; it must be set up for that."},
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
	return key->type == CONF_TEXT || key->type == CONF_CIDRS || key->type == CONF_DOMAIN;
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
	if (!*s || strlen(s) > 253 || *s == '.' || *s == '-' || strstr(s, ".."))
		return false;
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")] == '\0';
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
	switch (key->type) {
	case CONF_INT:
		return conf_parse_int(key, value, conf_int_at(conf, key), rule, size);
	case CONF_SHA_SET:
		return conf_parse_sha_set(value, conf_int_at(conf, key), rule, size);
	case CONF_CHOICE:
		/* node_protocol is the one choice whose text is used as it is. */
		if (key->offset != AT(node_protocol))
			return conf_parse_choice(key, value, conf_int_at(conf, key), rule, size);
		int unused;

		if (conf_parse_choice(key, value, &unused, rule, size) == -1)
			return -1;
		break;
	case CONF_CIDRS:
		if (!cidr_list_valid(value)) {
			snprintf(rule, size, "must be a list of addresses or networks such as 192.0.2.0/24");
			return -1;
		}
		break;
	case CONF_DOMAIN:
		if (!conf_domain_valid(value)) {
			snprintf(rule, size, "must be a domain name");
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
		if (conf_is_text(k) || k->offset == AT(node_protocol))
			free(*conf_text_at(conf, k));
	memset(conf, 0, sizeof(*conf));
}

void conf_value(const struct conf *conf, const struct conf_key *key, char *out, size_t size)
{
	size_t used = 0;

	if (conf_is_text(key) || key->offset == AT(node_protocol)) {
		snprintf(out, size, "%s", *conf_text_at(conf, key));
	} else if (key->type == CONF_CHOICE) {
		snprintf(out, size, "%s", key->choices[*conf_int_at(conf, key)]);
	} else if (key->type == CONF_INT) {
		snprintf(out, size, "%d", *conf_int_at(conf, key));
	} else {
		out[0] = '\0';
		for (int i = 0; i < SHA_ALG__MAX && used < size; i++)
			if (*conf_int_at(conf, key) & 1 << i)
				used += (size_t)snprintf(
					out + used, size - used, "%s%s", used ? "," : "", sha_names[i]);
	}
}
