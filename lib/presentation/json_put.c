/* SPDX-License-Identifier: ISC */
/* JSON as timeline.json has it, value by value. */
#include "config.h"
#include "presentation/json_put.h"

#include "presentation/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void pres_put_number(struct buf *out, double value)
{
	/* What makes no sense must not make the whole text none. */
	long long n = fabs(value) < 1e15 ? llround(value * 100) : 0;

	if (n < 0) {
		buf_putc(out, '-');
		n = -n;
	}
	buf_int(out, n / 100);
	if (n % 100) {
		buf_putc(out, '.');
		buf_putc(out, (char)('0' + n % 100 / 10));
		if (n % 10)
			buf_putc(out, (char)('0' + n % 10));
	}
}

void json_put_comma(struct json_put *j)
{
	if (!j->first)
		buf_putc(j->out, ',');
	j->first = false;
}

void json_put_begin(struct json_put *j, const char *key, char bracket)
{
	json_put_comma(j);
	if (key)
		buf_printf(j->out, "\"%s\":", key);
	buf_putc(j->out, bracket);
	j->first = true;
}

void json_put_end(struct json_put *j, char bracket)
{
	buf_putc(j->out, bracket);
	j->first = false;
}

void json_put_number(struct json_put *j, double value)
{
	json_put_comma(j);
	pres_put_number(j->out, value);
}

void json_put_text_of(struct json_put *j, const char *text, size_t len)
{
	char *copy = mem_strndup(text, len);

	buf_putc(j->out, '"');
	buf_json(j->out, copy);
	buf_putc(j->out, '"');
	free(copy);
}

void json_put_text(struct json_put *j, const char *value)
{
	json_put_comma(j);
	if (value)
		json_put_text_of(j, value, strlen(value));
	else
		buf_puts(j->out, "null");
}

void json_put_colour(struct json_put *j, int value)
{
	json_put_comma(j);
	if (value == PRES_NONE)
		buf_puts(j->out, "null");
	else
		buf_printf(j->out, "\"#%06x\"", (unsigned)value & 0xFFFFFF);
}

void json_put_key(struct json_put *j, const char *name)
{
	json_put_comma(j);
	buf_printf(j->out, "\"%s\":", name);
	j->first = true;
}
