/* SPDX-License-Identifier: ISC */
/* Time that only goes forward, for waits and durations. */
#ifndef B3LB_BASE_CLOCK_H
#define B3LB_BASE_CLOCK_H

/* Milliseconds and microseconds since some moment before this process began; the clock of the day may be set
 * meanwhile. Any thread. */
long long clock_ms(void);
long long clock_us(void);

#endif
