/* SPDX-License-Identifier: ISC */
/* Time that only goes forward, for waits and durations; and a moment of the day in words. */
#include "config.h"
#include "base/clock.h"

long long clock_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000LL + ts.tv_nsec / 1000;
}

long long clock_ms(void)
{
	return clock_us() / 1000;
}

void clock_utc(time_t at, char text[CLOCK_UTC_SIZE])
{
	struct tm tm;

	gmtime_r(&at, &tm);
	strftime(text, CLOCK_UTC_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm);
}
