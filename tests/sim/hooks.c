/* SPDX-License-Identifier: ISC */
/* bbb-webhooks on the simulated nodes: their calls, and events that go out as each version sends them. */
#include "config.h"
#include "sim.h"

#include <curl/curl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRIES 5

const char *const hook_profiles[] = {"absent", "v2", "v3.0", "v3.4", "bearer", NULL};
enum { ABSENT, V2, V30, V34, BEARER };

struct delivery {
	char *url, *event, *secret;
	int profile;
	long wait_ms;
};

static char *escaped(const char *s)
{
	char *part = curl_easy_escape(NULL, s, 0), *copy = strdup(part);

	curl_free(part);
	return copy;
}

static void hash(const EVP_MD *md, const char *url, const char *text, const char *secret, char *hex)
{
	unsigned char d[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	char *all;

	if (asprintf(&all, "%s%s%s", url, text, secret) == -1)
		abort();
	EVP_Digest(all, strlen(all), d, &n, md, NULL);
	for (unsigned i = 0; i < n; i++)
		sprintf(hex + 2 * i, "%02x", d[i]);
	free(all);
}

/* JSON.stringify of a string. */
static char *stringified(const char *s)
{
	char *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);

	fputc('"', f);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fprintf(f, "\\%c", *s);
		else if (*s == '\n')
			fputs("\\n", f);
		else if ((unsigned char)*s < 0x20)
			fprintf(f, "\\u%04x", *s);
		else
			fputc(*s, f);
	}
	fputc('"', f);
	fclose(f);
	return out;
}

/* The form, and the URL with its checksum; both malloc'd. */
static char *form_of(const struct delivery *d, long long stamp, char **url)
{
	char *event = escaped(d->event), *form = NULL, *json = NULL, hex[2 * EVP_MAX_MD_SIZE + 1];
	int rc;

	rc = asprintf(&form,
		d->profile == V2 ? "event=%s&timestamp=%lld&domain=node.example"
				 : "domain=node.example&event=%s&timestamp=%lld",
		event, stamp);
	if (rc != -1 && d->profile == V2) {
		char *text = stringified(d->event);

		rc = asprintf(
			&json, "{\"event\":%s,\"timestamp\":%lld,\"domain\":\"node.example\"}", text, stamp);
		free(text);
	}
	if (rc == -1)
		abort();
	hash(EVP_sha1(), d->url, d->profile == V2 ? json : d->profile == V30 ? "{}" : form, d->secret, hex);
	if (d->profile == BEARER)
		*url = strdup(d->url);
	else if (asprintf(url, "%s%cchecksum=%s", d->url, strchr(d->url, '?') ? '&' : '?', hex) == -1)
		abort();
	free(event);
	free(json);
	return form;
}

static size_t ignore(char *data, size_t size, size_t count, void *arg)
{
	(void)data;
	(void)arg;
	return size * count;
}

static void *deliver(void *arg)
{
	static const useconds_t waits[TRIES] = {100000, 500000, 1000000, 2000000, 4000000};
	struct delivery *d = arg;
	char *url, *form = form_of(d, now_ms(), &url), *bearer;

	if (asprintf(&bearer, "Authorization: Bearer %s", d->secret) == -1)
		abort();
	usleep((useconds_t)d->wait_ms * 1000);
	for (int i = 0; i < TRIES; i++) {
		CURL *curl = curl_easy_init();
		struct curl_slist *headers = NULL;
		long status = 0;

		if (d->profile == BEARER)
			headers = curl_slist_append(headers, bearer);
		curl_easy_setopt(curl, CURLOPT_URL, url);
		curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
		curl_easy_setopt(curl, CURLOPT_TIMEOUT, 5L);
		curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
		curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form);
		if (curl_easy_perform(curl) == CURLE_OK)
			curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
		curl_slist_free_all(headers);
		curl_easy_cleanup(curl);
		if (status / 100 == 2 || status == 401)
			break;
		usleep(waits[i]);
	}
	free(url);
	free(form);
	free(bearer);
	free(d->url);
	free(d->event);
	free(d->secret);
	free(d);
	return NULL;
}

/* Starts a delivery to each hook of the node that hears of the meeting. */
static void send_all(const struct node *n, const char *id, const char *event, long wait_ms)
{
	for (const struct hook *h = n->hooks; h; h = h->next) {
		struct delivery *d;
		pthread_t thread;

		if (h->meeting && strcmp(h->meeting, id) != 0)
			continue;
		d = calloc(1, sizeof(*d));
		d->url = strdup(h->url);
		d->event = strdup(event);
		d->secret = strdup(n->secret);
		d->profile = n->hook_profile;
		d->wait_ms = wait_ms;
		if (pthread_create(&thread, NULL, deliver, d) == 0)
			pthread_detach(thread);
	}
}

static void put_meeting(FILE *f, const struct node *n, const struct meeting *m, bool whole)
{
	const char *parent = params_get(m->params, "parentMeetingID"), *sep = "";

	fprintf(f, "\"meeting\":{\"internal-meeting-id\":\"%s\"", m->internal);
	if (!n->hook_no_external) {
		fputs(",\"external-meeting-id\":", f);
		json_put(f, m->id);
	}
	if (whole) {
		fputs(",\"name\":", f);
		json_put(f, m->name);
		fprintf(f,
			",\"is-breakout\":%s,\"parent-id\":\"%s\",\"duration\":0,\"create-time\":%lld,"
			"\"moderator-pass\":\"%s\",\"metadata\":{",
			params_true(m->params, "isBreakout") ? "true" : "false", parent ? parent : "bbb-none",
			m->create_time, m->moderator_pw);
		for (const struct param *p = m->params; p; p = p->next) {
			if (strncmp(p->name, "meta_", 5) != 0)
				continue;
			fputs(sep, f);
			for (char *c = p->name + 5; *c; c++)
				*c = *c >= 'A' && *c <= 'Z' ? *c + 32 : *c;
			json_put(f, p->name + 5);
			fputc(':', f);
			json_put(f, p->value);
			sep = ",";
		}
		fputc('}', f);
	}
	fputc('}', f);
}

/* p: ts, extra (more of the attributes, as JSON), batch (so many in one list), copies, wait (ms). */
void hooks_event(const struct node *n, const struct meeting *m, const char *name, const struct param *p)
{
	const char *extra = params_get(p, "extra"), *ts = params_get(p, "ts"),
		   *batch = params_get(p, "batch"), *copies = params_get(p, "copies"),
		   *wait = params_get(p, "wait");
	char *event = NULL;
	size_t len = 0;
	FILE *f;

	if (n->hook_profile == ABSENT || !n->hooks)
		return;
	f = open_memstream(&event, &len);
	for (int i = 0; i < (batch ? atoi(batch) : 1); i++) {
		fprintf(f, "%s{\"data\":{\"type\":\"event\",\"id\":\"%s\",\"attributes\":{", i ? "," : "[",
			name);
		put_meeting(f, n, m, strcmp(name, "meeting-created") == 0);
		fprintf(f, "%s%s},\"event\":{\"ts\":%lld}}}", extra ? "," : "", extra ? extra : "",
			(ts ? atoll(ts) : now_ms()) + i);
	}
	fputc(']', f);
	fclose(f);
	for (int i = 0; i < (copies ? atoi(copies) : 1); i++)
		send_all(n, m->id, event, wait ? atol(wait) : 0);
	free(event);
}

void hooks_forget(struct node *n)
{
	while (n->hooks) {
		struct hook *h = n->hooks;

		n->hooks = h->next;
		free(h->url);
		free(h->meeting);
		free(h);
	}
}

static void put_hook(FILE *f, const struct node *n, const struct hook *h)
{
	if (n->hook_profile == V2)
		fprintf(f, "<hookID>%d</hookID>", h->id);
	else
		fprintf(f, "<hookID>%08x-e2bb-4255-8caf-4136c566a962</hookID>", (unsigned)h->id);
}

static void create(struct call *c, FILE *f)
{
	const char *url = params_get(c->params, "callbackURL"), *meeting = params_get(c->params, "meetingID");
	static int last;
	struct hook *h = c->node->hooks;

	while (h && url && strcmp(h->url, url) != 0)
		h = h->next;
	if (h && url) {
		put_hook(f, c->node, h);
		fputs("<messageKey>duplicateWarning</messageKey><message>There is already a hook for this callback "
		      "URL.</message>",
			f);
		return;
	}
	h = calloc(1, sizeof(*h));
	h->id = ++last;
	h->url = strdup(url ? url : "");
	h->meeting = meeting && *meeting ? strdup(meeting) : NULL;
	h->next = c->node->hooks;
	c->node->hooks = h;
	put_hook(f, c->node, h);
	fputs("<permanentHook>false</permanentHook><rawData>false</rawData>", f);
}

static void list(struct call *c, FILE *f)
{
	fputs("<hooks>", f);
	for (const struct hook *h = c->node->hooks; h; h = h->next) {
		fputs("<hook>", f);
		put_hook(f, c->node, h);
		fprintf(f, "<callbackURL><![CDATA[%s]]></callbackURL>", h->url);
		if (h->meeting)
			fprintf(f, "<meetingID><![CDATA[%s]]></meetingID>", h->meeting);
		fputs("<permanentHook>false</permanentHook><rawData>false</rawData></hook>", f);
	}
	fputs("</hooks>", f);
}

static bool destroy(struct call *c, FILE *f)
{
	const char *id = params_get(c->params, "hookID");
	unsigned number = id ? (unsigned)strtoul(id, NULL, c->node->hook_profile == V2 ? 10 : 16) : 0;

	for (struct hook **at = &c->node->hooks, *h; (h = *at); at = &h->next) {
		if ((unsigned)h->id != number)
			continue;
		*at = h->next;
		free(h->url);
		free(h->meeting);
		free(h);
		fputs("<removed>true</removed>", f);
		return true;
	}
	return false;
}

bool hooks_answer(struct call *c, struct answer *a)
{
	static const char open[] = "<response><returncode>SUCCESS</returncode>";
	const char *sum = params_get(c->params, "checksum"), *failed = NULL;
	size_t len = 0;
	FILE *f;

	if (strncmp(c->name, "hooks/", 6) != 0 || c->node->hook_profile == ABSENT ||
		strcmp(c->method, "GET") != 0)
		return false;
	f = open_memstream(&a->body, &len);
	fputs(open, f);
	/* 2.x knows SHA-1 alone. */
	if (!c->checksum_ok || (c->node->hook_profile == V2 && strlen(sum ? sum : "") != 40))
		failed = "checksumError";
	else if (strcmp(c->name, "hooks/create") == 0)
		create(c, f);
	else if (strcmp(c->name, "hooks/list") == 0)
		list(c, f);
	else if (!destroy(c, f))
		failed = "destroyMissingHook";
	fputs("</response>", f);
	fclose(f);
	a->result = failed ? failed : "SUCCESS";
	if (failed) {
		free(a->body);
		if (asprintf(&a->body,
			    "<response><returncode>FAILED</returncode><messageKey>%s</messageKey><message>It failed.</message></response>",
			    failed) == -1)
			abort();
	}
	return true;
}
