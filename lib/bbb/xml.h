/* SPDX-License-Identifier: ISC */
/* XML of the BBB API: answers of nodes read, changed and written; answers of our own. */
#ifndef B3LB_BBB_XML_H
#define B3LB_BBB_XML_H

#include "base/buf.h"
#include "base/err.h"
#include "http/query.h"

struct bbbxml;

/*
 * Parses a node's answer: one <response> with a <returncode>. No network, entities or DTD: any DOCTYPE is
 * refused. What XML 1.0 cannot hold is read as U+FFFD, in names of elements as '_'; numbers with separators (1,202: BBB #22102)
 * become plain ones. Returns NULL with ERR_AWAY and the reason for anything
 * else. The caller frees it with bbbxml_free.
 * Any thread, one at a time for each document.
 */
struct bbbxml *bbbxml_parse(const char *data, size_t len, struct err *err) b3lb_nonnull;
/* The same of an answer that is damaged or cut off, as far as it can be read: *whole is false then, and what is not there
 * may have been lost. It must have begun with SUCCESS. */
struct bbbxml *bbbxml_parse_partly(const char *data, size_t len, bool *whole, struct err *err) b3lb_nonnull;
void bbbxml_free(struct bbbxml *doc);
/* True for returncode SUCCESS. */
bool bbbxml_success(const struct bbbxml *doc) b3lb_nonnull;
/* The text of a direct child of <response>, copied into the arena; NULL when there is no such child. */
char *bbbxml_text(const struct bbbxml *doc, struct arena *a, const char *name) b3lb_nonnull;
/* Replaces every occurrence of `from` in text and attribute values: node ids of ours become the client's.
 * What XML cannot hold of `to` becomes U+FFFD. */
void bbbxml_replace(struct bbbxml *doc, const char *from, const char *to) b3lb_nonnull;
/* <response> itself, for bbbxml_metadata_set and bbbxml_set_text. */
void *bbbxml_root(struct bbbxml *doc) b3lb_nonnull;
/* In the <metadata> child of an element: the entry of that name is replaced by value, or taken out when it is
 * NULL. Without a <metadata> nothing happens. */
void bbbxml_metadata_set(void *element, const char *name, const char *value);
/* Takes parameters out of q that begin so and go on with what is no name of an element, or one too long to be read:
 * bbb-web would write it as one (get-meetings.ftlx), and nobody could read its list. A name has no colon: that would be a
 * namespace. */
void bbbxml_drop_unnamable(struct query *q, const char *prefix) b3lb_nonnull;
/* The child of that name gets another text; nothing happens without one. */
void bbbxml_set_text(void *element, const char *name, const char *text) b3lb_nonnull;
/*
 * Appends the <meeting> elements of a getSessions answer whose meetingID (the internal id) is in the
 * comma-framed list
 * (",id,id,"). Returns their number.
 */
int bbbxml_sessions_write(const struct bbbxml *doc, const char *list, struct buf *out) b3lb_nonnull;
/* Appends the document without an XML declaration, as bbb-web writes it. */
void bbbxml_write(const struct bbbxml *doc, struct buf *out) b3lb_nonnull;

/* Bytes of an internal id: bbb-web's have 54, and no index takes any length. */
#define BBBXML_INTERNAL_ID_MAX 256
/* Bytes of a meetingID: 256 characters in bbb-web. */
#define BBBXML_ID_MAX 1024
/* A count that is no number. */
#define BBBXML_UNKNOWN (-1)

/* A <meeting> of getMeetings. Strings belong to the arena given to bbbxml_meetings. Missing counts are 0, in a
 * document that is not whole BBBXML_UNKNOWN. */
struct bbbxml_meeting {
	const char *id;		 /* meetingID as the node knows it */
	const char *internal_id; /* "" when missing or too long */
	const char *parent_id;	 /* internal id of the parent of a breakout room, else NULL */
	int attendees, listeners, voices, videos, moderators;
	bool running;
	void *element; /* for bbbxml_meeting_write; lives as long as the document */
};
/* Lists the meetings of a getMeetings answer in *list (from the arena); returns their number, or -1 with ERR_AWAY when there
 * is no list. *skipped: those without an id, or with one longer than MAX. */
int bbbxml_meetings(const struct bbbxml *doc, struct arena *a, struct bbbxml_meeting **list, int *skipped,
	struct err *err) b3lb_nonnull;
/* Appends one <meeting>, with every `from` replaced by `to`. */
void bbbxml_meeting_write(
	const struct bbbxml_meeting *m, const char *from, const char *to, struct buf *out) b3lb_nonnull;

#endif
