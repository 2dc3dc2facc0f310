/* SPDX-License-Identifier: ISC */
/* b3lb-meetings: writes the list that getMeetings answers, for every secret. */
#include "config.h"
#include "run/job.h"
#include "core/meeting_list.h"

static int round_meetings(const struct job *job, struct buf *message, struct err *err)
{
	int count = 0, rc = meeting_list_refresh(job->db, &count, err);

	buf_printf(message, "%d lists written", count);
	return rc;
}

int main(int argc, char **argv)
{
	static const struct job_spec spec = {
		.name = "meetings",
		.purpose = "writes the lists that getMeetings answers",
		.round = round_meetings,
	};

	return job_main(&spec, argc, argv);
}
