/* SPDX-License-Identifier: ISC */
/* Private to the doctor: what is looked at file by file. */
#ifndef B3LB_DOCTOR_PARTS_H
#define B3LB_DOCTOR_PARTS_H

#include "doctor/doctor.h"

/* The nodes, each asked for its meetings and load. */
void check_nodes(struct doctor *d);
/* The web server, asked as a client would ask. client->slug NULL: what needs a secret is left out. */
void check_web(struct doctor *d, const struct check_client *client);

#endif
