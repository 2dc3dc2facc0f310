/* SPDX-License-Identifier: ISC */
/* b3lb-admin profile: how videos are made of recordings, and for whom. */
#include "config.h"
#include "admin.h"

#include "core/profile.h"

static const struct admin_option options[] = {
	{"description", ADMIN_TEXT, false, "T"},
	{"source", ADMIN_CHOICE, false, "any|video|podcast|deskshare|webcams"},
	{"type", ADMIN_TEXT, false, "video"},
	{"listed", ADMIN_CHOICE, false, "on|off"},
	{"download", ADMIN_CHOICE, false, "on|off"},
	{"preset", ADMIN_CHOICE, false, "on|off"},
	{"kind", ADMIN_CHOICE, false, "copy|presentation"},
	{"width", ADMIN_COUNT, false, "1280"},
	{"height", ADMIN_COUNT, false, "720"},
	{"fps", ADMIN_COUNT, false, "15"},
	{"crf", ADMIN_COUNT, false, "25"},
	{"speed", ADMIN_CHOICE, false, "ultrafast|superfast|veryfast|faster|fast|medium|slow"},
	{"container", ADMIN_CHOICE, false, "mp4|webm"},
	{"webcams", ADMIN_CHOICE, false, "side|none"},
	{"cursor", ADMIN_CHOICE, false, "on|off"},
	{"annotations", ADMIN_CHOICE, false, "on|off"},
	{"captions", ADMIN_CHOICE, false, "on|off"},
	{NULL, ADMIN_TEXT, false, NULL},
};

static struct profile_settings settings(const struct admin *a)
{
	return (struct profile_settings){
		.name = a->args[0],
		.description = admin_option(a, "description"),
		.source = admin_option(a, "source"),
		.type = admin_option(a, "type"),
		.listed = admin_option(a, "listed"),
		.download = admin_option(a, "download"),
		.preset = admin_option(a, "preset"),
		.kind = admin_option(a, "kind"),
		.width = admin_option(a, "width"),
		.height = admin_option(a, "height"),
		.fps = admin_option(a, "fps"),
		.crf = admin_option(a, "crf"),
		.speed = admin_option(a, "speed"),
		.container = admin_option(a, "container"),
		.webcams = admin_option(a, "webcams"),
		.cursor = admin_option(a, "cursor"),
		.annotations = admin_option(a, "annotations"),
		.captions = admin_option(a, "captions"),
	};
}

static int add(struct admin *a, struct err *err)
{
	const struct profile_settings s = settings(a);

	return admin_explain(profile_add(a->db, &s, err), "profile", a->args[0], err);
}

static int set(struct admin *a, struct err *err)
{
	const struct profile_settings s = settings(a);

	return admin_explain(profile_set(a->db, &s, err), "profile", a->args[0], err);
}

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (profile_list(a->db, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

static int attach(struct admin *a, struct err *err)
{
	char slug[ROUTE_SLUG_MAX + 1];
	int sub_id;

	if (admin_tenant_sub(a->args[0], slug, &sub_id, err) == -1)
		return -1;
	return profile_attach(a->db, slug, sub_id, a->args[1], err);
}

static int detach(struct admin *a, struct err *err)
{
	char slug[ROUTE_SLUG_MAX + 1];
	int sub_id;

	if (admin_tenant_sub(a->args[0], slug, &sub_id, err) == -1)
		return -1;
	return profile_detach(a->db, slug, sub_id, a->args[1], err);
}

static int take_away(struct admin *a, struct err *err)
{
	return admin_explain(profile_remove(a->db, a->args[0], err), "profile", a->args[0], err);
}

const struct admin_command admin_profile_commands[] = {
	{"profile", "add", "NAME", 1, 1, options, false, false, add},
	{"profile", "set", "NAME", 1, 1, options, false, false, set},
	{"profile", "list", "", 0, 0, NULL, false, false, list},
	{"profile", "attach", "TENANT[-SUB] NAME", 2, 2, NULL, false, false, attach},
	{"profile", "detach", "TENANT[-SUB] NAME", 2, 2, NULL, false, false, detach},
	{"profile", "remove", "NAME", 1, 1, NULL, false, true, take_away},
	{NULL, NULL, NULL, 0, 0, NULL, false, false, NULL},
};
