/* SPDX-License-Identifier: ISC */
/* b3lb-admin recording: what has arrived, and what is to become of it. */
#include "config.h"
#include "admin.h"
#include "import.h"

#include "core/recording_operator.h"

#include <stdio.h>

static int list(struct admin *a, struct err *err)
{
	struct db_result *r = NULL;

	if (recording_operator_list(a->db, a->arg_count ? a->args[0] : NULL, &r, err) == -1)
		return -1;
	admin_print(a, r, false);
	return 0;
}

static int show(struct admin *a, struct err *err)
{
	struct db_result *recording = NULL, *videos = NULL;
	struct buf json = BUF_INIT;

	if (recording_operator_show(a->db, a->args[0], &recording, &videos, err) == -1)
		return -1;
	if (a->json) {
		buf_puts(&json, "{\"recording\": ");
		admin_json(recording, true, &json);
		buf_puts(&json, ",\n\"videos\": ");
		admin_json(videos, false, &json);
		printf("%s}\n", buf_str(&json));
		buf_free(&json);
		db_free(recording);
		db_free(videos);
	} else {
		admin_print(a, recording, true);
		printf("\n");
		admin_print(a, videos, false);
	}
	return 0;
}

static int change(struct admin *a, enum recording_action action, struct err *err)
{
	return recording_operator_change(a->db, a->args, a->arg_count, action, err);
}

static int publish(struct admin *a, struct err *err)
{
	return change(a, RECORDING_PUBLISH, err);
}

static int unpublish(struct admin *a, struct err *err)
{
	return change(a, RECORDING_UNPUBLISH, err);
}

static int take_away(struct admin *a, struct err *err)
{
	return change(a, RECORDING_DELETE, err);
}

static int rerender(struct admin *a, struct err *err)
{
	return change(a, RECORDING_RERENDER, err);
}

static const struct admin_option import_options[] = {
	{"lost", ADMIN_SWITCH, false, "take back what b3lb-cleanup has put aside"},
	{NULL, ADMIN_TEXT, false, NULL},
};

const struct admin_command admin_recording_commands[] = {
	{"recording", "list", "[TENANT]", 0, 1, NULL, false, false, list},
	{"recording", "show", "RECORDID", 1, 1, NULL, false, false, show},
	{"recording", "publish", "RECORDID...", 1, ADMIN_ARGS_MAX, NULL, false, false, publish},
	{"recording", "unpublish", "RECORDID...", 1, ADMIN_ARGS_MAX, NULL, false, false, unpublish},
	{"recording", "delete", "RECORDID...", 1, ADMIN_ARGS_MAX, NULL, false, true, take_away},
	{"recording", "rerender", "RECORDID...", 1, ADMIN_ARGS_MAX, NULL, false, false, rerender},
	{"recording", "import", "TENANT[-SUB] [FILE.tar...|RECORDID...]", 1, ADMIN_ARGS_MAX, import_options,
		false, false, import_recordings},
	{NULL, NULL, NULL, 0, 0, NULL, false, false, NULL},
};
