/* SPDX-License-Identifier: ISC */
/* The doctor: the web server, asked as a client asks. What a program received shows in what it answers:
 * a form whose checksum holds arrived whole, a token in a header that opens statistics was passed on. */
#include "config.h"
#include "doctor/doctor_parts.h"

#include "base/url.h"
#include "net/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORM_SIZE	200000
#define CERTIFICATE_MIN 14 /* days */
#define PATH_MAX_LEN	512
#define ADDRESSES_MAX	16

struct web {
	struct doctor *doctor;
	struct report *report;
	const struct check_client *client;
	const char *connect_to;	   /* NULL: where the names point to */
	const char *scheme, *port; /* ":8080", "" */
};

/* A path that each program answers by itself, with its Request-Id, whatever it says. */
static const struct {
	const char *program, *path;
	bool tenant; /* the path is below /b3lb/t/{tenant} */
	int status;  /* 0: any */
} routes[] = {
	{"api", "/bigbluebutton/api", false, 200},
	{"api", "/bbb/api", true, 200},
	{"stats", "/b3lb/ping", false, 200},
	{"assets", "/logo", true, 0},
	{"recordings", "/b3lb/r/00000000000000000000000000000000", false, 0},
	{"backend", "/b3lb/b/end", false, 0},
};

/* Asks the host of the tenant (or, without one, of the domain). */
static int ask(const struct web *w, const char *path, struct probe_call *call, struct probe_answer *answer,
	struct err *err)
{
	const struct check_client *c = w->client;
	struct buf url = BUF_INIT;
	int rc;

	buf_printf(&url, "%s://", w->scheme);
	if (c->slug)
		buf_printf(&url, c->sub_id ? "%s-%d." : "%s.", c->slug, c->sub_id);
	buf_printf(&url, "%s%s%s", w->doctor->conf->api_base_domain, w->port, path);
	call->url = buf_str(&url);
	call->connect_to = w->connect_to;
	call->ca_file = w->doctor->ca_file;
	rc = probe_do(w->doctor->conf, call, answer, err);
	call->url = NULL;
	buf_free(&url);
	return rc;
}

/* The call with its query, signed. */
static const char *signed_path(const struct web *w, const char *call, const char *query, struct buf *out)
{
	int allowed = w->doctor->conf->allowed_sha_algorithms, alg = SHA_ALG_256;
	char hex[SHA_HEX_MAX + 1];

	while (!(allowed & 1 << alg))
		alg = (alg + 1) % SHA_ALG__MAX;
	checksum_make((enum sha_alg)alg, call, query, strlen(query), w->client->secret, hex);
	buf_printf(out, "%s&checksum=%s", query, hex);
	return buf_str(out);
}

static bool says_success(const struct probe_answer *answer)
{
	return strstr(buf_str(&answer->body), "<returncode>SUCCESS</returncode>") != NULL;
}

static void report_silence(const struct web *w, const struct probe_answer *answer, const struct err *err)
{
	static const char *const advice[] = {
		[PROBE_NAME] = "the DNS needs an entry for the domain and one for everything below it (*), "
			       "or give --url",
		[PROBE_CONNECT] = "is the web server running, does a firewall let us in?",
		[PROBE_TLS] = "the certificate must be for the domain and everything one level below it",
		[PROBE_OTHER] = "see the log of the web server",
	};

	report_add(w->report, REPORT_ERROR, "web server", "%s://...%s%s does not answer: %s; %s", w->scheme,
		w->doctor->conf->api_base_domain, w->port, err->text,
		answer->failure ? advice[answer->failure] : "");
}

static void check_certificate(const struct web *w, const struct probe_answer *answer)
{
	int days = answer->certificate_days;

	if (days < 0)
		report_add(w->report, REPORT_WARNING, "certificate",
			"it was asked over plain http: BigBlueButton's clients and platforms want https");
	else if (days < CERTIFICATE_MIN)
		report_add(w->report, REPORT_WARNING, "certificate", "it expires in %d days: renew it", days);
	else
		report_add(w->report, REPORT_OK, "certificate",
			"it is good for the tenant's name, and %d more days", days);
}

/* False when nobody answers at all. */
static bool check_routes(const struct web *w)
{
	for (size_t i = 0; i < ARRAY_SIZE(routes); i++) {
		char path[PATH_MAX_LEN], subject[64];
		struct probe_answer answer = {0};
		struct probe_call call = {0};
		struct err err = {0};

		if (routes[i].tenant && !w->client->slug)
			continue;
		snprintf(path, sizeof(path), "%s%s%s", routes[i].tenant ? "/b3lb/t/" : "",
			routes[i].tenant ? w->client->slug : "", routes[i].path);
		snprintf(subject, sizeof(subject), "web server, %s", routes[i].program);
		if (ask(w, path, &call, &answer, &err) == -1) {
			report_silence(w, &answer, &err);
			probe_answer_free(&answer);
			return false;
		}
		if (i == 0)
			check_certificate(w, &answer);
		if (!answer.request_id)
			report_add(w->report, REPORT_ERROR, subject,
				"it answers %s itself with HTTP status %d: %s", path, answer.status,
				answer.status >= 500
					? "is the program running? its socket is in the run directory"
					: "its configuration does not send this path, or this host, to us");
		else if (routes[i].status && answer.status != routes[i].status)
			report_add(w->report, REPORT_ERROR, subject,
				"%s is answered with HTTP status %d: see the program's log", path,
				answer.status);
		else
			report_add(w->report, REPORT_OK, subject, "%s comes to us", path);
		probe_answer_free(&answer);
	}
	return true;
}

static void check_lengths(const struct web *w)
{
	struct probe_answer get = {0}, head = {0};
	struct probe_call get_call = {0}, head_call = {.head = true};
	struct err err = {0};
	const char *subject = "web server, HEAD";

	if (ask(w, "/b3lb/ping", &get_call, &get, &err) == -1 ||
		ask(w, "/b3lb/ping", &head_call, &head, &err) == -1)
		report_add(w->report, REPORT_ERROR, subject, "no answer: %s", err.text);
	else if (head.length == (long long)get.body.len)
		report_add(w->report, REPORT_OK, subject, "Content-Length is right: %lld", head.length);
	else
		report_add(w->report, REPORT_ERROR, subject,
			"Content-Length is %lld (-1: none) and should be %zu: players cannot seek in "
			"recordings; Apache "
			"needs \"SetEnv ap_trust_cgilike_cl 1\"",
			head.length, get.body.len);
	if (get.status == 200 && !strstr(buf_str(&get.body), "\"version\": \"" PACKAGE_VERSION "\""))
		report_add(w->report, REPORT_WARNING, "programs",
			"those that run are of another version than this one (%s): restart them",
			PACKAGE_VERSION);
	probe_answer_free(&get);
	probe_answer_free(&head);
}

static void check_authorization(const struct web *w)
{
	char path[PATH_MAX_LEN];
	struct probe_answer answer = {0};
	struct err err = {0};
	const char *subject = "web server, Authorization";
	struct probe_call call = {
		.authorization = arena_printf(&w->doctor->arena, "Bearer %s", w->client->stats_token)};

	snprintf(path, sizeof(path), "/b3lb/t/%s/stats", w->client->slug);
	if (ask(w, path, &call, &answer, &err) == -1)
		report_add(w->report, REPORT_ERROR, subject, "no answer: %s", err.text);
	else if (answer.status == 200)
		report_add(w->report, REPORT_OK, subject, "the header reaches us");
	else
		report_add(w->report, REPORT_ERROR, subject,
			"a tenant's token in it is answered with HTTP status %d: Apache needs \"CGIPassAuth "
			"On\"",
			answer.status);
	probe_answer_free(&answer);
}

static void check_body(const struct web *w)
{
	int size = w->doctor->conf->body_max < 2 * FORM_SIZE ? w->doctor->conf->body_max / 2 : FORM_SIZE;
	struct buf form = BUF_INIT, whole = BUF_INIT;
	struct probe_answer answer = {0};
	struct probe_call call = {0};
	struct err err = {0};
	const char *subject = "web server, bodies";

	buf_puts(&form, "meetingID=b3lb-check&pad=");
	while (form.len < (size_t)size)
		buf_putc(&form, 'a');
	call.form = signed_path(w, "isMeetingRunning", buf_str(&form), &whole);
	if (ask(w, "/bigbluebutton/api/isMeetingRunning", &call, &answer, &err) == -1)
		report_add(w->report, REPORT_ERROR, subject, "no answer: %s", err.text);
	else if (says_success(&answer))
		report_add(w->report, REPORT_OK, subject, "a form of %zu bytes arrives whole", whole.len);
	else
		report_add(w->report, REPORT_ERROR, subject,
			"a form of %zu bytes is answered with HTTP status %d: does the web server limit "
			"bodies "
			"(LimitRequestBody, FcgidMaxRequestLen, server.max-request-size)?",
			whole.len, answer.status);
	probe_answer_free(&answer);
	buf_free(&form);
	buf_free(&whole);
}

static void check_line_break(const struct web *w)
{
	struct buf path = BUF_INIT, query = BUF_INIT;
	struct probe_answer answer = {0};
	struct probe_call call = {0};
	struct err err = {0};
	const char *subject = "web server, URLs";

	buf_printf(&path, "/bigbluebutton/api/isMeetingRunning?%s",
		signed_path(w, "isMeetingRunning", "meetingID=b3lb-check&welcome=a%0Ab+%c3%a4", &query));
	if (ask(w, buf_str(&path), &call, &answer, &err) == -1)
		report_add(w->report, REPORT_ERROR, subject, "no answer: %s", err.text);
	else if (says_success(&answer))
		report_add(w->report, REPORT_OK, subject, "a query arrives byte by byte, line breaks too");
	else
		report_add(w->report, REPORT_ERROR, subject,
			"a signed query with a line break is answered with HTTP status %d: lighttpd needs "
			"\"url-ctrls-reject\" => \"disable\"",
			answer.status);
	probe_answer_free(&answer);
	buf_free(&path);
	buf_free(&query);
}

static void check_recording(const struct web *w)
{
	char path[PATH_MAX_LEN];
	struct probe_answer answer = {0};
	struct probe_call call = {.range = "0-0"};
	struct err err = {0};
	const char *subject = "web server, recordings";

	snprintf(path, sizeof(path), "/b3lb/r/%s", w->client->nonce);
	if (ask(w, path, &call, &answer, &err) == -1)
		report_add(w->report, REPORT_ERROR, subject, "no answer: %s", err.text);
	else if (answer.status == 206 && answer.body.len == 1)
		report_add(w->report, REPORT_OK, subject, "a byte of the newest video arrives");
	else if (answer.status == 302 && w->doctor->conf->s3_delivery == CONF_DELIVERY_REDIRECT)
		report_add(w->report, REPORT_OK, subject, "the newest video redirects to the store");
	else
		report_add(w->report, REPORT_ERROR, subject,
			"the first byte of the newest video is answered with HTTP status %d and %zu bytes%s",
			answer.status, answer.body.len,
			w->doctor->conf->sendfile == CONF_SENDFILE_X
				? ": is the web server set up for X-Sendfile, and may it read record_path?"
				: ": see the log of b3lb-recordings");
	probe_answer_free(&answer);
}

void check_names(struct report *r, const struct conf *conf, const char *slug)
{
	char addresses[ADDRESSES_MAX][CHECK_ADDRESS_SIZE], host[512];
	const char *labels[] = {slug, "b3lb-admin-check"};
	int missing = 0;

	for (size_t i = 0; i < ARRAY_SIZE(labels); i++) {
		snprintf(host, sizeof(host), "%s.%s", labels[i], conf->api_base_domain);
		if (check_addresses(host, addresses, ADDRESSES_MAX) == 0 && missing++ == 0)
			report_add(r, REPORT_WARNING, "DNS",
				"%s does not resolve: every tenant's name needs an entry, best one for *.%s",
				host, conf->api_base_domain);
	}
	if (!missing)
		report_add(r, REPORT_OK, "DNS", "%s.%s resolves, and so does any other name below the domain",
			slug, conf->api_base_domain);
}

/* Whether anybody listens there. */
static bool listens(const struct web *w)
{
	struct probe_answer answer = {0};
	struct probe_call call = {0};
	struct err err = {0};
	bool yes = ask(w, "/b3lb/ping", &call, &answer, &err) == 0 || answer.failure != PROBE_CONNECT;

	probe_answer_free(&answer);
	return yes;
}

/* A web server without TLS yet is looked at all the same. */
static void fall_back(struct web *w)
{
	struct web plain = *w;

	plain.scheme = "http";
	if (strcmp(w->scheme, "https") != 0 || *w->port || listens(w) || !listens(&plain))
		return;
	report_add(w->report, REPORT_WARNING, "web server",
		"https does not answer, http does: enable TLS (a2enconf b3lb-tls, "
		"lighty-enable-mod b3lb-tls)");
	*w = plain;
}

void check_web(struct doctor *d, const struct check_client *client)
{
	struct web w = {.doctor = d, .report = d->report, .client = client};
	const char *url = d->url;
	struct url parts;

	/* Both were looked at before. */
	if (!url_split(&d->arena, url ? url : conf_public_url(d->conf, &d->arena), &parts))
		return;
	w.scheme = parts.scheme;
	w.port = *parts.port ? arena_printf(&d->arena, ":%s", parts.port) : "";
	if (url)
		w.connect_to = arena_printf(
			&d->arena, strchr(parts.host, ':') ? "[%s]:%s" : "%s:%s", parts.host, parts.port);
	else
		fall_back(&w);
	if (!check_routes(&w))
		return;
	check_lengths(&w);
	if (!client->slug) {
		report_add(d->report, REPORT_WARNING, "web server",
			"bodies and Authorization were not tried: there is no tenant with a secret yet");
		return;
	}
	check_authorization(&w);
	check_body(&w);
	check_line_break(&w);
	if (client->nonce)
		check_recording(&w);
}
