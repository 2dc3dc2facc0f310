/* SPDX-License-Identifier: ISC */
/* What is in the bucket of an S3 store, page by page: objects, and uploads that were cut off. */
#include "config.h"
#include "store/s3.h"
#include "store/s3_store.h"

#include <stdlib.h>
#include <string.h>

#define PAGE "1000"

/* The two listings differ in names only. */
struct listing {
	const char *root, *element, *time;
	bool pending;
	const char *prefix; /* of the names that are meant */
};

/* Gets a page; NULL with err. */
static struct xml *get_page(struct s3 *s3, const struct sigv4_pair *query, size_t count,
	const struct listing *listing, struct err *err)
{
	const struct s3_call call = {.method = "GET", .query = query, .query_count = count};
	struct s3_answer answer = {0};
	struct xml *doc = NULL;

	if (s3_do(s3, &call, &answer, err) == -1)
		return NULL;
	if (answer.status == 200)
		doc = s3_xml_parse(&answer.body);
	if (!doc || !s3_xml_is(doc, listing->root)) {
		s3_refused(&answer, "list", err);
		/* A bucket that is missing is no object that is missing. */
		err->kind = ERR_AWAY;
		xml_free(doc);
		doc = NULL;
	}
	s3_answer_free(&answer);
	return doc;
}

static int each_of_page(
	const struct xml *doc, const struct listing *listing, store_each_fn *each, void *ctx, struct err *err)
{
	struct arena a = {0};
	int rc = 0;

	for (const struct xml_node *e = xml_child(xml_root(doc), listing->element); rc == 0 && e;
		e = xml_next(e, listing->element)) {
		const char *name = xml_text(&a, xml_child(e, "Key")),
			   *size = xml_text(&a, xml_child(e, "Size"));
		size_t skip = strlen(listing->prefix);
		const char *key = name && strncmp(name, listing->prefix, skip) == 0 ? name + skip : NULL;
		const struct store_entry entry = {
			.key = key,
			.upload = xml_text(&a, xml_child(e, "UploadId")),
			.pending = listing->pending,
			.lost = *listing->prefix != '\0',
			.object = {.size = size ? strtoll(size, NULL, 10) : 0,
				.modified = s3_xml_time(xml_text(&a, xml_child(e, listing->time)))},
		};

		if (key && store_key_valid(key, strlen(key)))
			rc = each(ctx, &entry, err);
	}
	arena_free(&a);
	return rc;
}

static bool is_truncated(const struct xml *doc, struct arena *a)
{
	const char *text = s3_xml_text(doc, a, "IsTruncated");

	return text && strcmp(text, "true") == 0;
}

static int list_objects(struct s3 *s3, const char *prefix, store_each_fn *each, void *ctx, struct err *err)
{
	const struct listing listing = {"ListBucketResult", "Contents", "LastModified", false, prefix};
	struct sigv4_pair query[] = {
		{"list-type", "2"}, {"max-keys", PAGE}, {"prefix", prefix}, {"continuation-token", NULL}};
	struct arena a = {0};
	int rc = 0;

	do {
		struct xml *doc = get_page(s3, query, query[3].value ? 4 : 3, &listing, err);

		if (!doc) {
			rc = -1;
			break;
		}
		rc = each_of_page(doc, &listing, each, ctx, err);
		query[3].value = is_truncated(doc, &a) ? s3_xml_text(doc, &a, "NextContinuationToken") : NULL;
		xml_free(doc);
	} while (rc == 0 && query[3].value);
	arena_free(&a);
	return rc;
}

static int list_uploads(struct s3 *s3, store_each_fn *each, void *ctx, struct err *err)
{
	static const struct listing listing = {"ListMultipartUploadsResult", "Upload", "Initiated", true, ""};
	struct sigv4_pair query[] = {
		{"uploads", ""}, {"max-uploads", PAGE}, {"key-marker", NULL}, {"upload-id-marker", NULL}};
	struct arena a = {0};
	int rc = 0;

	do {
		struct xml *doc = get_page(s3, query, query[2].value ? 4 : 2, &listing, err);
		bool more;

		if (!doc) {
			rc = -1;
			break;
		}
		rc = each_of_page(doc, &listing, each, ctx, err);
		more = is_truncated(doc, &a);
		query[2].value = more ? s3_xml_text(doc, &a, "NextKeyMarker") : NULL;
		query[3].value = more ? s3_xml_text(doc, &a, "NextUploadIdMarker") : NULL;
		xml_free(doc);
	} while (rc == 0 && query[2].value && query[3].value);
	arena_free(&a);
	return rc;
}

int store_s3_list(void *handle, store_each_fn *each, void *ctx, struct err *err)
{
	return list_objects(handle, "", each, ctx, err) == -1 ? -1 : list_uploads(handle, each, ctx, err);
}

/* The markers, on their way to each(). */
struct lost_listing {
	struct s3 *s3;
	store_each_fn *each;
	void *ctx;
};

/* With the size of the object itself. */
static int tell_lost(void *ctx, const struct store_entry *marker, struct err *err)
{
	struct lost_listing *l = ctx;
	struct store_entry entry = *marker;
	struct store_object object = {0};

	if (store_s3_stat(l->s3, marker->key, &object, err) == -1 && err->kind != ERR_NOT_FOUND)
		return -1;
	entry.object.size = object.size;
	return l->each(l->ctx, &entry, err);
}

int store_s3_list_lost(void *handle, store_each_fn *each, void *ctx, struct err *err)
{
	struct lost_listing l = {handle, each, ctx};

	return list_objects(handle, S3_LOST_PREFIX, tell_lost, &l, err);
}
