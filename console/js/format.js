/* SPDX-License-Identifier: ISC */
/* Figures for people: numbers with separators, times in the browser's zone, ages and sizes in one unit. */
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const NONE = "–";

const isNone = (n) => n === null || n === undefined;
const isToday = (at) => day.format(new Date(at)) === day.format(new Date());

export const int = (n) => (isNone(n) ? NONE : whole.format(n));
export const dec = (n) => (isNone(n) ? NONE : tenths.format(n));
export const pct = (n) => (isNone(n) ? NONE : `${Math.round(n)} %`);
/* count(3, "meeting"): "3 meetings" */
export const count = (n, one, many = `${one}s`) => `${int(n)} ${n === 1 ? one : many}`;

export const time = (at) => (isNone(at) ? NONE : clock.format(new Date(at)));
export const date = (at) => (isNone(at) ? NONE : day.format(new Date(at)));
/* Today the clock is enough; before it, the day stands too. */
export const when = (at) => (isNone(at) ? NONE : isToday(at) ? seconds.format(new Date(at)) : `${date(at)} ${time(at)}`);
export const whenFull = (at) => (isNone(at) ? NONE : `${date(at)} ${seconds.format(new Date(at))}`);

/* A time of the browser's zone as the API takes it: a day ("2027-01-31") at a clock, so many days later. What is no day stays as it is,
 * for the API to say so. */
export function instant(day, clock = "00:00", later = 0) {
	const at = new Date(`${day}T${clock}`);

	at.setDate(at.getDate() + later);
	return Number.isNaN(at.getTime()) ? day : at.toISOString().replace(/\.\d+/, "");
}

const AGES = [[172800, 86400, "d"], [5400, 3600, "h"], [90, 60, "min"], [-Infinity, 1, "s"]];

export function age(s) {
	if (isNone(s))
		return NONE;
	const [, unit, name] = AGES.find(([from]) => s >= from);

	return `${whole.format(s / unit)} ${name}`;
}
export const since = (at) => age(Math.max(0, (Date.now() - new Date(at)) / 1000));

/* A length as players show it: 1:05:09 */
export function length(s) {
	if (isNone(s))
		return NONE;
	const parts = [Math.floor(s / 3600), Math.floor(s / 60) % 60, Math.floor(s) % 60].map((n) => String(n).padStart(2, "0"));

	return parts.join(":").replace(/^00:/, "").replace(/^0/, "");
}

export function bytes(n) {
	if (isNone(n))
		return NONE;
	for (const unit of ["B", "kB", "MB", "GB", "TB"]) {
		if (n < 1000)
			return `${n < 10 && unit !== "B" ? n.toFixed(1) : Math.round(n)} ${unit}`;
		n /= 1000;
	}
	return `${Math.round(n)} PB`;
}
