/* SPDX-License-Identifier: ISC */
/* What an S3 store says: lists of objects, upload ids, errors. */
#include "config.h"
#include "fuzz.h"

#include "store/s3.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct buf body = BUF_INIT;
	struct xml *doc;
	size_t count = 0;

	buf_add(&body, data, size);
	doc = s3_xml_parse(&body);
	if (doc) {
		FUZZ_REQUIRE(s3_xml_is(doc, "ListBucketResult") + s3_xml_is(doc, "Error") <= 1);
		s3_xml_text(doc, &a, "UploadId");
		for (const struct xml_node *at = xml_child(xml_root(doc), "Contents"); at;
			at = xml_next(at, "Contents"), count++) {
			const char *key = xml_text(&a, xml_child(at, "Key")),
				   *when = xml_text(&a, xml_child(at, "LastModified"));

			FUZZ_REQUIRE(!key || strlen(key) <= size * 4);
			s3_xml_time(when);
		}
		FUZZ_REQUIRE(count <= size / 11);
	}
	xml_free(doc);
	buf_free(&body);
	arena_free(&a);
	return 0;
}
