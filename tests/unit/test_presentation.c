/* SPDX-License-Identifier: ISC */
/* Tests of the timeline: each file of vectors/presentation holds a small presentation and what is seen of it when. */
#include "config.h"
#include "unit.h"

#include "presentation/file.h"
#include "presentation/json.h"
#include "presentation/read.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#define SECTION "== "

static char *directory;

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = mem_zalloc(1 << 20);

	assert_non_null(f);
	assert_true(fread(text, 1, (1 << 20) - 1, f) > 0);
	fclose(f);
	return text;
}

static void clean(void)
{
	DIR *dir = opendir(directory);
	struct dirent *d;

	while ((d = readdir(dir)))
		if (d->d_name[0] != '.')
			unlinkat(dirfd(dir), d->d_name, 0);
	closedir(dir);
}

/* Cuts the text into sections "== NAME"; those that are no expectation become files. */
static void unpack(char *text, char **states, char **timeline)
{
	struct arena a = {0};
	char *at = strncmp(text, SECTION, 3) == 0 ? text : strstr(text, "\n" SECTION) + 1;

	while (at) {
		char *name = at + 3, *body = strchr(name, '\n'), *next;
		FILE *f;

		*body++ = '\0';
		next = strncmp(body, SECTION, 3) == 0 ? body : strstr(body, "\n" SECTION);
		if (next)
			*next++ = '\0';
		if (next == body + 1)
			next = body;
		if (strcmp(name, "states") == 0) {
			*states = body;
		} else if (strcmp(name, "timeline.json") == 0) {
			*timeline = body;
		} else {
			f = fopen(arena_printf(&a, "%s/%s", directory, pres_flat_name(&a, name)), "w");
			assert_non_null(f);
			fputs(body, f);
			fclose(f);
		}
		at = next;
	}
	arena_free(&a);
}

static void dump_part(const struct pres_part *part, struct buf *out)
{
	const float *xy = part->kind == PRES_PATH ? part->path.line->xy.at : NULL;

	if (part->opacity < 1)
		buf_printf(out, " opacity %g", part->opacity);
	if (part->clip)
		buf_printf(out, " clip %g %g - %g %g", part->clip[0], part->clip[1], part->clip[4],
			part->clip[5]);
	if (part->kind == PRES_TEXT) {
		buf_printf(out, " text %g %g %gx%g size %g colour %06x align %d%d turned %.2f \"",
			part->text.x, part->text.y, part->text.w, part->text.h, part->text.size,
			(unsigned)part->text.colour, part->text.align, part->text.valign, part->text.angle);
		buf_json(out, part->text.text);
		buf_puts(out, "\"");
		return;
	}
	if (part->kind == PRES_IMAGE) {
		buf_printf(out, " image %g %g %gx%g %s", part->image.x, part->image.y, part->image.w,
			part->image.h, part->image.file);
		if (part->image.angle != 0)
			buf_printf(out, " turned %.2f", part->image.angle);
		return;
	}
	buf_printf(out, " path %x/%x width %g dash %g ", (unsigned)part->path.stroke,
		(unsigned)part->path.fill, part->path.width, part->path.dash[1]);
	if (part->path.ops > 12)
		buf_printf(out, "%d operators from ", part->path.ops);
	for (int i = 0; i < part->path.ops && i < (part->path.ops > 12 ? 1 : 12); i++) {
		unsigned char op = part->path.line->ops.at[i];

		buf_putc(out, "MLCZ"[op]);
		for (int k = 0; k < pres_op_floats[op]; k++) {
			if (k)
				buf_putc(out, ' ');
			pres_put_number(out, *xy++);
		}
	}
}

/* Everything that is seen at t. */
static void dump(struct pres *p, double t, struct buf *out)
{
	int slide = pres_slide_at(p, t);
	struct pres_view v;
	struct pres_cursor c;

	buf_printf(out, "at %g: ", t);
	if (slide >= 0)
		buf_printf(out, "slide %s %gx%g", p->slides.at[slide].file ? p->slides.at[slide].file : "-",
			p->slides.at[slide].w, p->slides.at[slide].h);
	if (pres_view_at(p, t, &v))
		buf_printf(out, " view %g %g %g %g", v.x, v.y, v.w, v.h);
	if (pres_cursor_at(p, t, &c))
		buf_printf(out, " cursor %g %g", c.x, c.y);
	if (pres_in_spans(p->shares.at, p->shares.count, t))
		buf_puts(out, " share");
	if (pres_in_spans(p->hidden.at, p->hidden.count, t))
		buf_puts(out, " hidden");
	buf_putc(out, '\n');
	for (int z = 0, left = p->shapes.count; left > 0 && z < 1000; z++) {
		for (int i = 0; i < p->shapes.count; i++) {
			const struct pres_shape *s = &p->shapes.at[i];

			if (s->z != z || t < s->from || t >= s->to)
				continue;
			for (int k = 0; k < s->count; k++) {
				buf_printf(out, "  %d:", s->key);
				dump_part(&s->parts[k], out);
				buf_putc(out, '\n');
			}
		}
	}
}

static void one_line(void *ctx, const struct pres_part *part, pres_line_fn line, void *to)
{
	(void)ctx;
	line(to, 0, part->text.size, part->text.text, strlen(part->text.text));
}

/* cmocka cuts long messages. */
static void differs(const char *name, const char *what, const char *is)
{
	fprintf(stderr, "%s: %s\n%s\n", name, what, is);
	fail();
}

/* The times are those that the expectation asks for. */
static void check_states(struct pres *p, const char *name, const char *expected)
{
	struct buf out = BUF_INIT;

	buf_printf(&out, "duration %g", p->duration);
	for (int i = 0; i < p->broken.count; i++)
		buf_printf(&out, " broken %s", p->broken.at[i]);
	if (p->left_out)
		buf_printf(&out, " left out %d", p->left_out);
	buf_putc(&out, '\n');
	for (const char *at = strstr(expected, "at "); at; at = strstr(at + 1, "\nat ")) {
		at += *at == '\n';
		dump(p, strtod(at + 3, NULL), &out);
	}
	if (strcmp(buf_str(&out), expected) != 0)
		differs(name, "states are", buf_str(&out));
	buf_free(&out);
}

static void check_file(const char *name)
{
	char *text = read_file(name), *states = NULL, *timeline = NULL;
	struct buf json = BUF_INIT;
	struct pres p = {0};
	struct err err = {0};
	size_t len;

	clean();
	unpack(text, &states, &timeline);
	assert_true(states || timeline);
	if (pres_read(&p, directory, &err) == -1)
		fail_msg("%s: %s", name, err.text);
	if (states) {
		len = strlen(states);
		if (len && states[len - 1] != '\n')
			strcpy(states + len, "\n");
		check_states(&p, name, states);
	}
	pres_write_json(&p, one_line, NULL, &json);
	if (timeline) {
		timeline[strcspn(timeline, "\n")] = '\0';
		if (strcmp(buf_str(&json), timeline) != 0)
			differs(name, "timeline.json is", buf_str(&json));
	}
	buf_free(&json);
	pres_free(&p);
	free(text);
}

static void test_vectors(void **state)
{
	const char *at = UNIT_VECTORS "/presentation";
	struct arena a = {0};
	DIR *dir = opendir(at);
	struct dirent *d;
	int count = 0;

	(void)state;
	assert_non_null(dir);
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		check_file(arena_printf(&a, "%s/%s", at, d->d_name));
		count++;
	}
	assert_true(count >= 10);
	closedir(dir);
	arena_free(&a);
}

static void test_whitelist(void **state)
{
	static const char *const good[] = {"shapes.svg", "presentation/a-1/slide-12.png",
		"presentation/a-1/svgs/slide3.svg", "presentation/a-1/thumbnails/thumb-1.png",
		"presentation/deskshare.png", "caption_pt-BR.vtt", "video/webcams.webm",
		"file-uploads/Ab_1.jpeg"};
	static const char *const bad[] = {"", "/shapes.svg", "../shapes.svg", "presentation/../slide-1.png",
		"presentation/a/slide-.png", "presentation/a/slide-123456.png",
		"presentation/a/b/slide-1.png", "caption_.vtt", "caption_a.vtt", "shapes.svgx",
		"video/webcams.webm/x", "file-uploads/a.svg", "file-uploads/.png",
		"presentation/a=b/slide-1.png"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		if (!pres_file_of(good[i]))
			fail_msg("%s is not taken", good[i]);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (pres_file_of(bad[i]))
			fail_msg("%s is taken", bad[i]);
	assert_string_equal(pres_file_of("video/webcams.webm")->mime, "video/webm");
}

static void test_prefix(void **state)
{
	static const struct {
		const char *member;
		int rank;
		size_t len;
	} members[] = {
		{"presentation/ID/shapes.svg", 3, 16},
		{"./presentation/ID/shapes.svg", 3, 18},
		{"./shapes.svg", 2, 2},
		{"shapes.svg", 2, 0},
		{"presentation/ID/metadata.xml", 1, 16},
		{"video/ID/metadata.xml", 0, 9},
		{"presentation/ID/cursor.xml", 0, 16},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		size_t len = 0;

		assert_int_equal(pres_prefix_rank(members[i].member, &len), members[i].rank);
		assert_int_equal(len, members[i].len);
	}
}

/* Nothing that says how long it is, no directory: said, and nothing else happens. */
static void test_nothing(void **state)
{
	struct pres p = {0};
	struct err err = {0};

	(void)state;
	clean();
	assert_int_equal(pres_read(&p, directory, &err), -1);
	assert_int_equal(err.kind, ERR_INVALID);
	pres_free(&p);
	err = (struct err){0};
	assert_int_equal(pres_read(&p, "/nonexistent", &err), -1);
	assert_int_equal(err.kind, ERR_AWAY);
	pres_free(&p);
}

int main(void)
{
	char template[] = "/tmp/b3lb-presentation-XXXXXX";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_whitelist),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_nothing),
	};
	int rc;

	directory = mkdtemp(template);
	rc = cmocka_run_group_tests_name("presentation", tests, NULL, NULL);
	clean();
	rmdir(directory);
	return rc;
}
