/* SPDX-License-Identifier: ISC */
/* People on the phone: numbers and PINs of rooms, and what a FreeSWITCH gateway does with a call. */
#include "config.h"
#include "core/dialin.h"

#include "base/url.h"
#include "sql/statements.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS	   "0123456789"
#define TO_MAX	   32
#define CALLER_MAX 64
#define NAME_CHARS 48
#define ASKED_MAX  3
#define CALL_MAX_S 28800
/* A name with as many digits is one with a number in it. */
#define NUMBER_DIGITS 6
#define UNAVAILABLE   "Unavailable"

bool dialin_pin_fits(const char *text)
{
	return text_is_number(text, 10) && strlen(text) >= 5 && *text != '0' && strcmp(text, "99999") != 0;
}

const char *dialin_number(const struct conf *conf, struct arena *a, const struct tenant *tenant)
{
	const char *all = conf->dialin_numbers;

	if (tenant->dial_number)
		return tenant->dial_number;
	return *all ? arena_strndup(a, all, strcspn(all, ",")) : NULL;
}

/* The digits of a number, however it is written. */
static const char *digits_of(struct arena *a, const char *number, size_t len)
{
	char *out = arena_alloc(a, len + 1);
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		if (isdigit((unsigned char)number[i]))
			out[n++] = number[i];
	return out;
}

/* True for one of dialin_numbers. */
static bool is_shared(const struct conf *conf, struct arena *a, const char *digits)
{
	for (const char *at = conf->dialin_numbers; *at; at += strcspn(at, ","), at += *at == ',')
		if (strcmp(digits_of(a, at, strcspn(at, ",")), digits) == 0)
			return true;
	return false;
}

/* A letter, or what may stand between them: nothing that FreeSWITCH or XML reads as anything else. */
static bool may_be_shown(unsigned cp)
{
	return cp < 0x80 ? isalnum((int)cp) || (cp && strchr(" .()+_-", (int)cp)) : cp >= 0xC0 && cp <= 0x17E;
}

/* The last four digits. */
static void mask(char *name)
{
	int left = 4;

	for (char *p = name + strlen(name); p > name && left; p--)
		if (isdigit((unsigned char)p[-1])) {
			p[-1] = 'X';
			left--;
		}
}

static const char *shown_name(struct arena *a, const struct query *form)
{
	const char *given = query_get(form, "Caller-Caller-ID-Name");
	int chars = 0, letters = 0, digits = 0;
	char *name = arena_alloc(a, NAME_CHARS * 4 + 1);
	size_t len = 0, size;
	unsigned cp;

	for (const char *p = given ? given : ""; *p && chars < NAME_CHARS; p += size ? size : 1) {
		size = utf8_decode(p, &cp);
		if (!size || !may_be_shown(cp) || (cp == ' ' && !len))
			continue;
		memcpy(name + len, p, size);
		len += size;
		chars++;
		digits += cp < 0x80 && isdigit((int)cp);
		letters += cp >= 0x80 || isalpha((int)cp);
	}
	while (len && name[len - 1] == ' ')
		name[--len] = '\0';
	if (query_is_true(form, "Caller-Privacy-Hide-Name") || letters + digits == 0)
		return UNAVAILABLE;
	if (letters && digits < NUMBER_DIGITS)
		return name;
	if (query_is_true(form, "Caller-Privacy-Hide-Number"))
		return UNAVAILABLE;
	mask(name);
	return name;
}

/* What was dialled; NULL: it is nothing that can be. */
static const char *dialled(const struct query *form, const char *name)
{
	const char *text = query_get_filled(form, name);

	return text && strlen(text) <= TO_MAX && !text[strspn(text, DIGITS "+")] ? text : NULL;
}

bool dialin_read(struct arena *a, const struct query *form, struct dialin_call *call)
{
	const char *section = query_get(form, "section"), *bound = query_get(form, "variable_b3lb_number");
	const char *asked = query_get(form, "variable_b3lb_asked"),
		   *caller = query_get(form, "Caller-Caller-ID-Number");
	const char *number;

	*call = (struct dialin_call){.to = dialled(form, "Caller-Destination-Number")};
	number = bound ? dialled(form, "variable_b3lb_number") : call->to;
	if (!section || strcmp(section, "dialplan") != 0 || !call->to || !number)
		return false;
	call->number = digits_of(a, number, strlen(number));
	if (bound) {
		call->pin = digits_of(a, call->to, strlen(call->to));
		/* What is not said by us is the last time. */
		call->asked = asked && text_is_number(asked, 1) ? atoi(asked) : ASKED_MAX;
	}
	call->caller = caller ? arena_strndup(a, caller, utf8_prefix(caller, CALLER_MAX)) : "";
	call->name = shown_name(a, form);
	return *call->number != '\0';
}

/* Where the gateway reaches a node by SIP: as the operator says, else the host that browsers join at. */
static const char *sip_host(
	const struct conf *conf, struct arena *a, const char *given, const struct node *node)
{
	struct buf text = BUF_INIT;
	const char *host = NULL;
	struct url url;

	node_join_base(conf, node, &text);
	if (given)
		host = given;
	else if (url_split(a, buf_str(&text), &url))
		host = strchr(url.host, ':') ? arena_printf(a, "[%s]", url.host) : url.host;
	buf_free(&text);
	return host;
}

int dialin_find(struct db *db, const struct conf *conf, struct arena *a, const struct dialin_call *call,
	struct dialin_route *route, struct err *err)
{
	static const char *const results[] = {
		[DIALIN_NONE] = "none",
		[DIALIN_ASK] = "ask",
		[DIALIN_WRONG] = "wrong",
		[DIALIN_FOUND] = "found",
	};
	struct db_result *r = NULL;
	struct node node;

	*route = (struct dialin_route){.result = DIALIN_NONE};
	if (db_run(db, &stmt_dialin_call,
		    DB_ARGS(call->number, is_shared(conf, a, call->number), call->pin, call->caller,
			    conf->dialin_tries),
		    &r, err) == -1)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(results); i++)
		if (db_is(r, 0, DIALIN_CALL_RESULT, results[i]))
			route->result = i;
	if (route->result == DIALIN_FOUND) {
		node_read(a, r, 0, DIALIN_CALL_NODE, &node);
		route->host = sip_host(conf, a, arena_strdup(a, db_text(r, 0, DIALIN_CALL_SIP_HOST)), &node);
		route->seconds = (int)db_int(r, 0, DIALIN_CALL_SECONDS);
		if (!route->host)
			route->result = DIALIN_NONE;
	}
	db_free(r);
	return 0;
}

static void action(struct buf *out, const char *application, const char *data)
{
	buf_printf(out, "<action application=\"%s\"", application);
	if (*data) {
		buf_puts(out, " data=\"");
		buf_xml(out, data);
		buf_putc(out, '"');
	}
	buf_puts(out, "/>");
}

static void write_ask(
	const struct conf *conf, const struct dialin_call *call, struct arena *a, struct buf *out)
{
	if (call->asked == 0) {
		action(out, "answer", "");
		action(out, "sched_hangup", arena_printf(a, "+%d normal_clearing", CALL_MAX_S));
		action(out, "sleep", "500");
		action(out, "set", arena_printf(a, "b3lb_number=%s", call->number));
		action(out, "playback", conf->dialin_sound_welcome);
	} else {
		action(out, "playback", conf->dialin_sound_bad);
	}
	if (call->asked >= ASKED_MAX) {
		action(out, "hangup", "NORMAL_CLEARING");
		return;
	}
	action(out, "set", arena_printf(a, "b3lb_asked=%d", call->asked + 1));
	action(out, "play_and_get_digits",
		arena_printf(
			a, "5 11 3 7000 # %s %s pin [0-9]+", conf->dialin_sound_pin, conf->dialin_sound_bad));
	action(out, "transfer", "${pin} XML public");
}

static void write_bridge(
	const struct dialin_call *call, const struct dialin_route *route, struct arena *a, struct buf *out)
{
	action(out, "set", arena_printf(a, "effective_caller_id_name=%s", call->name));
	action(out, "set", "hangup_after_bridge=true");
	action(out, "sched_hangup", arena_printf(a, "+%d normal_clearing", route->seconds));
	action(out, "bridge", arena_printf(a, "sofia/external/%s@%s", call->pin, route->host));
}

void dialin_write(const struct conf *conf, const struct dialin_call *call, const struct dialin_route *route,
	struct buf *out)
{
	struct arena a = {0};

	buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<document type=\"freeswitch/xml\">");
	if (route->result == DIALIN_NONE) {
		buf_puts(out,
			"<section name=\"result\"><result status=\"not found\"/></section></document>\n");
		return;
	}
	buf_puts(out, "<section name=\"dialplan\"><context name=\"public\"><extension name=\"b3lb\">"
		      "<condition field=\"destination_number\" expression=\"^");
	for (const char *p = call->to; *p; p++)
		buf_printf(out, "%s%c", *p == '+' ? "\\" : "", *p);
	buf_puts(out, "$\">");
	if (route->result == DIALIN_FOUND)
		write_bridge(call, route, &a, out);
	else
		write_ask(conf, call, &a, out);
	buf_puts(out, "</condition></extension></context></section></document>\n");
	arena_free(&a);
}

int dialin_prune(struct db *db, struct err *err)
{
	return db_run(db, &stmt_dialin_prune, NULL, NULL, err);
}

int dialin_share(struct db *db, const struct conf *conf, int *share, struct err *err)
{
	struct db_result *r = NULL;
	int rc = db_run(db, &stmt_dialin_share, DB_ARGS(conf->pin_length), &r, err);

	*share = rc == 0 ? (int)db_int(r, 0, DIALIN_SHARE_SHARE) : 0;
	db_free(r);
	return rc;
}
