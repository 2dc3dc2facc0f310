/* SPDX-License-Identifier: ISC */
/* timeline.json: the timeline for the player, with no rule of BigBlueButton left to apply. */
#ifndef B3LB_PRESENTATION_JSON_H
#define B3LB_PRESENTATION_JSON_H

#include "base/buf.h"
#include "presentation/model.h"

/*
 * Breaks a text part into lines and tells each: where it starts, and its baseline, from the part's x, y; text is not
 * NUL-terminated.
 */
typedef void (*pres_line_fn)(void *to, double dx, double dy, const char *text, size_t len);
typedef void (*pres_layout_fn)(void *ctx, const struct pres_part *part, pres_line_fn line, void *to);

/* The files of the sound and webcams, and of the share, with what they are: up to 4 names, NULL at their end. */
extern const char *const pres_main_files[], *const pres_share_files[];

/* Appends the whole document. layout(layout_ctx, ...) is called for each text. */
void pres_write_json(struct pres *p, pres_layout_fn layout, void *layout_ctx, struct buf *out);

/* A number with at most two digits behind the point, as timeline.json has it. */
void pres_put_number(struct buf *out, double value) b3lb_nonnull;

#endif
