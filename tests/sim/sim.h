/* SPDX-License-Identifier: ISC */
/* A BigBlueButton node for tests: what its parts share. One process plays many nodes; one lock guards
 * everything. */
#ifndef B3LB_SIM_H
#define B3LB_SIM_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* params.c: decoded parameters, first value wins. Written apart from the product on purpose. */
struct param {
	char *name, *value;
	struct param *next;
};
struct param *params_parse(const char *raw, size_t len, struct param *behind);
const char *params_get(const struct param *p, const char *name); /* NULL when absent */
bool params_true(const struct param *p, const char *name);
void params_free(struct param *p);
/* True when the raw query carries hex(sha(call + query without it + secret)), by BBB's literal replacement.
 */
bool checksum_fits(const char *call, const char *raw, const char *claimed, const char *secret);
void sha1_hex(const char *text, char hex[41]);
char *xml_escaped(const char *s); /* malloc'd */
void json_put(FILE *f, const char *s);

struct meeting {
	char *id, *name, internal[257], attendee_pw[65], moderator_pw[65];
	long long create_time, end_time, voice_bridge;
	int participants, moderators, listeners, voices, videos;
	bool has_joined, recording_marked;
	char *customdata; /* names and values of userdata, as elements; NULL: none */
	struct param *params;
	char *documents; /* JSON list */
	struct meeting *next;
};

enum mode {
	MODE_NORMAL,
	MODE_REFUSE,
	MODE_HANG,
	MODE_SLOW,
	MODE_STATUS500,
	MODE_HTML,
	MODE_CUTXML,
	MODE_EMPTY,
	MODE_FAILED,
	MODE_RUBBISH,
	MODE_BIG,
	MODE_DRIP,
	MODE_REDIRECT,
	MODE_WRONGMEETING,
	MODE__MAX
};

struct behaviour {
	enum mode mode;
	char calls[256]; /* ",create,load," or "" for all */
	long count;	 /* so many requests; -1: until changed */
	long ms, bytes;
	char key[64], message[128];
};

/* A webhook of bbb-webhooks. */
struct hook {
	int id;
	char *url, *meeting; /* NULL: of every meeting */
	struct hook *next;
};

struct node {
	int number;
	char secret[128], load[64];
	char version[128]; /* <bbbVersion> that the root of its API tells; "": an empty one */
	char separator[8]; /* of thousands in counts, as versions before 2025 write them; "": none */
	struct behaviour behave;
	struct meeting *meetings;
	int hook_profile;      /* of hook_profiles */
	bool hook_no_external; /* as 3.5.0 after a restart */
	struct hook *hooks;
};

struct session {
	char token[17];
	int node;
	char internal[257];
	char user[256];
	struct session *next;
};

struct sim {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* a behaviour was changed: hanging requests look again */
	struct node *nodes;
	int node_count;
	_Atomic int port; /* connections may come before it is written down */
	long expire;
	struct session *sessions;
};
extern struct sim sim;

/* What an API call answers. */
struct answer {
	int status;
	const char *type;
	char *body; /* malloc'd */
	char location[2048], cookie[128];
	const char *result; /* for the journal */
};

/* A request as it came. */
struct call {
	struct node *node;
	const char *name, *method, *query, *content_type, *body;
	size_t body_len;
	struct param *params;
	bool checksum_ok;
};

/* node.c: the life of meetings. Call with the lock held. */
struct meeting *meeting_find(struct node *n, const char *id);
struct meeting *meeting_make(struct node *n, const struct param *params);
/* As create gave it, else the one that nodes come with. */
const char *meeting_dial_number(const struct meeting *m);
/* A room that the node makes itself for one of its meetings. */
struct meeting *meeting_make_room(struct node *n, const struct meeting *parent, const char *name);
void meeting_drop(struct node *n, struct meeting *m);
/* Ends it: dropped, and its callbacks go out. */
void meeting_end(struct node *n, struct meeting *m);
void nodes_expire(void);
long long now_ms(void);
void random_name(char *out, int len);

/* list.c */
void xml_put(FILE *f, const char *name, const char *text);
void xml_date(long long ms, char *out, size_t size);
void xml_put_meeting(FILE *f, const struct node *n, const struct meeting *m);

/* api.c */
void api_answer(struct call *c, struct answer *a);

/* hooks.c: bbb-webhooks; absent until a test installs one. True when the call is answered. */
extern const char *const hook_profiles[];
bool hooks_answer(struct call *c, struct answer *a);
/* An event of a meeting goes to the node's hooks in the background; p may be NULL. */
void hooks_event(const struct node *n, const struct meeting *m, const char *name, const struct param *p);
void hooks_forget(struct node *n);

/* callback.c: sends in the background, tries again after 1, 2 and 4 seconds. */
void callback_get(const char *url, bool marks, const char *meeting_id);
void callback_plain(const char *url);
void callback_analytics(const char *url, const struct node *n, const struct meeting *m);

/* journal.c */
void journal_open(const char *path);
void journal_add(const struct call *c, const char *result);
char *journal_json(const struct param *filter, bool count_only); /* malloc'd */
void journal_clear(void);
void sink_add(const char *name, const char *method, const char *query, const char *auth, const char *type,
	const char *body, int *status, long *ms, char location[1024]);
void sink_set(const char *name, int status, long count, long ms, const char *location);
char *sink_json(const char *name);

/* control.c: POST and GET below /_sim/. */
char *control_answer(const char *path, const struct param *p, int *status);
extern const char *const mode_names[MODE__MAX];

#endif
