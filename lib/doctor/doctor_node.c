/* SPDX-License-Identifier: ISC */
/* The doctor: the nodes. */
#include "config.h"
#include "doctor/doctor_parts.h"

#include "bbb/xml.h"
#include "base/cidr.h"
#include "base/url.h"
#include "core/finding.h"
#include "core/node_poll.h"
#include "net/probe.h"

#include <arpa/inet.h>
#include <math.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define CLOCK_TOLERANCE 2.0
#define POLL_AGE_MAX	120
#define ADDRESSES_MAX	16
#define HOUR		3600
#define CERTIFICATE_MIN 14 /* days */

int check_addresses(const char *host, char (*out)[CHECK_ADDRESS_SIZE], int max)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	int n = 0;

	if (getaddrinfo(host, NULL, &hints, &list) != 0)
		return 0;
	for (struct addrinfo *i = list; i && n < max; i = i->ai_next)
		if (getnameinfo(i->ai_addr, i->ai_addrlen, out[n], CHECK_ADDRESS_SIZE, NULL, 0,
			    NI_NUMERICHOST) == 0)
			n++;
	freeaddrinfo(list);
	return n;
}

const char *check_host(struct arena *a, const char *url)
{
	struct url parts;

	return url_split(a, url, &parts) ? parts.host : "";
}

/* What the answer to getMeetings says. */
static bool read_answer(const struct node *node, const struct probe_answer *answer, struct buf *why)
{
	struct arena arena = {0};
	struct err err = {0};
	struct bbbxml *doc = NULL;
	const char *key;
	bool good = false;

	if (answer->status != 200) {
		buf_printf(why,
			"it answers getMeetings with HTTP status %d: is that the URL of its API? (bbb-conf "
			"--secret "
			"on it shows the right one)",
			answer->status);
		return false;
	}
	doc = bbbxml_parse(buf_str(&answer->body), answer->body.len, &err);
	key = doc ? bbbxml_text(doc, &arena, "messageKey") : NULL;
	good = doc && bbbxml_success(doc);
	if (!doc)
		buf_puts(why, "what it answers is no BigBlueButton's: is that the URL of its API?");
	else if (!good && key && strcmp(key, "checksumError") == 0)
		buf_printf(why,
			"it refuses the secret, or the algorithm %s of its cluster: bbb-conf --secret on it "
			"shows "
			"the secret",
			sha_names[node->sha]);
	else if (!good)
		buf_printf(why, "it answers getMeetings with %.64s", key ? key : "a failure");
	bbbxml_free(doc);
	arena_free(&arena);
	return good;
}

bool check_node_answers(
	const struct conf *conf, const struct node *node, struct buf *why, struct check_answer *said)
{
	static const struct query no_parameters;
	struct probe_answer answer = {.certificate_days = -1};
	struct buf url = BUF_INIT;
	struct err err = {0};
	bool good = false;

	node_call_url(conf, node, "getMeetings", &no_parameters, &url);
	const struct probe_call call = {.url = buf_str(&url), .ca_file = conf->node_ca_file};

	if (probe_do(conf, &call, &answer, &err) == -1)
		buf_printf(why, "it does not answer: %s", err.text);
	else
		good = read_answer(node, &answer, why);
	*said = (struct check_answer){
		.ahead = answer.dated ? answer.clock_ahead : 0, .certificate_days = answer.certificate_days};
	probe_answer_free(&answer);
	buf_free(&url);
	return good;
}

/* What the root of an API says; NULL with err, and *failure when nothing answered. */
static struct bbbxml *ask_root(const struct conf *conf, const char *url, const char *ca_file,
	enum probe_failure *failure, struct err *err)
{
	const struct probe_call call = {.url = url, .ca_file = ca_file};
	struct probe_answer answer = {0};
	struct bbbxml *doc = NULL;

	if (probe_do(conf, &call, &answer, err) == 0) {
		if (answer.status == 200)
			doc = bbbxml_parse(buf_str(&answer.body), answer.body.len, err);
		else
			err_set(err, ERR_AWAY, "HTTP status %d", answer.status);
	}
	*failure = answer.failure;
	probe_answer_free(&answer);
	return doc;
}

const char *check_node_version(const struct conf *conf, struct arena *arena, const struct node *node)
{
	enum probe_failure failure;
	struct bbbxml *doc;
	const char *version = NULL;
	struct buf url = BUF_INIT;
	struct err err = {0};

	node_api_url(conf, node, &url);
	doc = ask_root(conf, buf_str(&url), conf->node_ca_file, &failure, &err);
	if (doc)
		version = bbbxml_text(doc, arena, "bbbVersion");
	bbbxml_free(doc);
	buf_free(&url);
	return version && *version ? version : NULL;
}

/* All that an API says of its versions, to tell two apart; NULL with err. */
static const char *versions_at(
	struct doctor *d, const char *url, const char *ca_file, enum probe_failure *failure, struct err *err)
{
	static const char *const names[] = {"version", "apiVersion", "bbbVersion"};
	struct bbbxml *doc = ask_root(d->conf, url, ca_file, failure, err);
	const char *all = "";

	for (size_t i = 0; doc && i < ARRAY_SIZE(names); i++) {
		const char *text = bbbxml_text(doc, &d->arena, names[i]);

		if (text && *text)
			all = arena_printf(&d->arena, "%s%s%s", all, *all ? ", " : "", text);
	}
	bbbxml_free(doc);
	return doc ? all : NULL;
}

/* Where browsers join, when that is elsewhere: whether it is the same BigBlueButton, and they will trust it. */
static void check_join(struct doctor *d, const char *subject, const struct node *node)
{
	struct buf api = BUF_INIT, join = BUF_INIT;
	enum probe_failure failure;
	const char *here, *there, *url;
	struct err err = {0};

	node_api_url(d->conf, node, &api);
	node_join_base(d->conf, node, &join);
	url = buf_str(&join);
	if (strcmp(buf_str(&api), url) == 0)
		goto out;
	if (strncmp(url, "http://", 7) == 0)
		report_add(d->report, REPORT_WARNING, subject,
			"its join URL %s is not https: browsers give neither camera nor microphone there",
			url);
	there = versions_at(d, url, d->conf->node_ca_file, &failure, &err);
	/* Who signs for browsers may be another than who signs for us. */
	if (!there && failure == PROBE_TLS && *d->conf->node_ca_file)
		there = versions_at(d, url, NULL, &failure, &err);
	if (!there) {
		report_add(d->report, failure == PROBE_TLS ? REPORT_ERROR : REPORT_WARNING, subject,
			"its join URL %s %s: %s", url,
			failure == PROBE_TLS ? "is not trusted" : "does not answer from here", err.text);
		goto out;
	}
	here = versions_at(d, buf_str(&api), d->conf->node_ca_file, &failure, &err);
	if (here && strcmp(here, there) != 0)
		report_add(d->report, REPORT_ERROR, subject,
			"its join URL %s leads to another BigBlueButton: that one's versions are %s, its own %s",
			url, there, here);
	else
		report_add(d->report, REPORT_OK, subject, "browsers join at %s", url);
out:
	buf_free(&api);
	buf_free(&join);
}

static void check_load(const struct doctor *d, const char *subject, const struct node *node)
{
	struct report *r = d->report;
	struct probe_answer answer = {0};
	struct buf url = BUF_INIT;
	struct err err = {0};

	node_load_url(d->conf, node, &url);
	const struct probe_call call = {.url = buf_str(&url), .ca_file = d->conf->node_ca_file};

	if (probe_do(d->conf, &call, &answer, &err) == -1)
		report_add(r, REPORT_WARNING, subject, "%s does not answer: %s", buf_str(&url), err.text);
	else if (answer.status != 200)
		report_add(r, REPORT_WARNING, subject,
			"%s answers with HTTP status %d: without its load only meetings and attendees count; "
			"install "
			"b3lb-node on it, or set --load-url",
			buf_str(&url), answer.status);
	else if (poll_parse_cpu(buf_str(&answer.body)) < 0)
		report_add(r, REPORT_WARNING, subject,
			"%s is not an integer from 0 to 10000: the last one that was stays; install b3lb-node on it, "
			"or set --load-url",
			buf_str(&url));
	else
		report_add(r, REPORT_OK, subject, "load %d of 10000", poll_parse_cpu(buf_str(&answer.body)));
	probe_answer_free(&answer);
	buf_free(&url);
}

/* Whether the node may tell us of ends and send recordings. */
static void check_allowed(struct doctor *d, const char *subject, const struct node *node)
{
	char addresses[ADDRESSES_MAX][CHECK_ADDRESS_SIZE];
	struct buf url = BUF_INIT;
	int count, allowed = 0;

	node_api_url(d->conf, node, &url);
	count = check_addresses(check_host(&d->arena, buf_str(&url)), addresses, ADDRESSES_MAX);
	for (int i = 0; i < count; i++)
		allowed += cidr_list_contains(d->conf->backend_allow, addresses[i]);
	if (count && !allowed)
		report_add(d->report, REPORT_WARNING, subject,
			"its address %s is not in backend_allow: unless it reaches us from another one that "
			"is, ends of "
			"meetings are known late and recordings are refused",
			addresses[0]);
	buf_free(&url);
}

static void check_push(struct report *r, const char *subject, const struct check_node *n)
{
	if (n->late)
		report_add(r, REPORT_WARNING, subject,
			"%d recording%s of the last two days did not arrive: run \"b3lb-push list\" on it",
			n->late, n->late == 1 ? "" : "s");
	else if (n->arrived_age >= 0)
		report_add(r, REPORT_OK, subject, "its last recording arrived %d hours ago",
			n->arrived_age / HOUR);
	else
		report_add(r, REPORT_OK, subject, "no recording in the last two days, and none is missing");
}

/* The certificate that is not renewed in time takes the node offline for the poll and for everybody who is in it. */
static void check_certificate(struct report *r, const char *subject, int days)
{
	if (days >= 0 && days < CERTIFICATE_MIN)
		report_add(r, REPORT_WARNING, subject, "its certificate expires in %d days: renew it", days);
}

static void check_node(struct doctor *d, const struct check_node *n)
{
	const char *subject = arena_printf(&d->arena, "node %s", n->node.slug);
	struct buf why = BUF_INIT;
	struct report *r = d->report;
	struct check_answer said;
	struct err err = {0};
	bool good = check_node_answers(d->conf, &n->node, &why, &said);

	if (!good)
		report_add(r, strcmp(n->state, "maintenance") == 0 ? REPORT_WARNING : REPORT_ERROR, subject,
			"%s", buf_str(&why));
	else if (n->poll_age < 0 || n->poll_age > POLL_AGE_MAX || !n->node.online)
		report_add(r, REPORT_ERROR, subject,
			"it answers, but b3lb-poll has it as offline (%s): see the job",
			n->error ? n->error : "no poll yet");
	else
		report_add(r, REPORT_OK, subject, "it answers and takes the secret; %s", n->state);
	if (fabs(said.ahead) > CLOCK_TOLERANCE)
		report_add(r, REPORT_WARNING, subject,
			"its clock is %.0f seconds %s ours: let both follow the same time servers "
			"(timedatectl)",
			fabs(said.ahead), said.ahead > 0 ? "ahead of" : "behind");
	check_certificate(r, subject, said.certificate_days);
	check_allowed(d, subject, &n->node);
	if (good) {
		check_load(d, subject, &n->node);
		check_join(d, subject, &n->node);
		check_push(r, subject, n);
	}
	if (good && d->as_job &&
		finding_node_seen(d->db, n->node.id, check_node_version(d->conf, &d->arena, &n->node),
			said.certificate_days, &err) == -1)
		report_add(r, REPORT_ERROR, "nodes", "%s", err.text);
	buf_free(&why);
}

void check_nodes(struct doctor *d)
{
	struct check_node *nodes = NULL;
	struct err err = {0};
	int count = 0;

	if (check_read_nodes(d->db, &d->arena, &nodes, &count, &err) == -1)
		report_add(d->report, REPORT_ERROR, "nodes", "%s", err.text);
	else if (count == 0)
		report_add(d->report, REPORT_ERROR, "nodes",
			"there is none: b3lb-admin setup, or b3lb-admin node add");
	for (int i = 0; i < count && !(d->stop && *d->stop); i++)
		if (!d->as_job || strcmp(nodes[i].state, "maintenance") != 0)
			check_node(d, &nodes[i]);
}
