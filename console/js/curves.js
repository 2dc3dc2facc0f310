/* SPDX-License-Identifier: ISC */
/* What was: curves of a node or a tenant over the span that the address names. */
import { h } from "./dom.js";
import { address } from "./api.js";
import { go } from "./route.js";
import { choice, note, part } from "./parts.js";
import { chart } from "./chart.js";

const HOUR = 3600e3;
const SPANS = { day: ["24 hours", 24, 300], week: ["8 days", 192, 3600], year: ["400 days", 9600, 3600] };
const spanOf = ({ span }) => (SPANS[span] ? span : "day");
const iso = (ms) => new Date(ms).toISOString().replace(/\.\d+/, "");

/* Whole hours, so that the same figures are asked for again, not others each second. of: "node:a", "tenant:ACME". */
export function askCurves(of, query) {
	const [, hours, step] = SPANS[spanOf(query)], until = Math.ceil(Date.now() / HOUR) * HOUR;

	return { path: address("history", { of, from: iso(until - hours * HOUR), to: iso(until), step }), every: 60 };
}

/* lines: [series of the API, title, look]; those without a figure are left out. */
export function curves(name, query, lines, slot) {
	const span = spanOf(query);

	return [choice("Time shown", Object.entries(SPANS).map(([key, [title]]) => [key, title]), span, (value) => go({ span: value === "day" ? "" : value }, { replace: true })),
		part(slot, ({ at, series }) => {
			const drawn = lines.filter(([key]) => series[key]?.some((v) => v !== null)).map(([key, title, look]) => ({ name: title, values: series[key], look }));

			return drawn.length ? [h("div", { class: "keys" }, drawn.map((line) => h("span", { class: line.look }, line.name))), chart(`${name}, ${SPANS[span][0]}`, { at, lines: drawn, stamp: slot.etag })]
				: note("There are no figures of that time.");
		})];
}
