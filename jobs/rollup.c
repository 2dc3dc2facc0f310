/* SPDX-License-Identifier: ISC */
/* b3lb-rollup: sums up what requests have counted, and writes the statistics of every secret. */
#include "config.h"
#include "run/job.h"
#include "core/audit.h"
#include "core/metric.h"

static int round_rollup(const struct job *job, struct buf *message, struct err *err)
{
	long long events = 0;
	int rc = metric_rollup(job->db, &events, err);

	if (rc == 0)
		rc = audit_prune(job->db, job->conf->audit_days, err);
	buf_printf(message, "%lld events summed up", events);
	return rc;
}

int main(int argc, char **argv)
{
	static const struct job_spec spec = {
		.name = "rollup",
		.purpose = "sums up what was counted and writes statistics",
		.round = round_rollup,
	};

	return job_main(&spec, argc, argv);
}
