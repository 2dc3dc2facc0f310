/* SPDX-License-Identifier: ISC */
/* The configuration: one table of keys, read from file and environment into one read-only struct. */
#include "config.h"
#include "base/conf.h"

#include "base/buf.h"
#include "base/cidr.h"
#include "base/name.h"
#include "base/sha.h"
#include "base/url.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CONF_LINE_MAX 65536

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

const char *conf_console_url(const struct conf *conf, struct arena *a)
{
	struct url url;

	if (!url_split(a, conf_public_url(conf, a), &url))
		return "";
	return arena_printf(a, "%s://%s%s%s/b3lb/admin/", url.scheme, conf_admin_host(conf),
		*url.port ? ":" : "", url.port);
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
