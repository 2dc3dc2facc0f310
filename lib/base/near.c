/* SPDX-License-Identifier: ISC */
/* Which word of a list was meant by one that was mistyped. */
#include "config.h"
#include "base/near.h"

#include <string.h>

#define LENGTH_MAX 32

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: how many letters are put in, left out, changed or swapped. */
static int distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	int d[LENGTH_MAX + 1][LENGTH_MAX + 1];

	if (la > LENGTH_MAX || lb > LENGTH_MAX)
		return LENGTH_MAX;
	for (size_t i = 0; i <= la; i++) {
		for (size_t k = 0; k <= lb; k++) {
			if (i == 0 || k == 0) {
				d[i][k] = (int)(i + k);
				continue;
			}
			d[i][k] = least(least(d[i - 1][k], d[i][k - 1]) + 1,
				d[i - 1][k - 1] + (a[i - 1] != b[k - 1]));
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				d[i][k] = least(d[i][k], d[i - 2][k - 2] + 1);
		}
	}
	return d[la][lb];
}

void near_look(struct near *n, const char *candidate)
{
	size_t len = strlen(n->word);
	int allowed = len < 3 ? 1 : (int)(len + 2) / 3;
	int d = len >= 2 && strncmp(candidate, n->word, len) == 0 ? 0 : distance(n->word, candidate);

	if (d > allowed || d >= (int)len || (n->best && d >= n->distance))
		return;
	n->best = candidate;
	n->distance = d;
}
