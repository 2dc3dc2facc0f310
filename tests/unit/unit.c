/* SPDX-License-Identifier: ISC */
/* The reader of vector files. */
#include "config.h"
#include "unit.h"

#include <stdlib.h>

#define FIELDS_MAX 16

int unit_each_vector(const char *name, void (*check)(char **field, int fields))
{
	char path[1024], *line = NULL, *field[FIELDS_MAX], *rest;
	size_t cap = 0;
	int count = 0, n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", UNIT_VECTORS, name);
	f = fopen(path, "r");
	assert_non_null(f);
	while (getline(&line, &cap, f) != -1) {
		line[strcspn(line, "\n")] = '\0';
		if (!*line || *line == '#')
			continue;
		rest = line;
		for (n = 0; n < FIELDS_MAX && (field[n] = strsep(&rest, "\t")); n++)
			continue;
		check(field, n);
		count++;
	}
	free(line);
	fclose(f);
	return count;
}
