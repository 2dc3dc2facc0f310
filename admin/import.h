/* SPDX-License-Identifier: ISC */
/* b3lb-admin recording import. */
#ifndef B3LB_IMPORT_H
#define B3LB_IMPORT_H

#include "admin.h"

/* Handler of "recording import": files one by one, what is there already is skipped. 0; -1 when a file was
 * refused, the others are in all the same. */
int import_recordings(struct admin *a, struct err *err);

#endif
