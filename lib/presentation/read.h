/* SPDX-License-Identifier: ISC */
/* Reads a published presentation from a directory into the timeline. */
#ifndef B3LB_PRESENTATION_READ_H
#define B3LB_PRESENTATION_READ_H

#include "base/err.h"
#include "presentation/model.h"

/*
 * Reads everything below dir, whose files have flat names (file.h). p is empty before. Every part may be missing; one that
 * is broken counts as missing, and its name is in p->broken. Returns 0, or -1 with ERR_AWAY when there is no such
 * directory, ERR_INVALID when nothing says how long the presentation is. pres_free() it either way.
 */
int pres_read(struct pres *p, const char *dir, struct err *err) b3lb_nonnull;

/*
 * A reader for each file. Each takes what it can use and returns 0, or -1 when the file is broken: then nothing of it is
 * left in p. p->duration is known before; slides before the rest of what is drawn.
 */
int pres_read_metadata(struct pres *p, int fd) b3lb_nonnull;
int pres_read_shapes(struct pres *p, int fd) b3lb_nonnull;
int pres_read_tldraw(struct pres *p, int fd) b3lb_nonnull;
int pres_read_views(struct pres *p, int fd) b3lb_nonnull;
int pres_read_cursor(struct pres *p, int fd) b3lb_nonnull;
int pres_read_shares(struct pres *p, int fd) b3lb_nonnull;
int pres_read_layout(struct pres *p, int fd) b3lb_nonnull;
int pres_read_chat(struct pres *p, int fd) b3lb_nonnull;
int pres_read_captions(struct pres *p, int fd) b3lb_nonnull;
int pres_read_polls(struct pres *p, int fd) b3lb_nonnull;
int pres_read_texts(struct pres *p, int fd) b3lb_nonnull;
int pres_read_videos(struct pres *p, int fd) b3lb_nonnull;

#endif
