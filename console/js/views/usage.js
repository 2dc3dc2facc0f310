/* SPDX-License-Identifier: ISC */
/* What was used in a month, by tenant or secret; what to make bills of. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { address, href } from "../api.js";
import { go, to } from "../route.js";
import { bytes, dec, int } from "../format.js";
import { bar, choice, empty, grid, note, panel, part } from "../parts.js";

const now = () => new Date().toISOString().slice(0, 7);
const beside = (month, by) => {
	const date = new Date(`${month}-15T00:00:00Z`);

	date.setUTCMonth(date.getUTCMonth() + by);
	return date.toISOString().slice(0, 7);
};
const asked = ({ query }) => ({ month: /^\d{4}-\d\d$/.test(query.month) ? query.month : "", by: query.by === "secret" ? "secret" : "tenant" });
const GB = 1e9;

/* [title, what, class]: of a row */
const COLUMNS = [["Meetings", (r) => int(r.meetings)], ["Mean minutes", (r) => int(r.meetings ? r.meeting_minutes / r.meetings : null), "opt"],
	["Most people", (r) => int(r.peak_participants)], ["Most meetings", (r) => int(r.peak_meetings), "opt"],
	["Joins", (r) => int(r.joins), "opt"], ["Refused", (r) => int(r.refused)], ["Recordings", (r) => int(r.recordings)],
		["Added", (r) => bytes(r.recording_bytes), "opt"], ["Stored, GB days", (r) => dec(r.stored_gb_days), "opt"]];
const HEADS = COLUMNS.map(([title, , kind = ""]) => [title, `num ${kind}`]), cells = (row) => COLUMNS.map(([, value]) => value(row));
const minutes = (row, most) => h("div", { class: "measure" }, h("span", null, int(row.participant_minutes)),
	most ? bar(100 * row.participant_minutes / most, "", `${int(row.participant_minutes)} participant minutes`) : null);
const more = (value, before) => (before ? `${value >= before ? "+" : "−"}${int(Math.abs(100 * (value - before) / before))} %` : h("span",
	{ class: "none" }, "–"));

function table({ items, total, before }, by) {
	const rows = [...items].sort((a, b) => b.participant_minutes - a.participant_minutes), most = rows[0]?.participant_minutes;
	const isTenants = by === "tenant", name = (r) => [h("a", { href: to("tenants", r.tenant, "usage") },
		isTenants ? r.tenant : `${r.tenant}-${r.sub_id}`), h("span", { class: "sub" }, r.description)];

	return grid("Usage", [[isTenants ? "Tenant" : "Secret"], ["Participant minutes"], ...(isTenants ? [["Month before", "num"]] : []), ...HEADS],
		[...rows.map((r) => [name(r), minutes(r, most), ...(isTenants ? [more(r.participant_minutes, before?.[r.tenant])] : []), ...cells(r)]),
		[h("b", null, "Total"), minutes(total), ...(isTenants ? [""] : []), ...cells({ ...total, peak_participants: null, peak_meetings: null })]]);
}

/* The last thirteen of one tenant, the newest first. */
export function months({ items }) {
	const rows = [...items].sort((a, b) => (a.month < b.month ? 1 : -1)), most = Math.max(1, ...rows.map((r) => r.participant_minutes));

	return rows.some((r) => r.meetings || r.refused || r.stored_gb_days) ? grid("Usage by month", [["Month"], ["Participant minutes"], ...HEADS],
		rows.map((r) => [[h("a", { href: to("usage", "", "", { month: r.month }) }, r.month),
		r.month === now() ? h("span", { class: "sub" }, " so far") : null], minutes(r, most), ...cells(r)]))
		: note("Nothing was used yet.");
}

const get = (title, path, query, name) => h("a", { class: "button", href: href(path, query), download: name }, icon("csv"), title);
const turn = (title, month, sign) => h("button", { type: "button", class: "button icononly", "aria-label": title, disabled: month > now(),
	onclick: () => go({ month: month === now() ? "" : month }) }, icon(sign));

export const ask = (at) => ({ usage: { path: address("usage", asked(at)), every: 60 } });

export function draw(at, data) {
	const { by } = asked(at), month = asked(at).month || data.usage.value?.month || now();

	return [h("div", { class: "filters" }, turn("Month before", beside(month, -1), "left"),
		h("label", { class: "field" }, h("span", { class: "sr" }, "Month"),
		h("input", { type: "month", value: month, max: now(), onchange: (e) => go({ month: e.target.value }) })),
		turn("Month after", beside(month, 1), "right"),
		choice("By", [["tenant", "By tenant"], ["secret", "By secret"]], by, (value) => go({ by: value === "tenant" ? "" : value })),
		h("span", { class: "tools" }, get("CSV", "usage", { month, by, format: "csv" }, `usage-${month}.csv`),
			get("JSON", "usage", { month, by }, `usage-${month}.json`),
			get("Sessions CSV", "usage/sessions", { month, format: "csv" }, `sessions-${month}.csv`))),
	part(data.usage, (found) => [panel(`${month}${found.complete ? "" : ", so far"}`, null, note(found.rule),
		found.items.length ? table(found, by) : empty("Nothing was used in this month", "Another month may have figures."))])];
}
