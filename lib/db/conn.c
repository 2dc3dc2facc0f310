/* SPDX-License-Identifier: ISC */
/* One connection to PostgreSQL: made, waited for and dropped, never longer than its borrower has time. */
#include "config.h"
#include "db/conn.h"

#include "base/clock.h"
#include "db/hosts.h"
#include "db/result.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

void db_conn_drop(struct db_conn *c)
{
	PQfinish(c->pg);
	c->pg = NULL;
	c->prepared_count = 0;
	c->broken = false;
	c->in_transaction = false;
	c->fresh_until = 0;
}

int db_conn_wait(struct db_conn *c, short events, struct err *err)
{
	for (;;) {
		struct pollfd p = {.fd = PQsocket(c->pg), .events = events};
		long long left = c->patient ? -1 : c->deadline - clock_ms();
		int rc = c->patient || left > 0 ? poll(&p, 1, (int)left) : 0;

		if (rc > 0)
			return 0;
		if (rc == -1 && errno == EINTR)
			continue;
		c->broken = c->timed_out = true;
		return err_set(err, ERR_AWAY, "the database did not answer within %d ms", c->db->timeout_ms);
	}
}

/* "already exists, skipping" and the like are nobody's business. */
static void ignore_notice(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

/* libpq's complaint about a malformed connection string quotes it, with what may be a password. */
static bool is_malformed(const char *database)
{
	PQconninfoOption *options;

	if (!strchr(database, '=') && !strstr(database, "://"))
		return false; /* the name of a database alone */
	options = PQconninfoParse(database, NULL);
	PQconninfoFree(options);
	return !options;
}

/* Several threads may have waited for the same host: it is passed over once. */
static void pool_pass_host(struct db *db, int waited_for)
{
	pthread_mutex_lock(&db->lock);
	if (db->first_host == waited_for)
		db->first_host++;
	pthread_mutex_unlock(&db->lock);
}

static PGconn *conn_start(struct db_conn *c, int *first)
{
	struct db *db = c->db;
	struct db_hosts hosts;
	char settings[160];
	PGconn *pg;

	pthread_mutex_lock(&db->lock);
	*first = db->first_host;
	pthread_mutex_unlock(&db->lock);
	db_hosts_read(db->conninfo, *first, &hosts);
	/* Statements look again after they waited for a lock, and read back the times that they were given,
	 * whatever the server prefers. Behind a transaction pooler start-up options are refused: there the
	 * role's settings hold, which db.c looks at. */
	snprintf(settings, sizeof(settings),
		"-c statement_timeout=%d -c lock_timeout=%d "
		"-c default_transaction_isolation=read\\ committed -c datestyle=ISO",
		db->timeout_ms, db->timeout_ms);
	{
		const char *const keys[] = {"dbname", "host", "hostaddr", "port", "fallback_application_name",
			"client_encoding", db->conf->database_pooler ? NULL : "options", NULL};
		const char *const values[] = {db->conninfo, hosts.host, hosts.hostaddr, hosts.port,
			db->application, "UTF8", settings, NULL};

		pg = PQconnectStartParams(keys, values, 1);
	}
	db_hosts_free(&hosts);
	return pg;
}

int db_conn_open(struct db_conn *c, char *state, struct err *err)
{
	struct db *db = c->db;
	PostgresPollingStatusType polling = PGRES_POLLING_WRITING;
	int first;

	c->pg = conn_start(c, &first);
	if (!c->pg || PQstatus(c->pg) == CONNECTION_BAD)
		goto failed;
	/* With the SQLSTATE of what the server refuses. */
	PQsetErrorVerbosity(c->pg, PQERRORS_VERBOSE);
	while (polling != PGRES_POLLING_OK) {
		if (db_conn_wait(c, polling == PGRES_POLLING_READING ? POLLIN : POLLOUT, err) == -1) {
			db_conn_drop(c);
			pool_pass_host(db, first);
			return -1;
		}
		polling = PQconnectPoll(c->pg);
		if (polling == PGRES_POLLING_FAILED)
			goto failed;
	}
	PQsetErrorVerbosity(c->pg, PQERRORS_DEFAULT);
	PQsetnonblocking(c->pg, 1);
	PQsetNoticeReceiver(c->pg, ignore_notice, NULL);
	return 0;
failed:
	/* libpq's text may quote the connection string's user and host, never its password. */
	err_set(err, ERR_AWAY, "could not connect to the database: %s",
		is_malformed(db->conninfo) ? "the key database is no connection string of libpq"
		: c->pg			   ? PQerrorMessage(c->pg)
					   : "no memory");
	err->text[strcspn(err->text, "\n")] = '\0';
	db_result_remember_state(c->pg, state);
	db_conn_drop(c);
	return -1;
}

bool db_conn_is_stale(struct db_conn *c)
{
	struct pollfd p = {.fd = PQsocket(c->pg), .events = POLLIN};

	/* A server that goes says why before it closes: only the end behind that makes the connection bad. */
	while (PQstatus(c->pg) == CONNECTION_OK && poll(&p, 1, 0) > 0)
		if (!PQconsumeInput(c->pg))
			return true;
	return PQstatus(c->pg) != CONNECTION_OK;
}
