/* SPDX-License-Identifier: ISC */
/* Run by root, b3lb-admin works as the user of the service: PostgreSQL knows that one by its name, and files
 * that are made belong to it. */
#include "config.h"
#include "admin.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define SERVICE_USER "b3lb"

static uid_t service_uid;
static gid_t service_gid;

static int become(uid_t uid, gid_t gid, struct err *err)
{
	/* root first: only it may change the group. */
	if (seteuid(0) == -1 || setegid(gid) == -1 || seteuid(uid) == -1)
		return err_set(err, ERR_INTERNAL, "could not work as another user: %s", strerror(errno));
	return 0;
}

int admin_become_service(struct err *err)
{
	const struct passwd *user = getuid() == 0 ? getpwnam(SERVICE_USER) : NULL;

	if (!user)
		return 0;
	service_uid = user->pw_uid;
	service_gid = user->pw_gid;
	return become(service_uid, service_gid, err);
}

int admin_become_caller(struct err *err)
{
	return service_uid ? become(0, getgid(), err) : 0;
}

int admin_open(const char *path, int flags)
{
	struct err err = {0};
	int fd, why;

	if (admin_become_caller(&err) == -1) {
		errno = EPERM;
		return -1;
	}
	fd = open(path, flags | O_CLOEXEC);
	why = errno;
	if (service_uid && become(service_uid, service_gid, &err) == -1 && fd != -1) {
		close(fd);
		fd = -1;
		why = EPERM;
	}
	errno = why;
	return fd;
}
