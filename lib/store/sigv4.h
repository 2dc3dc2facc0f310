/* SPDX-License-Identifier: ISC */
/* Signatures of S3 requests: AWS Signature Version 4, in headers or in a presigned URL. */
#ifndef B3LB_STORE_SIGV4_H
#define B3LB_STORE_SIGV4_H

#include "base/buf.h"

#include <time.h>

/* Who signs. s3 is the only service. */
struct sigv4_key {
	const char *access_key, *secret_key, *region;
};

/* A parameter or header, not encoded. Header names in lower case. */
struct sigv4_pair {
	const char *name, *value;
};

#define SIGV4_PAIRS_MAX 16

struct sigv4_request {
	const char *method;
	const char *host; /* as the Host header says it, with its port unless that is the protocol's */
	const char *path; /* encoded, from '/' */
	const struct sigv4_pair *query;
	size_t query_count;
	/* further headers to sign, beside host, x-amz-content-sha256 and x-amz-date */
	const struct sigv4_pair *headers;
	size_t header_count;
	time_t now;
};

/* The hash of nothing, and what stands for one where the body is not signed. */
#define SIGV4_EMPTY_HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define SIGV4_HASH_LEN	 64
#define SIGV4_DATE_LEN	 16

/* Lower-case hex SHA-256 of a body. Any thread, as all here. */
void sigv4_hash(const void *data, size_t len, char hex[SIGV4_HASH_LEN + 1]);
/* "20130524T000000Z": the value of x-amz-date. */
void sigv4_date(time_t now, char date[SIGV4_DATE_LEN + 1]) b3lb_nonnull;
/* Appends the parameters as they must be sent: encoded, sorted, without '?'. At most SIGV4_PAIRS_MAX. */
void sigv4_write_query(const struct sigv4_pair *query, size_t count, struct buf *out);
/* Appends the value of the Authorization header. payload_hash is the value of x-amz-content-sha256. */
void sigv4_sign(const struct sigv4_request *rq, const struct sigv4_key *key, const char *payload_hash,
	struct buf *authorization) b3lb_nonnull;
/* Appends path and query of a URL that is valid for so many seconds (1 to 604800) without any header but
 * Host. */
void sigv4_presign(const struct sigv4_request *rq, const struct sigv4_key *key, int seconds,
	struct buf *target) b3lb_nonnull;

#endif
