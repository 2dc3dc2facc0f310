/* SPDX-License-Identifier: ISC */
/* b3lb-admin asset: a tenant's logo, default slide and style sheet. */
#include "config.h"
#include "change.h"
#include "json.h"

#include "core/asset.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct admin_option set_options[] = {
	{"type", ADMIN_TEXT, false, "MIME", "MIME type, where what the file is found to be is not exact."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};

static int parse_kind(const char *name, enum asset_kind *kind, struct err *err)
{
	for (int i = 0; i < ASSET__MAX; i++) {
		if (strcmp(asset_names[i], name) == 0) {
			*kind = (enum asset_kind)i;
			return 0;
		}
	}
	return err_set(err, ERR_INVALID, "'%.32s' must be slide, logo or css", name);
}

static int read_file(
	struct admin *a, const char *path, size_t max, unsigned char **data, size_t *len, struct err *err)
{
	int fd = admin_open(path, O_RDONLY), rc = -1;
	struct stat st;
	ssize_t n = 0;

	*len = 0;
	if (fd == -1 || fstat(fd, &st) == -1) {
		err_set(err, ERR_INVALID, "could not read %s: %s", path, strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		err_set(err, ERR_INVALID, "could not read %s: not a file", path);
	} else if (st.st_size == 0 || (unsigned long long)st.st_size > max) {
		err_set(err, ERR_LIMIT, "%s has %lld bytes; from 1 to %zu are allowed", path,
			(long long)st.st_size, max);
	} else {
		*data = arena_alloc(&a->arena, (size_t)st.st_size);
		while (*len < (size_t)st.st_size &&
			(n = read(fd, *data + *len, (size_t)st.st_size - *len)) > 0)
			*len += (size_t)n;
		rc = *len == (size_t)st.st_size ? 0
						: err_set(err, ERR_INVALID, "could not read %s whole", path);
	}
	if (fd != -1)
		close(fd);
	return rc;
}

static int set(struct admin *a, struct err *err)
{
	const char *path = a->args[2], *base = strrchr(path, '/');
	struct change change = {
		.object = &state_asset, .parent = a->args[0], .name = a->args[1], .kind = CHANGE_PUT};
	unsigned char *data = NULL;
	enum asset_kind kind = ASSET_SLIDE;
	json_t *body;
	size_t len;
	int rc;

	if (parse_kind(a->args[1], &kind, err) == -1 ||
		read_file(a, path, asset_max(kind), &data, &len, err) == -1)
		return -1;
	body = admin_body(a, &state_asset, err);
	if (!body)
		return -1;
	json_object_set_new(body, "name", admin_json_text(base ? base + 1 : path));
	json_object_set_new(body, "data", json_string(asset_base64(&a->arena, data, len)));
	change.body = body;
	rc = admin_changes(a, &change, 1, err);
	json_decref(body);
	return rc;
}

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (asset_list(a->db, a->arg_count ? a->args[0] : NULL, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

static int take_away(struct admin *a, struct err *err)
{
	enum asset_kind kind = ASSET_SLIDE;

	if (parse_kind(a->args[1], &kind, err) == -1)
		return -1;
	return admin_change(a, &state_asset, a->args[0], a->args[1], err);
}

const struct admin_command admin_asset_commands[] = {
	{"asset", "set", "TENANT slide|logo|css FILE", 3, 3, set_options, false, false, set,
		"Stores a tenant's logo, first slide or style sheet.",
		"b3lb-admin asset set acme logo logo.png"},
	{"asset", "list", "[TENANT]", 0, 1, NULL, false, false, list, "Lists what is stored.",
		"b3lb-admin asset list acme"},
	{"asset", "remove", "TENANT slide|logo|css", 2, 2, admin_dry_run, false, true, take_away,
		"Takes it away.", "b3lb-admin asset remove acme logo"},
	{.object = NULL},
};
