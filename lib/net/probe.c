/* SPDX-License-Identifier: ISC */
/* One HTTP request as a doctor makes it. */
#include "config.h"
#include "net/probe.h"

#include "http/date.h"
#include "net/curl.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
	struct probe_answer *answer = arg;
	size_t len = size * count, room = PROBE_BODY_MAX - answer->body.len;

	buf_add(&answer->body, data, len < room ? len : room);
	return len;
}

static size_t on_header(char *data, size_t size, size_t count, void *arg)
{
	struct probe_answer *answer = arg;
	char text[HTTP_DATE_SIZE + 8] = "", id[64];
	size_t len = size * count;
	struct timespec now;
	long long when;

	if (curl_header_is(data, len, "Request-Id:", id, sizeof(id)))
		answer->request_id = true;
	if (!curl_header_is(data, len, "Date:", text, sizeof(text)))
		return len;
	if (http_date_parse(text, &when)) {
		clock_gettime(CLOCK_REALTIME, &now);
		answer->dated = true;
		/* The header has whole seconds: half of one is right on average. */
		answer->clock_ahead = (double)(when - now.tv_sec) + 0.5 - (double)now.tv_nsec / 1e9;
	}
	return len;
}

static enum probe_failure failure_of(CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		return PROBE_NONE;
	case CURLE_COULDNT_RESOLVE_HOST:
		return PROBE_NAME;
	case CURLE_COULDNT_CONNECT:
		return PROBE_CONNECT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
		return PROBE_TLS;
	default:
		return PROBE_OTHER;
	}
}

static int certificate_days(CURL *curl)
{
	static const char expires[] = "Expire date:";
	struct curl_certinfo *info = NULL;

	curl_easy_getinfo(curl, CURLINFO_CERTINFO, &info);
	if (!info || info->num_of_certs < 1)
		return -1;
	/* The first one is the server's own. */
	for (struct curl_slist *l = info->certinfo[0]; l; l = l->next) {
		time_t when;

		if (strncasecmp(l->data, expires, sizeof(expires) - 1) != 0)
			continue;
		when = curl_getdate(l->data + sizeof(expires) - 1, NULL);
		return when == -1 ? -1 : (int)((when - time(NULL)) / 86400);
	}
	return -1;
}

static void set_up(CURL *curl, const struct conf *conf, const struct probe_call *call,
	struct probe_answer *answer, char *message)
{
	curl_plain(curl, call->url);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, message);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)conf->node_connect_timeout);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)conf->node_request_timeout);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "b3lb-admin/" PACKAGE_VERSION);
	curl_easy_setopt(curl, CURLOPT_CERTINFO, 1L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, answer);
	curl_easy_setopt(curl, CURLOPT_RANGE, call->range);
	curl_easy_setopt(curl, CURLOPT_NOBODY, call->head ? 1L : 0L);
	if (call->ca_file && *call->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, call->ca_file);
	if (call->form)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->form);
}

int probe_do(
	const struct conf *conf, const struct probe_call *call, struct probe_answer *answer, struct err *err)
{
	struct curl_slist *headers = NULL, *to = NULL;
	char message[CURL_ERROR_SIZE] = "";
	struct buf line = BUF_INIT;
	curl_off_t length = -1;
	long status = 0;
	CURLcode code;
	CURL *curl;

	*answer = (struct probe_answer){.length = -1, .certificate_days = -1};
	curl = curl_easy_init();
	if (!curl) {
		answer->failure = PROBE_OTHER;
		return err_set(err, ERR_INTERNAL, "could not make a libcurl handle");
	}
	set_up(curl, conf, call, answer, message);
	if (call->connect_to) {
		buf_printf(&line, "::%s", call->connect_to);
		to = curl_slist_append(NULL, buf_str(&line));
		curl_easy_setopt(curl, CURLOPT_CONNECT_TO, to);
	}
	if (call->authorization)
		headers = curl_header(headers, "Authorization", call->authorization);
	headers = curl_header(headers, "Expect", "");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	code = curl_easy_perform(curl);
	answer->failure = failure_of(code);
	answer->certificate_days = certificate_days(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	answer->status = (int)status;
	answer->length = length;
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	curl_slist_free_all(to);
	buf_free(&line);
	return code == CURLE_OK ? 0
				: err_set(err, ERR_AWAY, "%s", *message ? message : curl_easy_strerror(code));
}

void probe_answer_free(struct probe_answer *answer)
{
	buf_free(&answer->body);
}
