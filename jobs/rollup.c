/* SPDX-License-Identifier: ISC */
/* b3lb-rollup: sums up what requests have counted, writes the statistics of every secret, and keeps curves,
 * accounts and refusals. */
#include "config.h"
#include "run/job.h"
#include "core/audit.h"
#include "core/history.h"
#include "core/metric.h"
#include "core/refusal.h"
#include "core/usage.h"

static int round_rollup(const struct job *job, struct buf *message, struct err *err)
{
	long long events = 0, sessions = 0;
	const char *zone;
	int rc = -1;

	if (usage_zone_of_job(job->db, job->conf, &zone, err) == 0 &&
		metric_rollup(job->db, zone, &events, err) == 0 &&
		usage_count(job->db, job->conf, zone, &sessions, err) == 0 &&
		history_keep(job->db, job->conf->history_days, err) == 0 &&
		audit_prune(job->db, job->conf->audit_days, err) == 0)
		rc = refusal_prune(job->db, err);
	buf_printf(message, "%lld events summed up, %lld sessions counted", events, sessions);
	return rc;
}

int main(int argc, char **argv)
{
	static const struct job_spec spec = {
		.name = "rollup",
		.purpose = "sums up what was counted, writes statistics, keeps curves and accounts",
		.round = round_rollup,
	};

	return job_main(&spec, argc, argv);
}
