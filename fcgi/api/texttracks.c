/* SPDX-License-Identifier: ISC */
/* getRecordingTextTracks and putRecordingTextTrack, answered in JSON as bbb-web does (bbb-api.md 1.10). */
#include "config.h"
#include "api.h"

static void send_failed(struct api *api, const char *key, const char *message, const char *what)
{
	struct buf json = BUF_INIT;

	buf_puts(&json, "{\"response\":{\"returncode\":\"FAILED\",\"messageKey\":\"");
	buf_json(&json, key);
	buf_puts(&json, "\",\"message\":\"");
	buf_json(&json, message);
	buf_json(&json, what);
	buf_puts(&json, "\"}}");
	api->error_key = key;
	api_send_json(api, json.ptr, json.len);
	buf_free(&json);
}

void api_get_text_tracks(struct api *api)
{
	send_failed(api, "noRecordings", "No recording was found for ", query_get(&api->query, "recordID"));
}

void api_put_text_track(struct api *api)
{
	static const char *const needed[] = {"recordID", "kind", "lang"};

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		if (!query_get_filled(&api->query, needed[i])) {
			send_failed(api, "paramError", "Missing param ", needed[i]);
			return;
		}
	}
	send_failed(api, "noRecordings", "No recording was found for ", query_get(&api->query, "recordID"));
}
