/* SPDX-License-Identifier: ISC */
/* Parameters, checksums and escapes of the simulated node. */
#include "config.h"
#include "sim.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int digit(char c)
{
	const char *set = "0123456789abcdef", *at = strchr(set, c >= 'A' && c <= 'F' ? c + 32 : c);

	return c && at ? (int)(at - set) : -1;
}

static char *decoded(const char *s, size_t len)
{
	char *out = malloc(len + 1), *o = out;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '%' && i + 2 < len && digit(s[i + 1]) >= 0 && digit(s[i + 2]) >= 0) {
			*o++ = (char)(digit(s[i + 1]) * 16 + digit(s[i + 2]));
			i += 2;
		} else {
			*o++ = s[i] == '+' ? ' ' : s[i];
		}
	}
	*o = '\0';
	return out;
}

struct param *params_parse(const char *raw, size_t len, struct param *behind)
{
	struct param *first = behind, **end = &first;

	while (*end)
		end = &(*end)->next;
	for (size_t at = 0; at < len;) {
		const char *amp = memchr(raw + at, '&', len - at);
		size_t stop = amp ? (size_t)(amp - raw) : len;
		const char *eq = memchr(raw + at, '=', stop - at);
		size_t name_len = eq ? (size_t)(eq - raw) - at : stop - at;

		if (stop > at) {
			struct param *p = calloc(1, sizeof(*p));

			p->name = decoded(raw + at, name_len);
			p->value = eq ? decoded(eq + 1, stop - at - name_len - 1) : strdup("");
			*end = p;
			end = &p->next;
		}
		at = stop + 1;
	}
	return first;
}

const char *params_get(const struct param *p, const char *name)
{
	for (; p; p = p->next)
		if (strcmp(p->name, name) == 0)
			return p->value;
	return NULL;
}

bool params_true(const struct param *p, const char *name)
{
	const char *v = params_get(p, name);

	return v && (strcasecmp(v, "true") == 0 || strcmp(v, "1") == 0);
}

void params_free(struct param *p)
{
	while (p) {
		struct param *next = p->next;

		free(p->name);
		free(p->value);
		free(p);
		p = next;
	}
}

static void hash_hex(const EVP_MD *md, const char *text, size_t len, char *hex)
{
	unsigned char d[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	EVP_Digest(text, len, d, &n, md, NULL);
	for (unsigned i = 0; i < n; i++)
		sprintf(hex + 2 * i, "%02x", d[i]);
}

void sha1_hex(const char *text, char hex[41])
{
	hash_hex(EVP_sha1(), text, strlen(text), hex);
}

/* Takes every occurrence of what out of text. */
static void remove_all(char *text, const char *what)
{
	size_t len = strlen(what);

	for (char *at = strstr(text, what); at; at = strstr(at, what))
		memmove(at, at + len, strlen(at + len) + 1);
}

bool checksum_fits(const char *call, const char *raw, const char *claimed, const char *secret)
{
	const EVP_MD *md = NULL;
	char *rest = strdup(raw), *what = NULL, *text = NULL, hex[2 * EVP_MAX_MD_SIZE + 1];
	bool fits = false;

	switch (claimed ? strlen(claimed) : 0) {
	case 40:
		md = EVP_sha1();
		break;
	case 64:
		md = EVP_sha256();
		break;
	case 96:
		md = EVP_sha384();
		break;
	case 128:
		md = EVP_sha512();
		break;
	}
	if (md) {
		what = malloc(strlen(claimed) + 16);
		sprintf(what, "&checksum=%s", claimed);
		remove_all(rest, what);
		sprintf(what, "checksum=%s&", claimed);
		remove_all(rest, what);
		sprintf(what, "checksum=%s", claimed);
		remove_all(rest, what);
		text = malloc(strlen(call) + strlen(rest) + strlen(secret) + 1);
		sprintf(text, "%s%s%s", call, rest, secret);
		hash_hex(md, text, strlen(text), hex);
		fits = strcasecmp(hex, claimed) == 0;
	}
	free(what);
	free(text);
	free(rest);
	return fits;
}

char *xml_escaped(const char *s)
{
	char *out = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&out, &len);

	for (; *s; s++) {
		if (*s == '&')
			fputs("&amp;", f);
		else if (*s == '<')
			fputs("&lt;", f);
		else if (*s == '>')
			fputs("&gt;", f);
		else
			fputc(*s, f);
	}
	fclose(f);
	return out;
}

void json_put(FILE *f, const char *s)
{
	fputc('"', f);
	for (; s && *s; s++) {
		if (*s == '"' || *s == '\\')
			fprintf(f, "\\%c", *s);
		else if ((unsigned char)*s < 0x20)
			fprintf(f, "\\u%04x", *s);
		else
			fputc(*s, f);
	}
	fputc('"', f);
}
