/* SPDX-License-Identifier: ISC */
/* Objects of an S3 store that are put aside: they stay where they are, an empty object lost/KEY says since when.
 */
#include "config.h"
#include "store/s3.h"
#include "store/s3_store.h"

#include <stdio.h>

const char *s3_lost_name(const char *key, char name[S3_LOST_NAME])
{
	snprintf(name, S3_LOST_NAME, S3_LOST_PREFIX "%s", key);
	return name;
}

/* One call for the marker of a key. 1, 0 when there is none, -1 with err. */
static int call_marker(struct s3 *s3, const char *method, const char *key, const char *verb, struct err *err)
{
	char name[S3_LOST_NAME];
	const struct s3_call call = {.method = method, .key = s3_lost_name(key, name)};
	struct s3_answer answer = {0};
	int rc = 1;

	if (s3_do(s3, &call, &answer, err) == -1)
		return -1;
	if (answer.status / 100 != 2)
		rc = s3_refused(&answer, verb, err);
	if (rc == -1 && err->kind == ERR_NOT_FOUND)
		rc = 0;
	s3_answer_free(&answer);
	return rc;
}

int store_s3_lose(void *handle, const char *key, struct err *err)
{
	return call_marker(handle, "PUT", key, "put an object aside", err) == 1 ? 0 : -1;
}

int store_s3_regain(void *handle, const char *key, struct err *err)
{
	int rc = call_marker(handle, "HEAD", key, "look", err);

	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, "object %s is not put aside", key);
	return rc == 1 && call_marker(handle, "DELETE", key, "take an object back", err) != -1 ? 0 : -1;
}
