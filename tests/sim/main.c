/* SPDX-License-Identifier: ISC */
/* b3lb-sim: one process that plays many BigBlueButton nodes on one loopback port, each below its own path
 * /nK. */
#include "config.h"
#include "sim.h"

#include <curl/curl.h>
#include <getopt.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define QUERY_MAX 8192
#define BODY_MAX  (64u << 20)

struct sim sim = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, .expire = 300};

/* One connection's request while it comes in. */
struct incoming {
	char *uri, *body;
	size_t body_len;
	bool head_seen;
};

static const char *header(struct MHD_Connection *c, const char *name)
{
	const char *v = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);

	return v ? v : "";
}

static enum MHD_Result send_text(struct MHD_Connection *c, int status, const char *type, char *body,
	size_t len, const char *location, const char *cookie)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(len, body, MHD_RESPMEM_MUST_FREE);
	enum MHD_Result result;

	MHD_add_response_header(r, "Content-Type", type);
	if (location && *location)
		MHD_add_response_header(r, "Location", location);
	if (cookie && *cookie)
		MHD_add_response_header(r, "Set-Cookie", cookie);
	result = MHD_queue_response(c, (unsigned)status, r);
	MHD_destroy_response(r);
	return result;
}

/* Takes one use of the node's behaviour for a call; hanging and slow ones wait here, in their own thread. */
static struct behaviour take_behaviour(struct node *n, const char *call)
{
	struct behaviour b, *now = &n->behave;
	char needle[64];

	snprintf(needle, sizeof(needle), ",%s,", call);
	pthread_mutex_lock(&sim.lock);
	b = *now;
	if (b.mode != MODE_NORMAL && *b.calls && !strstr(b.calls, needle))
		b.mode = MODE_NORMAL;
	if (b.mode != MODE_NORMAL && now->count > 0 && --now->count == 0)
		now->mode = MODE_NORMAL;
	while (b.mode == MODE_HANG && now->mode == MODE_HANG)
		pthread_cond_wait(&sim.changed, &sim.lock);
	pthread_mutex_unlock(&sim.lock);
	if (b.mode == MODE_SLOW)
		usleep((useconds_t)b.ms * 1000);
	return b;
}

static ssize_t drip(void *arg, uint64_t pos, char *buf, size_t max)
{
	const char *body = arg;

	(void)max;
	if (!body[pos])
		return MHD_CONTENT_READER_END_OF_STREAM;
	sleep(1);
	*buf = body[pos];
	return 1;
}

static enum MHD_Result send_drip(struct MHD_Connection *c, char *body)
{
	struct MHD_Response *r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 16, drip, body, free);
	enum MHD_Result result = MHD_queue_response(c, 200, r);

	MHD_destroy_response(r);
	return result;
}

static char *padded(const char *body, long bytes)
{
	size_t len = strlen(body);
	char *big = malloc((size_t)bytes + len + 1);

	memcpy(big, body, len);
	memset(big + len, ' ', (size_t)bytes);
	big[len + (size_t)bytes] = '\0';
	return big;
}

/* The answer as the node's present behaviour bends it. */
static enum MHD_Result send_bent(
	struct MHD_Connection *c, const struct behaviour *b, const struct node *n, struct answer *a)
{
	char *body = a->body ? a->body : strdup(""), *other = NULL, location[128];

	switch (b->mode) {
	case MODE_REFUSE:
		free(body);
		return MHD_NO;
	case MODE_STATUS500:
		free(body);
		other = strdup("<html><body>500</body></html>");
		return send_text(c, 500, "text/html", other, strlen(other), NULL, NULL);
	case MODE_HTML:
		free(body);
		other = strdup("<!DOCTYPE html><html><body>Welcome</body></html>");
		return send_text(c, 200, "text/html", other, strlen(other), NULL, NULL);
	case MODE_CUTXML:
		return send_text(c, 200, a->type, body, strlen(body) / 2, NULL, NULL);
	case MODE_EMPTY:
		return send_text(c, 200, a->type, body, 0, NULL, NULL);
	case MODE_FAILED:
		free(body);
		if (asprintf(&other,
			    "<response><returncode>FAILED</returncode><messageKey>%s</"
			    "messageKey><message>%s</message></response>",
			    b->key, b->message) == -1)
			abort();
		return send_text(c, 200, a->type, other, strlen(other), NULL, NULL);
	case MODE_RUBBISH:
		free(body);
		other = strdup("\x01\x02 rubbish <<<");
		return send_text(c, 200, a->type, other, strlen(other), NULL, NULL);
	case MODE_BIG:
		other = padded(body, b->bytes);
		free(body);
		return send_text(c, 200, a->type, other, strlen(other), NULL, NULL);
	case MODE_DRIP:
		return send_drip(c, body);
	case MODE_REDIRECT:
		snprintf(location, sizeof(location), "http://127.0.0.1:%d/n%d/bigbluebutton/api/", sim.port,
			n->number % sim.node_count + 1);
		return send_text(c, 302, a->type, body, 0, location, NULL);
	default:
		return send_text(c, a->status, a->type, body, strlen(body), a->location, a->cookie);
	}
}

static enum MHD_Result serve_api(struct MHD_Connection *c, struct node *n, const char *call,
	const char *method, const char *query, const struct incoming *in)
{
	struct call request = {.node = n, .name = call, .method = method, .query = query};
	struct answer a = {.status = 200, .type = "text/xml", .result = "-"};
	struct behaviour b;
	bool form = strncasecmp(header(c, "Content-Type"), "application/x-www-form-urlencoded", 33) == 0;

	request.content_type = header(c, "Content-Type");
	request.body = in->body ? in->body : "";
	request.body_len = in->body_len;
	request.params = params_parse(query, strlen(query), NULL);
	if (form && in->body_len)
		request.params = params_parse(request.body, in->body_len, request.params);
	request.checksum_ok = checksum_fits(call, query, params_get(request.params, "checksum"), n->secret);
	b = take_behaviour(n, call);
	pthread_mutex_lock(&sim.lock);
	nodes_expire();
	if (b.mode == MODE_NORMAL || b.mode == MODE_SLOW || b.mode == MODE_CUTXML || b.mode == MODE_BIG ||
		b.mode == MODE_DRIP) {
		api_answer(&request, &a);
	} else if (b.mode == MODE_WRONGMEETING) {
		a.body = strdup("<response><returncode>SUCCESS</returncode><meetingID>another</"
				"meetingID><internalMeetingID>"
				"da39a3ee5e6b4b0d3255bfef95601890afd80709-1</"
				"internalMeetingID><createTime>1</createTime><running>true"
				"</running></response>");
	}
	journal_add(&request, a.result);
	pthread_mutex_unlock(&sim.lock);
	params_free(request.params);
	return send_bent(c, &b, n, &a);
}

static enum MHD_Result serve_load(struct MHD_Connection *c, struct node *n)
{
	struct behaviour b = take_behaviour(n, "load");
	struct answer a = {.status = 200, .type = "text/plain"};

	pthread_mutex_lock(&sim.lock);
	a.body = strdup(n->load);
	pthread_mutex_unlock(&sim.lock);
	return send_bent(c, &b, n, &a);
}

/* A browser that followed join: its user is there. */
static enum MHD_Result serve_client(struct MHD_Connection *c, struct node *n, const struct param *p)
{
	const char *token = params_get(p, "sessionToken");
	struct session *s;
	struct meeting *m = NULL;
	char *body;

	pthread_mutex_lock(&sim.lock);
	for (s = sim.sessions; s && token && strcmp(s->token, token) != 0; s = s->next)
		continue;
	if (s && token)
		m = meeting_find(n, s->internal);
	if (m) {
		m->participants++;
		m->has_joined = true;
	}
	pthread_mutex_unlock(&sim.lock);
	body = strdup(m ? "<html><body>client</body></html>\n" : "<html><body>no session</body></html>\n");
	return send_text(c, m ? 200 : 401, "text/html", body, strlen(body), NULL, NULL);
}

static enum MHD_Result serve_sink(struct MHD_Connection *c, const char *name, const char *method,
	const char *query, const struct incoming *in)
{
	int status = 200;
	long ms = 0;
	char *body = strdup("sink\n"), location[1024];

	sink_add(name, method, query, header(c, "Authorization"), header(c, "Content-Type"),
		in->body ? in->body : "", &status, &ms, location);
	usleep((useconds_t)ms * 1000);
	return send_text(c, status, "text/plain", body, strlen(body), location, NULL);
}

static enum MHD_Result route(struct MHD_Connection *c, const char *method, const struct incoming *in)
{
	size_t path_len = strcspn(in->uri, "?");
	char *path = strndup(in->uri, path_len), *body, *rest;
	const char *query = in->uri[path_len] ? in->uri + path_len + 1 : "";
	struct param *p = params_parse(query, strlen(query), NULL);
	enum MHD_Result result;
	int number = 0, used = 0, status = 200;

	sscanf(path, "/n%d%n", &number, &used);
	rest = path + used;
	if (strncmp(path, "/_sim/", 6) == 0) {
		body = control_answer(path, p, &status);
		result = send_text(c, status, "text/plain", body, strlen(body), NULL, NULL);
	} else if (strncmp(path, "/_sink/", 7) == 0) {
		result = serve_sink(c, path + 7, method, query, in);
	} else if (strlen(query) > QUERY_MAX) {
		body = strdup("<html><body>414 Request-URI Too Large</body></html>");
		result = send_text(c, 414, "text/html", body, strlen(body), NULL, NULL);
	} else if (number < 1 || number > sim.node_count) {
		body = strdup("no such node\n");
		result = send_text(c, 404, "text/plain", body, strlen(body), NULL, NULL);
	} else if (strncmp(rest, "/bigbluebutton/api", 18) == 0) {
		rest += 18;
		result = serve_api(c, &sim.nodes[number - 1], rest + (*rest == '/'), method, query, in);
	} else if (strcmp(rest, "/b3lb/load") == 0) {
		result = serve_load(c, &sim.nodes[number - 1]);
	} else {
		result = serve_client(c, &sim.nodes[number - 1], p);
	}
	params_free(p);
	free(path);
	return result;
}

static void *on_uri(void *arg, const char *uri, struct MHD_Connection *c)
{
	struct incoming *in = calloc(1, sizeof(*in));

	(void)arg;
	(void)c;
	in->uri = strdup(uri);
	return in;
}

static void on_end(void *arg, struct MHD_Connection *c, void **ctx, enum MHD_RequestTerminationCode code)
{
	struct incoming *in = *ctx;

	(void)arg;
	(void)c;
	(void)code;
	if (in) {
		free(in->uri);
		free(in->body);
		free(in);
	}
	*ctx = NULL;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *url, const char *method,
	const char *version, const char *data, size_t *size, void **ctx)
{
	struct incoming *in = *ctx;

	(void)arg;
	(void)url;
	(void)version;
	if (*size) {
		if (in->body_len + *size > BODY_MAX)
			return MHD_NO;
		in->body = realloc(in->body, in->body_len + *size + 1);
		memcpy(in->body + in->body_len, data, *size);
		in->body_len += *size;
		in->body[in->body_len] = '\0';
		*size = 0;
		return MHD_YES;
	}
	/* The first call comes with the head only: a body may follow. */
	if (!in->head_seen) {
		in->head_seen = true;
		return MHD_YES;
	}
	return route(c, method, in);
}

static void write_port_file(const char *path)
{
	char tmp[1024];
	FILE *f;

	snprintf(tmp, sizeof(tmp), "%s.tmp", path);
	f = fopen(tmp, "w");
	if (!f)
		return;
	fprintf(f, "%d\n", sim.port);
	fclose(f);
	rename(tmp, path);
}

static struct MHD_Daemon *listen_on(int port)
{
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	const union MHD_DaemonInfo *info;
	struct MHD_Daemon *d;

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	d = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL,
		(uint16_t)port, NULL, NULL, on_request, NULL, MHD_OPTION_SOCK_ADDR, &addr,
		MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
		MHD_OPTION_CONNECTION_LIMIT, 4000u, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)262144,
		MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u, MHD_OPTION_THREAD_STACK_SIZE, (size_t)262144,
		MHD_OPTION_END);
	info = d ? MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT) : NULL;
	sim.port = info ? info->port : 0;
	return d;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"port", 1, NULL, 'p'}, {"nodes", 1, NULL, 'n'},
		{"secret", 1, NULL, 's'}, {"journal", 1, NULL, 'j'}, {"port-file", 1, NULL, 'f'},
		{"expire", 1, NULL, 'e'}, {NULL, 0, NULL, 0}};
	const char *secret = NULL, *journal = NULL, *port_file = NULL;
	int opt, port = 0, signal_number;
	struct MHD_Daemon *daemon;
	sigset_t wait_for;

	sim.node_count = 1;
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (opt) {
		case 'p':
			port = atoi(optarg);
			break;
		case 'n':
			sim.node_count = atoi(optarg);
			break;
		case 's':
			secret = optarg;
			break;
		case 'j':
			journal = optarg;
			break;
		case 'f':
			port_file = optarg;
			break;
		case 'e':
			sim.expire = atol(optarg);
			break;
		default:
			fprintf(stderr, "usage: b3lb-sim --port PORT|0 --nodes N [--secret S] [--journal "
					"FILE] [--port-file FILE] "
					"[--expire SECONDS]\n");
			return 2;
		}
	}
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&wait_for);
	sigaddset(&wait_for, SIGTERM);
	sigaddset(&wait_for, SIGINT);
	pthread_sigmask(SIG_BLOCK, &wait_for, NULL);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	srand((unsigned)time(NULL));
	journal_open(journal);
	sim.nodes = calloc((size_t)sim.node_count, sizeof(*sim.nodes));
	for (int i = 0; i < sim.node_count; i++) {
		sim.nodes[i].number = i + 1;
		snprintf(sim.nodes[i].load, sizeof(sim.nodes[i].load), "0");
		if (secret)
			snprintf(sim.nodes[i].secret, sizeof(sim.nodes[i].secret), "%s", secret);
		else
			snprintf(sim.nodes[i].secret, sizeof(sim.nodes[i].secret), "sim-secret-n%d", i + 1);
	}
	daemon = listen_on(port);
	if (!daemon) {
		fprintf(stderr, "b3lb-sim: could not listen on port %d\n", port);
		return 1;
	}
	if (port_file)
		write_port_file(port_file);
	sigwait(&wait_for, &signal_number);
	/* Connections that hang on purpose would hold MHD_stop_daemon up. */
	_exit(0);
}
