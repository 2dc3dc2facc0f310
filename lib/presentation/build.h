/* SPDX-License-Identifier: ISC */
/* Versions of shapes as they are read, and the intervals in which each is visible. */
#ifndef B3LB_PRESENTATION_BUILD_H
#define B3LB_PRESENTATION_BUILD_H

#include "presentation/model.h"

/* Numbers for names, as they come: 0, 1, 2 ... Zero-initialise; the names are copied. */
struct pres_ids {
	struct pres_id *slots; /* of a hash table with open addressing */
	int count, size;
	struct arena arena;
};
int pres_id(struct pres_ids *ids, const char *name) b3lb_nonnull;
void pres_ids_free(struct pres_ids *ids) b3lb_nonnull;

/* A version as a file has it. */
struct pres_version {
	double t, undo; /* undo < 0: never */
	int id;		/* of pres_id: the same for versions of one shape */
	int z;
	int count;
	const struct pres_part *parts;
};
struct pres_versions {
	PRES_LIST(struct pres_version) list;
	int ids;
};

/*
 * Adds the shapes of a period. Visible at t are, of all versions with their time <= t whose undo is none or > t, the last
 * one of each id in the order of the list (BBB's undo is the same for all versions of a shape). An empty version hides
 * those before it. Where they end with their period is decided by pres_finish().
 */
void pres_place(struct pres *p, int slide, const struct pres_versions *versions) b3lb_nonnull;
/* Brings times into the period [0, duration], resolves what depends on other parts; once, after everything is read. */
void pres_finish(struct pres *p) b3lb_nonnull;
/* Says that all whiteboards are tldraw, of that version of BigBlueButton (NULL: not known). */
void pres_set_boards(struct pres *p, const char *version, bool v2);

/* period.c: the images of shapes.svg, while it is read. N of "imageN"; -1 when it is none. */
int pres_image_number(const char *id);
/* Whether a name of the archive is that of a picture. */
bool pres_is_picture(const char *href);
struct pres_attrs;
/* Its periods: old files list several of the same image, in any order. */
void pres_add_image(struct pres *p, const struct pres_attrs *attrs) b3lb_nonnull;
/* Behind all of them: a slide stays until the next one comes, the last one until the end; what is not within the presentation goes. */
void pres_close_periods(struct pres *p) b3lb_nonnull;

#endif
