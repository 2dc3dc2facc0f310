/* SPDX-License-Identifier: ISC */
/* The floor that b3lb is measured against: the least that a FastCGI program can do for an answer of each
 * kind. */
#include "config.h"

#include <fcgiapp.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char SELECT[] = "select body from floor_text where id = $1::int";
static const char INSERT[] = "insert into floor_event (name) values ($1)";

enum mode { HELLO, SELECTS, TWO, ONE };

static const struct {
	const char *name;
	enum mode mode;
} modes[] = {
	{"hello", HELLO}, {"select", SELECTS}, /* one prepared SELECT; sends what it finds */
	{"two", TWO},			       /* and an INSERT that waits for no disk */
	{"one", ONE},			       /* both in one round trip */
};

static struct {
	enum mode mode;
	const char *database, *row;
	int fd;
} floor_of;

static void die(const char *what)
{
	fprintf(stderr, "floor: %s\n", what);
	exit(1);
}

static PGconn *connect_database(void)
{
	PGconn *pg = PQconnectdb(floor_of.database);

	if (PQstatus(pg) != CONNECTION_OK)
		die(PQerrorMessage(pg));
	PQclear(PQexec(pg, "set synchronous_commit = off"));
	PQclear(PQprepare(pg, "s", SELECT, 1, NULL));
	PQclear(PQprepare(pg, "i", INSERT, 1, NULL));
	if (floor_of.mode == ONE && !PQenterPipelineMode(pg))
		die("no pipeline mode");
	return pg;
}

/* Both statements in one round trip; returns the first one's result. */
static PGresult *run_pipeline(PGconn *pg)
{
	PGresult *found, *r;

	PQsendQueryPrepared(pg, "s", 1, &floor_of.row, NULL, NULL, 0);
	PQsendQueryPrepared(pg, "i", 1, &floor_of.row, NULL, NULL, 0);
	PQpipelineSync(pg);
	found = PQgetResult(pg);
	PQclear(PQgetResult(pg));
	for (int ends = 0; ends < 2;) {
		r = PQgetResult(pg);
		ends += PQresultStatus(r) == PGRES_PIPELINE_SYNC || !r;
		PQclear(r);
	}
	return found;
}

static PGresult *run_database(PGconn *pg)
{
	PGresult *found;

	if (floor_of.mode == ONE)
		return run_pipeline(pg);
	found = PQexecPrepared(pg, "s", 1, &floor_of.row, NULL, NULL, 0);
	if (floor_of.mode == TWO)
		PQclear(PQexecPrepared(pg, "i", 1, &floor_of.row, NULL, NULL, 0));
	return found;
}

static void *worker(void *arg)
{
	PGconn *pg = floor_of.mode == HELLO ? NULL : connect_database();
	FCGX_Request rq;
	char head[128];

	(void)arg;
	FCGX_InitRequest(&rq, floor_of.fd, 0);
	while (FCGX_Accept_r(&rq) == 0) {
		PGresult *r = pg ? run_database(pg) : NULL;
		const char *body = r ? PQgetvalue(r, 0, 0) : "hello\n";
		int len = r ? PQgetlength(r, 0, 0) : 6;

		snprintf(head, sizeof(head), "Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n", len);
		FCGX_PutS(head, rq.out);
		FCGX_PutStr(body, len, rq.out);
		PQclear(r);
		FCGX_Finish_r(&rq);
	}
	return NULL;
}

static int listen_on(const char *path)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	unlink(path);
	umask(0);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == -1 || listen(fd, 511) == -1)
		die("could not listen");
	return fd;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	int threads;

	if (argc != 6)
		die("usage: floor MODE SOCKET THREADS DATABASE ROW");
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(modes[i].name, argv[1]) == 0)
			floor_of.mode = modes[i].mode;
	floor_of.fd = listen_on(argv[2]);
	threads = atoi(argv[3]);
	floor_of.database = argv[4];
	floor_of.row = argv[5];
	setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "100", 0);
	FCGX_Init();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	for (int i = 1; i < threads; i++)
		if (pthread_create(&thread, NULL, worker, NULL) != 0)
			die("could not start a thread");
	worker(NULL);
	return 0;
}
