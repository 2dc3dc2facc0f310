/* SPDX-License-Identifier: ISC */
/* The socket that a FastCGI program accepts on, inherited or made. */
#ifndef B3LB_RUN_LISTENER_H
#define B3LB_RUN_LISTENER_H

#include "base/err.h"

/*
 * Returns a non-blocking listening socket: made at path (mode 0660; a socket there that nobody answers on is
 * replaced) unless path is NULL, else fd 3 given by systemd (sd_listen_fds(3)), else fd 0 when it listens. -1
 * with err ERR_NONE when there is none, with another kind when making it failed. Main thread.
 */
int listener_open(const char *path, struct err *err) b3lb_mustcheck;
/* Closes it; removes the file when listener_open made it. */
void listener_close(int fd, const char *path);

#endif
