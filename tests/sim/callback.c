/* SPDX-License-Identifier: ISC */
/* What a node tells the outside when a meeting ends, sent in the background. */
#include "config.h"
#include "sim.h"

#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TRIES 4

struct delivery {
	char *url, *body, *auth;
};

static size_t ignore(char *data, size_t size, size_t count, void *arg)
{
	(void)data;
	(void)arg;
	return size * count;
}

static void *deliver(void *arg)
{
	struct delivery *d = arg;

	for (int i = 0; i < TRIES; i++) {
		CURL *curl = curl_easy_init();
		struct curl_slist *headers = NULL;
		long status = 0;

		curl_easy_setopt(curl, CURLOPT_URL, d->url);
		curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
		curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);
		curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
		curl_easy_setopt(curl, CURLOPT_USERAGENT, "BigBlueButton Analytics Callback");
		if (d->body) {
			headers = curl_slist_append(headers, "Content-Type: application/json");
			headers = curl_slist_append(headers, d->auth);
			curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
			curl_easy_setopt(curl, CURLOPT_POSTFIELDS, d->body);
		}
		if (curl_easy_perform(curl) == CURLE_OK)
			curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
		curl_slist_free_all(headers);
		curl_easy_cleanup(curl);
		if (status / 100 == 2)
			break;
		sleep(1u << i);
	}
	free(d->url);
	free(d->body);
	free(d->auth);
	free(d);
	return NULL;
}

static void start(struct delivery *d)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, deliver, d) == 0)
		pthread_detach(thread);
}

void callback_get(const char *url, bool marks, const char *meeting_id)
{
	struct delivery *d = calloc(1, sizeof(*d));
	char *id = curl_easy_escape(NULL, meeting_id, 0);

	if (asprintf(&d->url, "%s%srecordingmarks=%s&meetingID=%s", url, strchr(url, '?') ? "&" : "?",
		    marks ? "true" : "false", id) == -1)
		abort();
	curl_free(id);
	start(d);
}

/* meetingEndedURL, as up to 3.0: it says nothing. */
void callback_plain(const char *url)
{
	struct delivery *d = calloc(1, sizeof(*d));

	d->url = strdup(url);
	start(d);
}

/* base64url without padding (RFC 7515). */
static char *base64url(const void *data, size_t len)
{
	char *out = malloc(len * 2 + 8);
	int n = EVP_EncodeBlock((unsigned char *)out, data, (int)len);

	while (n > 0 && out[n - 1] == '=')
		n--;
	out[n] = '\0';
	for (char *p = out; *p; p++)
		*p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
	return out;
}

static char *jwt_hs512(const char *secret, long long exp)
{
	static const char head[] = "{\"alg\":\"HS512\",\"typ\":\"JWT\"}";
	char payload[64], *h = base64url(head, sizeof(head) - 1), *p, *signed_part, *mac64, *out;
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	snprintf(payload, sizeof(payload), "{\"exp\":%lld}", exp);
	p = base64url(payload, strlen(payload));
	if (asprintf(&signed_part, "%s.%s", h, p) == -1)
		abort();
	HMAC(EVP_sha512(), secret, (int)strlen(secret), (unsigned char *)signed_part, strlen(signed_part),
		mac, &len);
	mac64 = base64url(mac, len);
	if (asprintf(&out, "Authorization: Bearer %s.%s", signed_part, mac64) == -1)
		abort();
	free(h);
	free(p);
	free(signed_part);
	free(mac64);
	return out;
}

void callback_analytics(const char *url, const struct node *n, const struct meeting *m)
{
	struct delivery *d = calloc(1, sizeof(*d));
	const char *sep = "";
	size_t len = 0;
	FILE *f;

	d->url = strdup(url);
	d->auth = jwt_hs512(n->secret, (long long)time(NULL) + 86400);
	f = open_memstream(&d->body, &len);
	fputs("{\"version\":\"1.0\",\"meeting_id\":", f);
	json_put(f, m->id);
	fprintf(f, ",\"internal_meeting_id\":\"%s\",\"data\":{\"metadata\":{", m->internal);
	for (const struct param *p = m->params; p; p = p->next) {
		if (strncmp(p->name, "meta_", 5) != 0)
			continue;
		fputs(sep, f);
		json_put(f, p->name + 5);
		fputc(':', f);
		json_put(f, p->value);
		sep = ",";
	}
	fprintf(f, "},\"duration\":60,\"attendees\":[]}}");
	fclose(f);
	start(d);
}
