/* SPDX-License-Identifier: ISC */
/* What may become a tenant's branding. */
#include "config.h"
#include "core/asset.h"

#include <magic.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#define TYPES_MAX 12

/* What browsers and BigBlueButton can show; a slide is a document or a picture. */
static const struct {
	size_t max;
	const char *types[TYPES_MAX];
} kinds[ASSET__MAX] = {
	[ASSET_SLIDE] = {30u << 20,
		{"application/pdf", "image/png", "image/jpeg", "image/gif", "image/svg+xml",
			"application/vnd.openxmlformats-officedocument.presentationml.presentation",
			"application/vnd.oasis.opendocument.presentation", "application/vnd.ms-powerpoint"}},
	[ASSET_LOGO] = {1u << 20, {"image/png", "image/jpeg", "image/gif", "image/svg+xml", "image/webp"}},
	[ASSET_CSS] = {1u << 20, {"text/css"}},
};

size_t asset_max(enum asset_kind kind)
{
	return kinds[kind].max;
}

static bool allowed(enum asset_kind kind, const char *type)
{
	for (int i = 0; i < TYPES_MAX && kinds[kind].types[i]; i++)
		if (strcmp(kinds[kind].types[i], type) == 0)
			return true;
	return false;
}

static int refuse(enum asset_kind kind, const char *type, struct err *err)
{
	struct buf list = BUF_INIT;

	for (int i = 0; i < TYPES_MAX && kinds[kind].types[i]; i++)
		buf_printf(&list, "%s%s", i ? ", " : "", kinds[kind].types[i]);
	err_set(err, ERR_INVALID, "a %s cannot be %.80s; it must be one of %s", asset_names[kind], type,
		buf_str(&list));
	buf_free(&list);
	return -1;
}

int asset_type(struct arena *a, enum asset_kind kind, const unsigned char *data, size_t len,
	const char *given, const char **type, struct err *err)
{
	magic_t magic = magic_open(MAGIC_MIME_TYPE);
	const char *found = magic && magic_load(magic, NULL) == 0 ? magic_buffer(magic, data, len) : NULL;
	int rc = 0;

	if (!found) {
		rc = err_set(err, ERR_INTERNAL, "libmagic could not look at the file");
		goto out;
	}
	*type = arena_strdup(a, found);
	/* A style sheet is text to libmagic, often of some programming language. */
	if (kind == ASSET_CSS &&
		(strncmp(found, "text/", 5) == 0 || strcmp(found, "application/json") == 0) &&
		strcmp(found, "text/html") != 0)
		*type = "text/css";
	/* A document in a zip, or an old one, that this libmagic does not know closer. */
	if (given && allowed(kind, given) &&
		(strcmp(found, "application/zip") == 0 || strcmp(found, "application/octet-stream") == 0 ||
			strcmp(found, "application/CDFV2") == 0) &&
		strncmp(given, "application/vnd.", 16) == 0)
		*type = arena_strdup(a, given);
	if (!allowed(kind, *type))
		rc = refuse(kind, *type, err);
	else if (given && strcmp(given, *type) != 0)
		rc = err_set(err, ERR_INVALID, "the type is said to be %.80s, but the file is %.80s", given,
			*type);
out:
	if (magic)
		magic_close(magic);
	return rc;
}

const char *asset_base64(struct arena *a, const unsigned char *data, size_t len)
{
	unsigned char *text = arena_alloc(a, (len + 2) / 3 * 4 + 1);

	EVP_EncodeBlock(text, data, (int)len);
	return (const char *)text;
}
