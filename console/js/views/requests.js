/* SPDX-License-Identifier: ISC */
/* Refused requests: why did it fail, and what is to be done about it. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { beside, go } from "../route.js";
import { int, count, whenFull, when } from "../format.js";
import { choice, copyable, facts, panel } from "../parts.js";
import { list, listPath, missing, onPage, tenantSelect, TENANTS } from "../table.js";
import { chart } from "../chart.js";
import { nodeLink } from "./meetings.js";

const SPANS = { hour: ["1 hour", 3600e3], day: ["24 hours", 86400e3], fortnight: ["14 days", 14 * 86400e3] };
const STEP = 300e3; /* the beginning moves on in such steps, so that the same list is asked for again */
const COLORS = ["--accent", "--warn-line", "--info-line", "--bad-line", "--muted-line"];

const spanOf = (query) => (SPANS[query.last] ? query.last : "day");
const from = (query) => new Date(Math.floor((Date.now() - SPANS[spanOf(query)][1]) / STEP) * STEP);

const spec = (data) => ({
	name: "requests", one: "refused request", many: "refused requests", key: (r) => String(r.id), sort: "-at", find: "Request id, meeting id",
		filters: ["last", "node"],
	toApi: ({ last, ...query }) => ({ ...query, from: from({ last }).toISOString().replace(/\.\d+/, "") }),
	selects: [tenantSelect(data), { name: "call", all: "All calls" }, { name: "key", all: "All reasons" }],
	columns: [
		{ key: "at", title: "Time", down: true, cell: (r) => h("a", { href: beside(r.id), title: whenFull(r.at) }, when(r.at)) },
		{ title: "Tenant", cell: (r) => `${r.tenant}-${r.sub_id}` },
		{ title: "Call", cell: (r) => r.call },
		{ title: "Meeting", kind: "clip", cell: (r) => h("span", { title: r.meeting_id }, r.meeting_id || "–") },
		{ title: "Reason", kind: "clip", cell: (r) => [h("b", null, r.key), h("span", { class: "sub", title: r.message }, r.message)] },
		{ title: "Times", kind: "num", cell: (r) => int(r.repeated + 1) },
		{ title: "Node", kind: "opt", cell: (r) => nodeLink(r.node) },
		{ title: "From", kind: "opt", cell: (r) => r.remote_addr },
		{ title: "Request id", kind: "opt", cell: (r) => h("code", null, r.request_id) },
	],
	none: ["Nothing was refused", "Every request of that time was answered as the platform wished."],
});

/* Bars by reason: the four commonest by name. */
function bars({ bars: all, step }) {
	const total = {}, used = all || [];

	for (const { counts } of used)
		for (const [key, n] of Object.entries(counts))
			total[key] = (total[key] || 0) + n;
	const keys = Object.keys(total).sort((a, b) => total[b] - total[a]), named = keys.slice(0, 4), rest = keys.slice(4);
	const sum = (counts, some) => some.reduce((n, key) => n + (counts[key] || 0), 0);
	const groups = [...named.map((key) => [key, [key]]), ...(rest.length ? [["others", rest]] : [])];

	if (!keys.length)
		return null;
	const at = used.map((bar) => new Date(bar.at) / 1000), lines = groups.map(([name, some],
		i) => ({ name, values: used.map(({ counts }) => sum(counts, some)), color: COLORS[i] }));

	return panel(`Refused, in steps of ${step >= 3600 ? count(step / 3600, "hour") : count(step / 60, "minute")}`,
		h("div", { class: "keys bars" }, groups.map(([name, some], i) => h("span", { class: `c${i}` }, name, " ",
		h("b", null, int(some.reduce((n, key) => n + total[key], 0)))))),
		chart("Refused requests", { at, lines, from: at[0] - step / 2, to: at.at(-1) + step / 2 }, "bar"));
}

export const ask = ({ query }) => ({ list: listPath(spec(), query), tenants: TENANTS });

export function draw(at, data) {
	const times = choice("Time shown", Object.entries(SPANS).map(([key, [title]]) => [key, `last ${title}`]), spanOf(at.query),
		(last) => go({ last: last === "day" ? "" : last, offset: "" }));

	return [times, list(spec(data), at.query, data.list, bars)];
}

const show = (r) => [
	h("div", { class: "advice" }, icon("wrench"), h("p", null, r.advice || r.message)),
	facts([["Time", whenFull(r.at)], ["Tenant", `${r.tenant}-${r.sub_id}`], ["Call", r.call],
		r.meeting_id ? ["Meeting", copyable(r.meeting_id)] : null, ["Said", r.message], ["Node", nodeLink(r.node)], ["From", r.remote_addr],
		["Repeated", r.repeated ? `${count(r.repeated, "more time")} within a minute` : "no"], ["Request id", copyable(r.request_id)]]),
];

export function drawer({ id }, data) {
	const r = onPage(data.list, (one) => String(one.id) === id);

	return { title: r ? r.key : "Refused request", body: r ? show(r) : missing(data.list) };
}
