/* SPDX-License-Identifier: ISC */
/* Time that only goes forward, for waits and durations; and a moment of the day in words. */
#ifndef B3LB_BASE_CLOCK_H
#define B3LB_BASE_CLOCK_H

#include <time.h>

/* Milliseconds and microseconds since some moment before this process began; the clock of the day may be set
 * meanwhile. Any thread. */
long long clock_ms(void);
long long clock_us(void);

#define CLOCK_UTC_SIZE 32
/* Writes a moment as 2026-11-26T06:39:41Z (RFC 3339). Any thread. */
void clock_utc(time_t at, char text[CLOCK_UTC_SIZE]);

#endif
