/* SPDX-License-Identifier: ISC */
/* Signatures of S3 requests: AWS Signature Version 4, in headers or in a presigned URL. */
#include "config.h"
#include "store/sigv4.h"

#include "base/hex.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALGORITHM "AWS4-HMAC-SHA256"
#define UNSIGNED  "UNSIGNED-PAYLOAD"
#define DAY_LEN	  8

/* What both ways of signing need of the date. */
struct scope {
	char date[SIGV4_DATE_LEN + 1];
	char text[128]; /* day/region/s3/aws4_request */
};

void sigv4_hash(const void *data, size_t len, char hex[SIGV4_HASH_LEN + 1])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	SHA256(len ? data : (const void *)"", len, digest);
	hex_write(digest, sizeof(digest), hex);
}

void sigv4_date(time_t now, char date[SIGV4_DATE_LEN + 1])
{
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(date, SIGV4_DATE_LEN + 1, "%Y%m%dT%H%M%SZ", &tm);
}

static void scope_make(const struct sigv4_request *rq, const struct sigv4_key *key, struct scope *scope)
{
	sigv4_date(rq->now, scope->date);
	snprintf(scope->text, sizeof(scope->text), "%.*s/%.64s/s3/aws4_request", DAY_LEN, scope->date,
		key->region);
}

/* Encoded pairs sort by their encoded text. */
struct encoded {
	struct buf name, value;
};

static int encoded_compare(const void *a, const void *b)
{
	const struct encoded *x = a, *y = b;
	int order = strcmp(buf_str(&x->name), buf_str(&y->name));

	return order ? order : strcmp(buf_str(&x->value), buf_str(&y->value));
}

void sigv4_write_query(const struct sigv4_pair *query, size_t count, struct buf *out)
{
	struct encoded list[SIGV4_PAIRS_MAX];

	if (count > SIGV4_PAIRS_MAX)
		abort();
	memset(list, 0, sizeof(list));
	for (size_t i = 0; i < count; i++) {
		buf_url(&list[i].name, query[i].name, strlen(query[i].name));
		buf_url(&list[i].value, query[i].value, strlen(query[i].value));
	}
	qsort(list, count, sizeof(list[0]), encoded_compare);
	for (size_t i = 0; i < count; i++) {
		buf_printf(out, "%s%s=%s", i ? "&" : "", buf_str(&list[i].name), buf_str(&list[i].value));
		buf_free(&list[i].name);
		buf_free(&list[i].value);
	}
}

static int pair_compare(const void *a, const void *b)
{
	return strcmp(((const struct sigv4_pair *)a)->name, ((const struct sigv4_pair *)b)->name);
}

/* The canonical request; names becomes "host;x-amz-date". */
static void write_canonical(const struct sigv4_request *rq, const char *query, const struct sigv4_pair *extra,
	size_t extra_count, const char *payload_hash, struct buf *names, struct buf *out)
{
	struct sigv4_pair headers[SIGV4_PAIRS_MAX];
	size_t count = 0;

	if (rq->header_count + extra_count + 1 > SIGV4_PAIRS_MAX)
		abort();
	headers[count++] = (struct sigv4_pair){"host", rq->host};
	for (size_t i = 0; i < rq->header_count; i++)
		headers[count++] = rq->headers[i];
	for (size_t i = 0; i < extra_count; i++)
		headers[count++] = extra[i];
	qsort(headers, count, sizeof(headers[0]), pair_compare);
	buf_printf(out, "%s\n%s\n%s\n", rq->method, rq->path, query);
	for (size_t i = 0; i < count; i++) {
		buf_printf(out, "%s:%s\n", headers[i].name, headers[i].value);
		buf_printf(names, "%s%s", i ? ";" : "", headers[i].name);
	}
	buf_printf(out, "\n%s\n%s", buf_str(names), payload_hash);
}

static void hmac(const void *key, size_t key_len, const char *text, unsigned char out[SHA256_DIGEST_LENGTH])
{
	unsigned len = SHA256_DIGEST_LENGTH;

	HMAC(EVP_sha256(), key, (int)key_len, (const unsigned char *)text, strlen(text), out, &len);
}

/* The signature of a canonical request. */
static void make_signature(const struct scope *scope, const struct sigv4_key *key,
	const struct buf *canonical, char hex[SIGV4_HASH_LEN + 1])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	struct buf text = BUF_INIT;
	char day[DAY_LEN + 1];

	sigv4_hash(canonical->ptr, canonical->len, hex);
	snprintf(day, sizeof(day), "%.*s", DAY_LEN, scope->date);
	buf_printf(&text, "AWS4%s", key->secret_key);
	hmac(text.ptr, text.len, day, digest);
	OPENSSL_cleanse(text.ptr, text.len);
	buf_clear(&text);
	hmac(digest, sizeof(digest), key->region, digest);
	hmac(digest, sizeof(digest), "s3", digest);
	hmac(digest, sizeof(digest), "aws4_request", digest);
	buf_printf(&text, ALGORITHM "\n%s\n%s\n%s", scope->date, scope->text, hex);
	hmac(digest, sizeof(digest), text.ptr, digest);
	hex_write(digest, sizeof(digest), hex);
	buf_free(&text);
}

void sigv4_sign(const struct sigv4_request *rq, const struct sigv4_key *key, const char *payload_hash,
	struct buf *authorization)
{
	struct buf canonical = BUF_INIT, names = BUF_INIT, query = BUF_INIT;
	char signature[SIGV4_HASH_LEN + 1];
	struct scope scope;

	scope_make(rq, key, &scope);
	const struct sigv4_pair own[] = {
		{"x-amz-content-sha256", payload_hash},
		{"x-amz-date", scope.date},
	};

	sigv4_write_query(rq->query, rq->query_count, &query);
	write_canonical(rq, buf_str(&query), own, ARRAY_SIZE(own), payload_hash, &names, &canonical);
	make_signature(&scope, key, &canonical, signature);
	buf_printf(authorization, ALGORITHM " Credential=%s/%s,SignedHeaders=%s,Signature=%s",
		key->access_key, scope.text, buf_str(&names), signature);
	buf_free(&canonical);
	buf_free(&names);
	buf_free(&query);
}

void sigv4_presign(
	const struct sigv4_request *rq, const struct sigv4_key *key, int seconds, struct buf *target)
{
	struct buf canonical = BUF_INIT, names = BUF_INIT, query = BUF_INIT, credential = BUF_INIT;
	struct sigv4_pair pairs[SIGV4_PAIRS_MAX];
	char signature[SIGV4_HASH_LEN + 1], expires[16];
	struct scope scope;
	size_t count = 0;

	if (rq->query_count + 5 > SIGV4_PAIRS_MAX)
		abort();
	scope_make(rq, key, &scope);
	snprintf(expires, sizeof(expires), "%d", seconds);
	buf_printf(&credential, "%s/%s", key->access_key, scope.text);
	for (; count < rq->query_count; count++)
		pairs[count] = rq->query[count];
	pairs[count++] = (struct sigv4_pair){"X-Amz-Algorithm", ALGORITHM};
	pairs[count++] = (struct sigv4_pair){"X-Amz-Credential", buf_str(&credential)};
	pairs[count++] = (struct sigv4_pair){"X-Amz-Date", scope.date};
	pairs[count++] = (struct sigv4_pair){"X-Amz-Expires", expires};
	pairs[count++] = (struct sigv4_pair){"X-Amz-SignedHeaders", "host"};
	sigv4_write_query(pairs, count, &query);
	write_canonical(rq, buf_str(&query), NULL, 0, UNSIGNED, &names, &canonical);
	make_signature(&scope, key, &canonical, signature);
	buf_printf(target, "%s?%s&X-Amz-Signature=%s", rq->path, buf_str(&query), signature);
	buf_free(&canonical);
	buf_free(&names);
	buf_free(&query);
	buf_free(&credential);
}
