/* SPDX-License-Identifier: ISC */
/* b3lb-admin recording: what has arrived, and what is to become of it. */
#include "config.h"
#include "change.h"
#include "import.h"
#include "json.h"

#include "core/recording_operator.h"
#include "core/tenant.h"

#include <stdio.h>

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (recording_operator_list(a->db, a->arg_count ? a->args[0] : NULL, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

/* Whose recordings are meant: --tenant; NULL: anybody's. */
static int find_tenants(struct admin *a, const char **tenants, struct err *err)
{
	const char *tenant = admin_option(a, "tenant");

	return tenant ? tenant_ids(a->db, &a->arena, tenant, tenants, err) : 0;
}

static int show(struct admin *a, struct err *err)
{
	struct recording_shown shown = {0};
	const char *tenants = NULL;

	if (find_tenants(a, &tenants, err) == -1 ||
		recording_operator_show(a->db, a->args[0], tenants, &shown, err) == -1)
		return -1;
	if (a->json) {
		admin_json_print(json_pack("{s:o, s:o, s:o}", "recording",
			admin_json_rows(shown.recording, true), "way", admin_json_rows(shown.way, false),
			"videos", admin_json_rows(shown.videos, false)));
		recording_shown_free(&shown);
		return 0;
	}
	admin_print(a, shown.recording, true);
	printf("\n");
	admin_print(a, shown.way, false);
	printf("\n");
	admin_print(a, shown.videos, false);
	return 0;
}

/* done: as the audit says it. */
static int change(struct admin *a, enum recording_action action, const char *done, struct err *err)
{
	struct recording_names names = {.ids = a->args, .count = a->arg_count};
	struct buf lines = BUF_INIT;

	if (find_tenants(a, &names.tenants, err) == -1 ||
		recording_operator_change(a->db, &names, action, admin_actor(a), err) == -1)
		return -1;
	for (int i = 0; i < a->arg_count; i++)
		buf_printf(&lines, "recording %s: %s\n", a->args[i], done);
	if (admin_is_dry(a))
		admin_print_dry(a, &lines);
	buf_free(&lines);
	return 0;
}

static int publish(struct admin *a, struct err *err)
{
	return change(a, RECORDING_PUBLISH, "published", err);
}

static int unpublish(struct admin *a, struct err *err)
{
	return change(a, RECORDING_UNPUBLISH, "unpublished", err);
}

static int take_away(struct admin *a, struct err *err)
{
	return change(a, RECORDING_DELETE, "deleted", err);
}

static int rerender(struct admin *a, struct err *err)
{
	return change(a, RECORDING_RERENDER, "rendered anew", err);
}

#define OF_TENANT                                                                                            \
	{                                                                                                    \
		"tenant", ADMIN_TEXT, false, "T",                                                            \
			"Only those of this tenant; where several have one of that id it must be said."      \
	}
static const struct admin_option show_options[] = {
	OF_TENANT,
	{.name = NULL},
};
static const struct admin_option change_options[] = {
	OF_TENANT,
	ADMIN_DRY_RUN,
	{.name = NULL},
};

static const struct admin_option import_options[] = {
	{"published", ADMIN_TEXT, false, "DIR",
		"All recordings of a directory, as below /var/bigbluebutton/published on a node or with Scalelite."},
	{"tenant", ADMIN_TEXT, false, "T[-SUB]", "Whose they are, instead of the first name."},
	{"dry-run", ADMIN_SWITCH, false, NULL,
		"Says what would be imported, and changes nothing; not with --lost."},
	{"lost", ADMIN_SWITCH, false, NULL,
		"Takes back what b3lb-cleanup has put aside: those of these record ids, or all."},
	{.name = NULL},
};

const struct admin_command admin_recording_commands[] = {
	{"recording", "list", "[TENANT]", 0, 1, NULL, false, false, list,
		"Lists recordings, the newest first.", "b3lb-admin recording list acme"},
	{"recording", "show", "RECORDID", 1, 1, show_options, false, false, show,
		"Shows one recording with its way up to here and its videos.",
		"b3lb-admin recording show 183f0bf3a0982a127bdb8161e0c44eb696b3e75c-1531240585189"},
	{"recording", "publish", "RECORDID...", 1, ADMIN_ARGS_MAX, change_options, false, false, publish,
		"Lets people see recordings.", "b3lb-admin recording publish RECORDID"},
	{"recording", "unpublish", "RECORDID...", 1, ADMIN_ARGS_MAX, change_options, false, false, unpublish,
		"Hides recordings from people.", "b3lb-admin recording unpublish RECORDID"},
	{"recording", "delete", "RECORDID...", 1, ADMIN_ARGS_MAX, change_options, false, true, take_away,
		"Deletes recordings with their files.", "b3lb-admin recording delete RECORDID"},
	{"recording", "rerender", "RECORDID...", 1, ADMIN_ARGS_MAX, change_options, false, false, rerender,
		"Makes the videos of recordings anew.", "b3lb-admin recording rerender RECORDID"},
	{"recording", "import", "[TENANT[-SUB]] [FILE.tar...|RECORDID...]", 0, ADMIN_ARGS_MAX, import_options,
		false, false, import_recordings,
		"Takes archives of recordings that exist already; may be broken off and begun again.",
		"b3lb-admin recording import acme /var/spool/recordings/*.tar"},
	{.object = NULL},
};
