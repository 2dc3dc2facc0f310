/* SPDX-License-Identifier: ISC */
/* Subtitles as people upload them, turned into the WebVTT that browsers show. */
#ifndef B3LB_BBB_SUBTITLE_H
#define B3LB_BBB_SUBTITLE_H

#include "base/buf.h"
#include "base/err.h"

/* Bytes of a file, and of what is made of it. */
#define SUBTITLE_BYTES_MAX (10u << 20)
#define SUBTITLE_CUES_MAX  20000
/* Bytes of one cue's text as it is written. */
#define SUBTITLE_CUE_MAX 4096

/*
 * Writes a file as WebVTT in UTF-8 to *out, which must be fresh and is the caller's to free. What the file is says its
 * content: WebVTT stays as it is, SubRip (SRT) and SubStation Alpha (SSA, ASS) become cues in the order of their begins;
 * bold, italic and underlined stay, other markup goes. A cue without text, or that ends no later than it begins, is left
 * out. Returns 0, or -1 with ERR_INVALID (none of the three, or no usable cue) or ERR_LIMIT (one of the above). Any
 * thread.
 */
int subtitle_convert(const char *data, size_t len, struct buf *out, struct err *err) b3lb_mustcheck;

/* The text of a file as UTF-8 with line feeds alone, without a byte order mark: it is UTF-16 by its mark, else UTF-8 when
 * all of it is, else Windows-1252. NULs become U+FFFD. */
void subtitle_decode(const char *data, size_t len, struct buf *out) b3lb_nonnull;

#endif
