/* SPDX-License-Identifier: ISC */
/* Content-Disposition: shown or saved, and under which name (RFC 6266, RFC 8187). */
#ifndef B3LB_HTTP_DISPOSITION_H
#define B3LB_HTTP_DISPOSITION_H

#include "base/buf.h"

#include <stdbool.h>

/*
 * Appends the header's value for a file called name.extension. name comes from outside: what no file name may
 * hold on any system becomes '_', what turns the direction of text is left out, and what is then empty is
 * "recording"; at most 150 bytes of it are taken. extension: letters and digits. Any thread.
 */
void disposition_write(
	struct buf *out, bool attachment, const char *name, const char *extension) b3lb_nonnull;

#endif
