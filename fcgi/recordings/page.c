/* SPDX-License-Identifier: ISC */
/* What browsers load of the player, read once from where it is installed, and the page that is made for a
 * recording. */
#include "config.h"
#include "recordings.h"

#include "base/sha.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASSET_MAX   (1u << 20)
#define VERSION_LEN 12
#define INDEX	    0

static struct page_asset assets[] = {
	[INDEX] = {.name = "index.html", .mime = "text/html; charset=utf-8"},
	{.name = "controls.js", .mime = "text/javascript; charset=utf-8"},
	{.name = "media.js", .mime = "text/javascript; charset=utf-8"},
	{.name = "panels.js", .mime = "text/javascript; charset=utf-8"},
	{.name = "player.css", .mime = "text/css; charset=utf-8"},
	{.name = "player.js", .mime = "text/javascript; charset=utf-8"},
	{.name = "stage.js", .mime = "text/javascript; charset=utf-8"},
	{.name = "timeline.js", .mime = "text/javascript; charset=utf-8"},
};
static char version[SHA_HEX_MAX + 1];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load_one(struct page_asset *asset)
{
	char path[sizeof(PLAYERDIR) + 32];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", PLAYERDIR, asset->name);
	f = fopen(path, "re");
	if (!f) {
		log_msg(LOG_LEVEL_ERROR, "failure", "could not open %s: the player cannot be shown", path);
		return;
	}
	asset->data = mem_alloc(ASSET_MAX);
	asset->len = fread(asset->data, 1, ASSET_MAX - 1, f);
	asset->data[asset->len] = '\0';
	fclose(f);
}

static void load(void)
{
	struct sha_part parts[ARRAY_SIZE(assets)];

	for (size_t i = 0; i < ARRAY_SIZE(assets); i++) {
		load_one(&assets[i]);
		parts[i] = (struct sha_part){assets[i].data ? assets[i].data : "", assets[i].len};
	}
	sha_hex(SHA_ALG_256, parts, ARRAY_SIZE(parts), version);
	version[VERSION_LEN] = '\0';
}

const char *page_version(void)
{
	pthread_once(&once, load);
	return version;
}

const struct page_asset *page_asset(const char *name)
{
	pthread_once(&once, load);
	/* Not the page itself: it is none without a recording. */
	for (size_t i = INDEX + 1; i < ARRAY_SIZE(assets); i++)
		if (strcmp(assets[i].name, name) == 0)
			return assets[i].data ? &assets[i] : NULL;
	return NULL;
}

/* Of what stands between two "@" in the page. */
static void write_word(const struct player *player, const char *word, size_t len, struct buf *out)
{
	if (len == 6 && strncmp(word, "assets", len) == 0)
		buf_printf(out, "../../player/%s", version);
	else if (len == 5 && strncmp(word, "title", len) == 0)
		buf_xml(out, player->name);
	else if (len == 6 && strncmp(word, "beside", len) == 0)
		buf_puts(out, player->protected ? "r/" : "../../r/");
	else if (len == 5 && strncmp(word, "video", len) == 0 && player->video)
		buf_puts(out, player->video);
	else if (len == 8 && strncmp(word, "download", len) == 0 && player->download)
		buf_puts(out, "1");
	else if (len == 6 && strncmp(word, "tracks", len) == 0)
		buf_xml(out, player->tracks);
}

bool page_write(const struct player *player, struct buf *out)
{
	const char *at, *from, *to;

	pthread_once(&once, load);
	at = assets[INDEX].data;
	if (!at)
		return false;
	while ((from = strchr(at, '@')) && (to = strchr(from + 1, '@'))) {
		buf_add(out, at, (size_t)(from - at));
		write_word(player, from + 1, (size_t)(to - from - 1), out);
		at = to + 1;
	}
	buf_puts(out, at);
	return true;
}
