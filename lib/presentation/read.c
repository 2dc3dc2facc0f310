/* SPDX-License-Identifier: ISC */
/* Reads a published presentation from a directory. */
#include "config.h"
#include "presentation/read.h"

#include "presentation/build.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* In this order: each may use what those before it have read. */
static const struct {
	const char *name;
	int (*read)(struct pres *p, int fd);
} parts[] = {
	{"metadata.xml", pres_read_metadata},
	{"shapes.svg", pres_read_shapes},
	{"tldraw.json", pres_read_tldraw},
	{"panzooms.xml", pres_read_views},
	{"cursor.xml", pres_read_cursor},
	{"deskshare.xml", pres_read_shares},
	{"layout.xml", pres_read_layout},
	{"slides_new.xml", pres_read_chat},
	{"captions.json", pres_read_captions},
	{"polls.json", pres_read_polls},
	{"presentation_text.json", pres_read_texts},
	{"external_videos.json", pres_read_videos},
};

static void read_part(struct pres *p, const char *name, int (*read)(struct pres *p, int fd))
{
	int fd = pres_open_file(p, name);

	if (fd == -1) {
		if (errno != ENOENT)
			*pres_add(&p->broken) = name;
		return;
	}
	if (read(p, fd) == -1)
		*pres_add(&p->broken) = name;
	close(fd);
}

int pres_read(struct pres *p, const char *dir, struct err *err)
{
	static const char *const share[] = {"deskshare/deskshare.mp4", "deskshare/deskshare.webm", NULL};

	p->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->dir == -1)
		return err_set(
			err, ERR_AWAY, "could not open the directory %.200s: %s", dir, strerror(errno));
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		read_part(p, parts[i].name, parts[i].read);
	if (p->duration <= 0)
		return err_set(err, ERR_INVALID, "nothing says how long the presentation is");
	/* Events without the file, and the file without events, both occur. */
	if (!pres_first(p, share))
		p->shares.count = 0;
	if (pres_has(p, "notes.html"))
		p->notes = "notes.html";
	pres_finish(p);
	return 0;
}
