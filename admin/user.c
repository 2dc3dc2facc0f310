/* SPDX-License-Identifier: ISC */
/* Run by root, b3lb-admin works as the user of the service: PostgreSQL knows that one by its name, and files
 * that are made belong to it. */
#include "config.h"
#include "admin.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SERVICE_USER "b3lb"

#define GROUPS_MAX 256

/* Who a process works as, with all of its groups: what the service may not read root must not find readable. */
struct identity {
	uid_t uid;
	gid_t gid, groups[GROUPS_MAX];
	int group_count;
};
static struct identity service, caller;

static int become(const struct identity *who, struct err *err)
{
	/* root first: only it may change the groups. */
	if (seteuid(0) == -1 || setgroups((size_t)who->group_count, who->groups) == -1 ||
		setegid(who->gid) == -1 || seteuid(who->uid) == -1)
		return err_set(err, ERR_INTERNAL, "could not work as another user: %s", strerror(errno));
	return 0;
}

int admin_become_service(struct err *err)
{
	const struct passwd *user = getuid() == 0 ? getpwnam(SERVICE_USER) : NULL;

	if (!user)
		return 0;
	if (!service.uid) {
		caller.gid = getgid();
		caller.group_count = getgroups(GROUPS_MAX, caller.groups);
		service.gid = user->pw_gid;
		service.group_count = GROUPS_MAX;
		if (caller.group_count == -1 ||
			getgrouplist(SERVICE_USER, service.gid, service.groups, &service.group_count) == -1)
			return err_set(
				err, ERR_INTERNAL, "could not find out the groups of %s", SERVICE_USER);
		service.uid = user->pw_uid;
	}
	return become(&service, err);
}

int admin_become_caller(struct err *err)
{
	return service.uid ? become(&caller, err) : 0;
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
	if (service.uid && become(&service, &err) == -1 && fd != -1) {
		close(fd);
		fd = -1;
		why = EPERM;
	}
	errno = why;
	return fd;
}

int admin_read(const char *path, size_t max, struct buf *text, struct err *err)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : admin_open(path, O_RDONLY), rc = 0;
	char chunk[65536];
	ssize_t n = -1;

	buf_init_max(text, max);
	while (fd != -1 && !text->failed && (n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_add(text, chunk, (size_t)n);
	if (n == -1)
		rc = err_set(err, ERR_INVALID, "could not read %s: %s", path, strerror(errno));
	else if (text->failed)
		rc = err_set(err, ERR_LIMIT, "%s has more than %zu bytes", path, max);
	if (fd > STDIN_FILENO)
		close(fd);
	return rc;
}

/* What sudo says of who ran it; else nothing. */
static const char *behind_sudo(void)
{
	const char *name = getuid() == 0 ? getenv("SUDO_USER") : NULL;
	size_t len = name ? strlen(name) : 0;

	return len && len <= 64 && !name[strcspn(name, " \t\r\n()")] ? name : NULL;
}

const struct actor *admin_actor(struct admin *a)
{
	const struct passwd *user = getpwuid(getuid());
	const char *name = user ? arena_strdup(&a->arena, user->pw_name)
				: arena_printf(&a->arena, "%u", (unsigned)getuid()),
		   *sudo = behind_sudo();
	struct actor *actor = arena_alloc(&a->arena, sizeof(*actor));

	*actor = (struct actor){.name = sudo ? arena_printf(&a->arena, "cli:%s(%s)", name, sudo)
					     : arena_printf(&a->arena, "cli:%s", name),
		.via = "cli"};
	return actor;
}
