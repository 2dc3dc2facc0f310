/* SPDX-License-Identifier: ISC */
/* Lists of networks: "192.0.2.0/24, 2001:db8::/32, 198.51.100.7". */
#ifndef B3LB_BASE_CIDR_H
#define B3LB_BASE_CIDR_H

#include <stdbool.h>

/* True when every entry (separated by commas or blanks) is an address or a network; "" is a valid, empty
 * list. */
bool cidr_list_valid(const char *list);
/*
 * True when the textual address lies in one of the networks of a valid list. IPv4-mapped IPv6 addresses count
 * as IPv4. Anything that is not an address lies nowhere. Any thread.
 */
bool cidr_list_contains(const char *list, const char *address);

/* As cidr_list_contains, also of an IPv6 address that carries an IPv4 one of the list, which a gateway may turn it into. */
bool cidr_list_reaches(const char *list, const char *address);

#endif
