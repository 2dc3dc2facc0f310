/* SPDX-License-Identifier: ISC */
/* b3lb-admin profile: how videos are made of recordings, and for whom. */
#include "config.h"
#include "change.h"

#include "core/profile.h"

static const struct admin_option options[] = {
	{"description", ADMIN_TEXT, false, "T", "Free text for people."},
	{"source", ADMIN_CHOICE, false, "any|video|podcast|deskshare|webcams",
		"Which video of an archive is taken; any: the best there is."},
	{"type", ADMIN_TEXT, false, "video",
		"What getRecordings calls the format; presentation where the kind is player."},
	{"listed", ADMIN_CHOICE, false, "on|off", "Whether getRecordings lists the videos."},
	{"download", ADMIN_CHOICE, false, "on|off", "Whether browsers are told to save the videos."},
	{"preset", ADMIN_CHOICE, false, "on|off", "Whether secrets without a profile of their own get it."},
	{"kind", ADMIN_CHOICE, false, "copy|presentation|player",
		"Whether the node's video is taken, one is drawn of what the node has published, or that is played in the browser."},
	{"width", ADMIN_COUNT, false, "1280", "Of a drawn video, in pixels; even, 320 to 3840."},
	{"height", ADMIN_COUNT, false, "720", "Of a drawn video, in pixels; even, 320 to 3840."},
	{"fps", ADMIN_COUNT, false, "15", "Pictures a second of a drawn video, 1 to 60."},
	{"crf", ADMIN_COUNT, false, "25", "Quality of a drawn video, 0 to 51; less is better."},
	{"speed", ADMIN_CHOICE, false, "ultrafast|superfast|veryfast|faster|fast|medium|slow",
		"Preset of the coder; slower makes smaller files."},
	{"container", ADMIN_CHOICE, false, "mp4|webm", "Container of a drawn video."},
	{"webcams", ADMIN_CHOICE, false, "side|none", "Where webcams stand in a drawn video."},
	{"cursor", ADMIN_CHOICE, false, "on|off", "Whether the presenter's pointer is drawn."},
	{"annotations", ADMIN_CHOICE, false, "on|off", "Whether what was drawn on slides is drawn."},
	{"captions", ADMIN_CHOICE, false, "on|off", "Whether a drawn video has captions."},
	ADMIN_DRY_RUN,
	{.name = NULL},
};

static int change(struct admin *a, struct err *err)
{
	return admin_change(a, &state_profile, NULL, a->args[0], err);
}

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (profile_list(a->db, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

static int change_secret(struct admin *a, bool add, struct err *err)
{
	char slug[ROUTE_SLUG_MAX + 1];
	struct change secret = {.object = &state_secret, .parent = slug};
	int sub_id;

	if (admin_tenant_sub(a->args[0], slug, &sub_id, err) == -1)
		return -1;
	secret.name = arena_printf(&a->arena, "%d", sub_id);
	return admin_change_list(a, &secret, "profiles", a->args[1], add, err);
}

static int attach(struct admin *a, struct err *err)
{
	return change_secret(a, true, err);
}

static int detach(struct admin *a, struct err *err)
{
	return change_secret(a, false, err);
}

const struct admin_command admin_profile_commands[] = {
	{"profile", "add", "NAME", 1, 1, options, false, false, change,
		"Makes a profile: how a video is made of a recording.",
		"b3lb-admin profile add podcast --source podcast --type podcast"},
	{"profile", "set", "NAME", 1, 1, options, false, false, change,
		"Changes what is given of a profile; the rest stays.",
		"b3lb-admin profile set video --download on"},
	{"profile", "list", "", 0, 0, NULL, false, false, list, "Lists all profiles.",
		"b3lb-admin profile list"},
	{"profile", "attach", "TENANT[-SUB] NAME", 2, 2, admin_dry_run, false, false, attach,
		"Gives a secret a profile of its own.", "b3lb-admin profile attach acme-5 podcast"},
	{"profile", "detach", "TENANT[-SUB] NAME", 2, 2, admin_dry_run, false, false, detach,
		"Takes it away from the secret.", "b3lb-admin profile detach acme-5 podcast"},
	{"profile", "remove", "NAME", 1, 1, admin_dry_run, false, true, change,
		"Removes a profile; videos that were made stay.", "b3lb-admin profile remove podcast"},
	{.object = NULL},
};
