/* SPDX-License-Identifier: ISC */
/* b3lb-admin check: what the doctor finds, said at once. */
#include "config.h"
#include "admin.h"

#include "base/name.h"
#include "doctor/doctor.h"
#include "report.h"

#define DATABASE_TIMEOUT_MS 10000

static const struct admin_option options[] = {
	{"url", ADMIN_TEXT, false, "URL",
		"The web server, where it is not where the domain's names point to."},
	{"ca-file", ADMIN_TEXT, false, "FILE", "PEM file of the authority that signed its certificate."},
	{.name = NULL},
};

static int check(struct admin *a, struct err *err)
{
	struct report report = report_on_stdout(a->json);
	struct doctor d = {.conf = &a->conf,
		.config = a->config,
		.report = &report,
		.url = admin_option(a, "url"),
		.ca_file = admin_option(a, "ca-file")};

	if (d.url && !name_fits(NAME_URL, d.url))
		return err_set(err, ERR_INVALID, "--url %s", name_rule(NAME_URL));
	d.db = a->db = db_open(&a->conf, "b3lb-admin", 2, DATABASE_TIMEOUT_MS);
	doctor_examine(&d);
	arena_free(&d.arena);
	return report_end(&report, err);
}

const struct admin_command admin_check_commands[] = {
	{"check", "", "", 0, 0, options, true, false, check,
		"Looks at everything that must work together and says what is wrong and what to do.",
		"b3lb-admin check --url http://127.0.0.1"},
	{.object = NULL},
};
