/* SPDX-License-Identifier: ISC */
/* Pictures of the presentation: SVG by librsvg, PNG by cairo, JPEG within an SVG; kept as pixels while there is room. */
#include "config.h"
#include "compose.h"

#include "presentation/file.h"

#include <fcntl.h>
#include <librsvg/rsvg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FILE_BYTES_MAX (64 << 20)
/* libxml2's own limit of one text; only larger files are read without it. */
#define PLAIN_BYTES    10000000
#define PNG_PIXELS_MAX (64 << 20)
#define KEPT_BYTES_MAX (256LL << 20)
#define RASTER_MAX     (16 << 20) /* pixels */
/* A slide is drawn at so many times the size in which it fits, once each, when it is zoomed so far. */
static const double steps[] = {1, 2, 4, 8};
/* A picture that took longer is not drawn again. */
#define SECONDS_MAX 10

struct raster {
	cairo_surface_t *surface;
	double scale; /* pixels of it for one of the slide */
	long long used, bytes;
};

struct picture {
	const char *file;
	double w, h, fit; /* fit: pixels for one of it where it is not zoomed */
	struct raster rasters[ARRAY_SIZE(steps)];
	bool bad, slow;
};

struct pictures {
	struct pres *p;
	PRES_LIST(struct picture) list;
	long long bytes, clock;
	int bad;
	char why[256];
};

struct pictures *pictures_new(struct pres *p)
{
	struct pictures *pictures = mem_zalloc(sizeof(*pictures));

	pictures->p = p;
	return pictures;
}

static void drop(struct pictures *pictures, struct raster *r)
{
	pictures->bytes -= r->bytes;
	cairo_surface_destroy(r->surface);
	*r = (struct raster){0};
}

void pictures_free(struct pictures *pictures)
{
	if (!pictures)
		return;
	for (int i = 0; i < pictures->list.count; i++)
		for (size_t k = 0; k < ARRAY_SIZE(steps); k++)
			drop(pictures, &pictures->list.at[i].rasters[k]);
	free(pictures->list.at);
	free(pictures);
}

int pictures_bad(const struct pictures *pictures, const char **why)
{
	*why = pictures->why;
	return pictures->bad;
}

static void say_bad(struct pictures *pictures, struct picture *picture, const char *why)
{
	picture->bad = true;
	if (!pictures->bad++)
		snprintf(pictures->why, sizeof(pictures->why), "%.150s %.90s", picture->file, why);
}

static double cpu_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* The whole file; NULL and *why when it is none, or too large. */
static char *load(struct pictures *pictures, const char *file, size_t *size, const char **why)
{
	int fd = pres_open_file(pictures->p, file);
	struct stat st;
	char *data;
	size_t have = 0;
	ssize_t n = 0;

	*why = "could not be opened";
	if (fd == -1)
		return NULL;
	if (fstat(fd, &st) == -1 || st.st_size == 0 || st.st_size > FILE_BYTES_MAX) {
		*why = "is empty, or larger than 64 MiB";
		close(fd);
		return NULL;
	}
	data = mem_alloc((size_t)st.st_size);
	while (have < (size_t)st.st_size && (n = read(fd, data + have, (size_t)st.st_size - have)) > 0)
		have += (size_t)n;
	close(fd);
	*size = have;
	return data;
}

struct memory {
	const char *data;
	size_t left;
};

static cairo_status_t read_memory(void *ctx, unsigned char *to, unsigned len)
{
	struct memory *m = ctx;

	if (m->left < len)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(to, m->data, len);
	m->data += len;
	m->left -= len;
	return CAIRO_STATUS_SUCCESS;
}

static unsigned big_endian(const char *at)
{
	const unsigned char *s = (const unsigned char *)at;

	return (unsigned)s[0] << 24 | (unsigned)s[1] << 16 | (unsigned)s[2] << 8 | s[3];
}

/* Its head says how large it will be, before anything is unpacked. */
static const char *paint_png(cairo_t *c, const char *data, size_t size, double w, double h)
{
	struct memory m = {data, size};
	unsigned width, height;
	cairo_surface_t *png;
	const char *why = NULL;

	if (size < 24 || memcmp(data, "\x89PNG\r\n\x1a\n", 8) != 0)
		return "is no PNG";
	width = big_endian(data + 16);
	height = big_endian(data + 20);
	if (!width || !height || width > PRES_SIDE_MAX || height > PRES_SIDE_MAX ||
		(long long)width * height > PNG_PIXELS_MAX)
		return "has too many pixels";
	png = cairo_image_surface_create_from_png_stream(read_memory, &m);
	if (cairo_surface_status(png) != CAIRO_STATUS_SUCCESS) {
		why = "is a broken PNG";
	} else {
		cairo_scale(c, w / width, h / height);
		cairo_set_source_surface(c, png, 0, 0);
		cairo_pattern_set_filter(cairo_get_source(c), CAIRO_FILTER_GOOD);
		cairo_pattern_set_extend(cairo_get_source(c), CAIRO_EXTEND_PAD);
		cairo_rectangle(c, 0, 0, width, height);
		cairo_fill(c);
	}
	cairo_surface_destroy(png);
	return why;
}

/* Without a base nothing beside the document itself is loaded. */
static const char *paint_svg(cairo_t *c, const char *data, size_t size, double w, double h)
{
	GInputStream *stream = g_memory_input_stream_new_from_data(data, (gssize)size, NULL);
	RsvgHandle *handle = rsvg_handle_new_from_stream_sync(stream, NULL,
		size > PLAIN_BYTES ? RSVG_HANDLE_FLAG_UNLIMITED : RSVG_HANDLE_FLAGS_NONE, NULL, NULL);
	RsvgRectangle box = {0, 0, w, h};
	const char *why = handle ? NULL : "is a broken SVG";
	double iw, ih;

	if (handle) {
		if (rsvg_handle_get_intrinsic_size_in_pixels(handle, &iw, &ih) && iw > 0 && ih > 0) {
			cairo_scale(c, w / iw, h / ih);
			box.width = iw;
			box.height = ih;
		}
		if (!rsvg_handle_render_document(handle, c, &box, NULL))
			why = "is an SVG that cannot be drawn";
		g_object_unref(handle);
	}
	g_object_unref(stream);
	return why;
}

/* librsvg has the decoder. */
static const char *paint_jpeg(cairo_t *c, const char *data, size_t size, double w, double h)
{
	char *coded = g_base64_encode((const guchar *)data, size);
	char *svg = g_strdup_printf(
		"<svg xmlns=\"http://www.w3.org/2000/svg\" "
		"xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"1000\" height=\"1000\"><image "
		"width=\"1000\" height=\"1000\" preserveAspectRatio=\"none\" "
		"xlink:href=\"data:image/jpeg;base64,%s\"/></svg>",
		coded);
	const char *why = paint_svg(c, svg, strlen(svg), w, h);

	g_free(svg);
	g_free(coded);
	return why;
}

static const char *paint_file(struct pictures *pictures, cairo_t *c, const char *file, double w, double h)
{
	const char *mime = pres_file_of(file)->mime, *why = NULL;
	size_t size = 0;
	char *data = load(pictures, file, &size, &why);

	if (!data)
		return why;
	if (strcmp(mime, "image/svg+xml") == 0)
		why = paint_svg(c, data, size, w, h);
	else if (strcmp(mime, "image/png") == 0)
		why = paint_png(c, data, size, w, h);
	else
		why = paint_jpeg(c, data, size, w, h);
	free(data);
	return why;
}

/* The least used go until the new one has room. */
static void make_room(struct pictures *pictures, long long bytes)
{
	while (pictures->bytes + bytes > KEPT_BYTES_MAX) {
		struct raster *oldest = NULL;

		for (int i = 0; i < pictures->list.count; i++) {
			for (size_t k = 0; k < ARRAY_SIZE(steps); k++) {
				struct raster *r = &pictures->list.at[i].rasters[k];

				if (r->surface && (!oldest || r->used < oldest->used))
					oldest = r;
			}
		}
		if (!oldest)
			return;
		drop(pictures, oldest);
	}
}

/* The scale at which it has RASTER_MAX pixels. */
static double most(const struct picture *picture)
{
	return sqrt(RASTER_MAX / (picture->w * picture->h));
}

static void render(struct pictures *pictures, struct picture *picture, struct raster *r, double scale)
{
	int w, h;
	double began = cpu_seconds();
	const char *why;
	cairo_t *c;

	scale = fmin(scale, most(picture));
	w = (int)fmax(1, lround(picture->w * scale));
	h = (int)fmax(1, lround(picture->h * scale));
	make_room(pictures, 4LL * w * h);
	r->surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, w, h);
	r->scale = scale;
	c = cairo_create(r->surface);
	why = paint_file(pictures, c, picture->file, w, h);
	if (!why && cairo_status(c) != CAIRO_STATUS_SUCCESS)
		why = "cannot be drawn";
	cairo_destroy(c);
	picture->slow = cpu_seconds() - began > SECONDS_MAX;
	if (why) {
		cairo_surface_destroy(r->surface);
		*r = (struct raster){0};
		say_bad(pictures, picture, why);
		return;
	}
	r->bytes = 4LL * w * h;
	pictures->bytes += r->bytes;
}

static struct picture *find(struct pictures *pictures, const char *file, double w, double h, double fit)
{
	struct picture *picture;

	for (int i = 0; i < pictures->list.count; i++) {
		picture = &pictures->list.at[i];
		if (strcmp(picture->file, file) == 0 && picture->w == w && picture->h == h)
			return picture;
	}
	picture = pres_add(&pictures->list);
	picture->file = file;
	picture->w = w;
	picture->h = h;
	picture->fit = fit;
	return picture;
}

/* The largest that is there. */
static struct raster *any_of(struct picture *picture)
{
	for (size_t k = ARRAY_SIZE(steps); k-- > 0;)
		if (picture->rasters[k].surface)
			return &picture->rasters[k];
	return NULL;
}

/* The smallest that shows all that is to be seen, made where it is not there; NULL: there is none. Beyond half of RASTER_MAX the next
 * step would hardly be larger. */
static struct raster *raster_for(struct pictures *pictures, struct picture *picture, double scale)
{
	struct raster *any = any_of(picture);
	size_t k = 0;

	if (picture->bad || (picture->slow && any))
		return any;
	while (k + 1 < ARRAY_SIZE(steps) && scale > steps[k] * picture->fit * 1.01 &&
		steps[k] * picture->fit < most(picture) / M_SQRT2)
		k++;
	if (!picture->rasters[k].surface)
		render(pictures, picture, &picture->rasters[k], steps[k] * picture->fit);
	return picture->rasters[k].surface ? &picture->rasters[k] : any_of(picture);
}

void pictures_paint(
	struct pictures *pictures, cairo_t *c, const char *file, double w, double h, double scale, double fit)
{
	struct picture *picture = find(pictures, file, w, h, fit);
	struct raster *r = raster_for(pictures, picture, scale);

	if (!r)
		return;
	r->used = ++pictures->clock;
	cairo_save(c);
	cairo_scale(c, w / cairo_image_surface_get_width(r->surface),
		h / cairo_image_surface_get_height(r->surface));
	cairo_set_source_surface(c, r->surface, 0, 0);
	/* GOOD weighs every pixel by many where a picture becomes smaller: most of a slide that moves. Down to half of it two by two
	 * show the same. */
	cairo_pattern_set_filter(
		cairo_get_source(c), r->scale <= 2 * scale ? CAIRO_FILTER_BILINEAR : CAIRO_FILTER_GOOD);
	cairo_pattern_set_extend(cairo_get_source(c), CAIRO_EXTEND_PAD);
	cairo_rectangle(c, 0, 0, cairo_image_surface_get_width(r->surface),
		cairo_image_surface_get_height(r->surface));
	cairo_fill(c);
	cairo_restore(c);
}
