/* SPDX-License-Identifier: ISC */
/* Raw video in Matroska: what ffmpeg reads from a pipe, with a time for each picture. */
#include "config.h"
#include "compose.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* IDs and lengths of EBML (RFC 8794) as they stand in Matroska (RFC 9559). */
static void put_bytes(struct buf *b, unsigned long long value, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
		buf_putc(b, (char)(value >> (8 * i) & 255));
}

static void put_head(struct buf *b, unsigned id, unsigned long long length)
{
	int bytes = id > 0xFFFFFF ? 4 : id > 0xFFFF ? 3 : id > 0xFF ? 2 : 1;

	put_bytes(b, id, bytes);
	/* Eight bytes of length everywhere: simple, and it is little. */
	put_bytes(b, 1ULL << 56 | length, 8);
}

static void put_number(struct buf *b, unsigned id, unsigned long long value)
{
	put_head(b, id, 4);
	put_bytes(b, value, 4);
}

static void put_text(struct buf *b, unsigned id, const char *text)
{
	put_head(b, id, strlen(text));
	buf_puts(b, text);
}

static void put_master(struct buf *b, unsigned id, struct buf *content)
{
	put_head(b, id, content->len);
	buf_add(b, content->ptr, content->len);
	buf_free(content);
}

/* 1, 0 when nobody reads any more, -1. */
static int write_all(int fd, const void *data, size_t len, struct err *err)
{
	const char *at = data;

	while (len) {
		ssize_t n = write(fd, at, len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && errno == EPIPE)
			return 0;
		if (n == -1)
			return err_set(err, ERR_AWAY, "could not write the pictures: %s", strerror(errno));
		at += n;
		len -= (size_t)n;
	}
	return 1;
}

static void put_track(struct buf *b, int width, int height)
{
	struct buf video = BUF_INIT, colour = BUF_INIT, entry = BUF_INIT, tracks = BUF_INIT;

	put_number(&colour, 0x55B1, 1); /* BT.709 */
	put_number(&colour, 0x55B9, 1); /* limited range */
	put_number(&colour, 0x55BA, 1);
	put_number(&colour, 0x55BB, 1);
	put_number(&video, 0xB0, (unsigned)width);
	put_number(&video, 0xBA, (unsigned)height);
	put_text(&video, 0x2EB524, "I420");
	put_master(&video, 0x55B0, &colour);
	put_number(&entry, 0xD7, 1);
	put_number(&entry, 0x73C5, 1);
	put_number(&entry, 0x83, 1);
	put_text(&entry, 0x86, "V_UNCOMPRESSED");
	put_master(&entry, 0xE0, &video);
	put_master(&tracks, 0xAE, &entry);
	put_master(b, 0x1654AE6B, &tracks);
}

int film_begin(struct film *f, int fd, int width, int height, struct err *err)
{
	struct buf b = BUF_INIT, head = BUF_INIT, info = BUF_INIT;
	int rc;

	*f = (struct film){fd, width, height, NULL};
	f->picture = mem_zalloc((size_t)width * (size_t)height * 3 / 2);
	put_number(&head, 0x4286, 1);
	put_number(&head, 0x42F7, 1);
	put_number(&head, 0x42F2, 4);
	put_number(&head, 0x42F3, 8);
	put_text(&head, 0x4282, "matroska");
	put_number(&head, 0x4287, 4);
	put_number(&head, 0x4285, 2);
	put_master(&b, 0x1A45DFA3, &head);
	/* A segment of unknown length. */
	put_head(&b, 0x18538067, 0xFFFFFFFFFFFFFFULL);
	put_number(&info, 0x2AD7B1, 1000000);
	put_text(&info, 0x4D80, "b3lb");
	put_text(&info, 0x5741, "b3lb");
	put_master(&b, 0x1549A966, &info);
	put_track(&b, width, height);
	rc = write_all(fd, b.ptr, b.len, err);
	buf_free(&b);
	return rc;
}

/* 16.16 fixed point; sums of a row stay below 2^31. */
static void convert_y(const uint32_t *from, uint8_t *to, int count)
{
	for (int i = 0; i < count; i++) {
		int r = from[i] >> 16 & 255, g = from[i] >> 8 & 255, b = from[i] & 255;

		to[i] = (uint8_t)((11966 * r + 40254 * g + 4064 * b + (16 << 16) + 32768) >> 16);
	}
}

/* Two rows become one of half the width. */
static void convert_uv(const uint32_t *top, const uint32_t *bottom, uint8_t *u, uint8_t *v, int count)
{
	for (int i = 0; i < count; i++) {
		uint32_t a = top[2 * i], b = top[2 * i + 1], c = bottom[2 * i], d = bottom[2 * i + 1];
		int red = (int)((a >> 16 & 255) + (b >> 16 & 255) + (c >> 16 & 255) + (d >> 16 & 255));
		int green = (int)((a >> 8 & 255) + (b >> 8 & 255) + (c >> 8 & 255) + (d >> 8 & 255));
		int blue = (int)((a & 255) + (b & 255) + (c & 255) + (d & 255));

		u[i] = (uint8_t)((-6596 * red - 22189 * green + 28785 * blue + (128 << 18) + 131072) >> 18);
		v[i] = (uint8_t)((28785 * red - 26145 * green - 2640 * blue + (128 << 18) + 131072) >> 18);
	}
}

void film_convert(struct film *f, cairo_surface_t *from, struct rect part)
{
	const uint8_t *pixels = cairo_image_surface_get_data(from);
	size_t stride = (size_t)cairo_image_surface_get_stride(from), width = (size_t)f->width;
	uint8_t *u = f->picture + width * (size_t)f->height, *v = u + width * (size_t)f->height / 4;

	for (int y = part.y; y < part.y + part.h; y++) {
		const uint32_t *row = (const uint32_t *)(const void *)(pixels + stride * (size_t)y) + part.x;
		size_t half = width / 2 * ((size_t)y / 2) + (size_t)part.x / 2;

		convert_y(row, f->picture + width * (size_t)y + part.x, part.w);
		if (y % 2 == 0)
			convert_uv(row, (const uint32_t *)(const void *)((const uint8_t *)row + stride),
				u + half, v + half, part.w / 2);
	}
}

int film_write(struct film *f, long long ms, struct err *err)
{
	size_t size = (size_t)f->width * (size_t)f->height * 3 / 2;
	struct buf b = BUF_INIT, cluster = BUF_INIT;
	int rc;

	put_number(&cluster, 0xE7, (unsigned long long)ms);
	put_head(&cluster, 0xA3, 4 + size);
	put_bytes(&cluster, 0x81, 1);
	put_bytes(&cluster, 0, 2);
	put_bytes(&cluster, 0x80, 1);
	put_head(&b, 0x1F43B675, cluster.len + size);
	buf_add(&b, cluster.ptr, cluster.len);
	rc = write_all(f->fd, b.ptr, b.len, err);
	if (rc == 1)
		rc = write_all(f->fd, f->picture, size, err);
	buf_free(&cluster);
	buf_free(&b);
	return rc;
}

void film_end(struct film *f)
{
	free(f->picture);
	f->picture = NULL;
}
