/* SPDX-License-Identifier: ISC */
/* Lists of networks: "192.0.2.0/24, 2001:db8::/32, 198.51.100.7". */
#include "config.h"
#include "base/cidr.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define SEPARATORS ", \t"

struct cidr {
	int family;
	unsigned bits;
	unsigned char addr[16];
};

/* Parses an address; a mapped IPv4 address becomes plain IPv4, as peers show up either way. */
static bool cidr_parse_address(struct cidr *c, const char *text)
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

	memset(c, 0, sizeof(*c));
	if (inet_pton(AF_INET, text, c->addr) == 1) {
		c->family = AF_INET;
		c->bits = 32;
		return true;
	}
	if (inet_pton(AF_INET6, text, c->addr) != 1)
		return false;
	c->family = AF_INET6;
	c->bits = 128;
	if (memcmp(c->addr, mapped, sizeof(mapped)) == 0) {
		c->family = AF_INET;
		c->bits = 32;
		memmove(c->addr, c->addr + 12, 4);
	}
	return true;
}

static bool cidr_parse(struct cidr *c, const char *text, size_t len)
{
	char copy[64];
	char *slash, *end = NULL;
	unsigned long bits;

	if (len == 0 || len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	slash = strchr(copy, '/');
	if (slash)
		*slash++ = '\0';
	if (!cidr_parse_address(c, copy))
		return false;
	if (!slash)
		return true;
	if (*slash < '0' || *slash > '9')
		return false;
	bits = strtoul(slash, &end, 10);
	if (*end || bits > c->bits)
		return false;
	c->bits = (unsigned)bits;
	return true;
}

static bool cidr_matches(const struct cidr *net, const struct cidr *host)
{
	unsigned bytes = net->bits / 8, rest = net->bits % 8;

	if (net->family != host->family || memcmp(net->addr, host->addr, bytes) != 0)
		return false;
	return rest == 0 || (net->addr[bytes] >> (8 - rest)) == (host->addr[bytes] >> (8 - rest));
}

bool cidr_list_valid(const char *list)
{
	struct cidr c;

	for (list += strspn(list, SEPARATORS); *list; list += strspn(list, SEPARATORS)) {
		size_t len = strcspn(list, SEPARATORS);

		if (!cidr_parse(&c, list, len))
			return false;
		list += len;
	}
	return true;
}

static bool list_matches(const char *list, const struct cidr *host)
{
	struct cidr net;

	for (list += strspn(list, SEPARATORS); *list; list += strspn(list, SEPARATORS)) {
		size_t len = strcspn(list, SEPARATORS);

		if (cidr_parse(&net, list, len) && cidr_matches(&net, host))
			return true;
		list += len;
	}
	return false;
}

bool cidr_list_contains(const char *list, const char *address)
{
	struct cidr host;

	return cidr_parse_address(&host, address) && list_matches(list, &host);
}

/* Where an IPv6 address carries an IPv4 one: ::/96 (RFC 4291, 2.5.5.1), NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056). */
static const struct {
	const char *network;
	size_t at;
} carriers[] = {{"::/96", 12}, {"64:ff9b::/96", 12}, {"64:ff9b:1::/48", 12}, {"2002::/16", 2}};

bool cidr_list_reaches(const char *list, const char *address)
{
	struct cidr host, inner = {.family = AF_INET, .bits = 32};

	if (!cidr_parse_address(&host, address))
		return false;
	if (list_matches(list, &host))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(carriers); i++) {
		if (!list_matches(carriers[i].network, &host))
			continue;
		memcpy(inner.addr, host.addr + carriers[i].at, 4);
		if (list_matches(list, &inner))
			return true;
	}
	return false;
}
