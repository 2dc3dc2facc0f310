/* SPDX-License-Identifier: ISC */
/* Small pieces that several screens show. */
import { h, say } from "./dom.js";
import { icon } from "./icons.js";
import { int, time } from "./format.js";
import { refresh } from "./route.js";

/* name -> sign, word, colour (ok warn bad info idle): a state is never said by its colour alone. */
export const badge = ([sign, word, level]) => h("span", { class: `badge ${level}` }, icon(sign), word);
export const HEALTH = {
	healthy: ["ok", "Healthy", "ok"], unsteady: ["warn", "Unsteady", "warn"], offline: ["bad", "Offline", "bad"],
		draining: ["drain", "Draining", "info"],
	maintenance: ["wrench", "Maintenance", "idle"],
};

export const button = (title, onclick, kind = "", sign = null) => h("button", { class: `button ${kind}`, onclick }, sign ? icon(sign) : null, title);
/* One that has no use now keeps its place: no other one comes under the finger or the focus meanwhile. */
export function shown(is, el) {
	el.hidden = !is;
	return el;
}
export const link = (title, href, kind = "", sign = null) => h("a", { class: `button ${kind}`, href }, sign ? icon(sign) : null, title);
/* A link that leaves the console: the other side learns nothing. */
export const outside = (title, href, kind = "") => h("a", { class: kind, href, target: "_blank", rel: "noopener noreferrer" }, title,
	icon("external", "small"));

export const bar = (percent, kind, label) => h("span", { class: `bar ${kind || ""}`, role: "img", "aria-label": label },
	h("span", { css: { "inline-size": `${Math.max(0, Math.min(100, percent)).toFixed(1)}%` } }));
/* How much of a limit is used; 0 or null is no limit. */
export function share(now, limit) {
	const part = limit ? now / limit : 0;

	return h("div", { class: "share" }, h("span", null, int(now)),
		limit ? [bar(100 * part, part > 0.9 ? "bad" : part > 0.75 ? "warn" : "", `${Math.round(100 * part)} % of the limit`),
		h("span", { class: "of" }, `of ${int(limit)}`)]
		: h("span", { class: "of" }, "no limit"));
}
export const panel = (title, tools, ...body) => h("section", { class: "panel" }, h("header", null, h("h2", null, title), tools), ...body);
export const tile = (title, value, note, href) => h("a", { class: "tile", href }, h("span", { class: "name" }, title), h("strong", null, value),
	h("span", { class: "note" }, note));
/* [["Address", "bbb001..."], ...], empty rows left out */
export const facts = (rows) => h("dl", { class: "facts" }, rows.filter(Boolean).map(([name, value]) => [h("dt", null, name), h("dd", null, value)]));
export const alarm = (text, more) => h("p", { class: "alarm" }, icon("warn"), h("span", null, text, more ? h("span", { class: "sub" }, more) : null));
export const note = (text) => h("p", { class: "muted" }, text);

/* A plain table: columns [title (none: buttons), class], rows of cells; the first cell heads its row. */
export const grid = (caption, columns, rows) => h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
	h("table", { class: "plain" }, h("caption", { class: "sr" }, caption),
	h("thead", null, h("tr", null, columns.map(([title, kind]) => h("th", { scope: "col", class: kind },
		title || h("span", { class: "sr" }, "Actions"))))),
	h("tbody", null, rows.map((cells) => h("tr", null, cells.map((cell, i) => h(i ? "td" : "th", { scope: i ? null : "row", class: columns[i][1] },
		cell)))))));

/* One of a few, beside each other: options [value, title]. */
export const choice = (label, options, now, pick) => h("div", { class: "choice", role: "group", "aria-label": label },
	options.map(([value, title]) => h("button", { "aria-pressed": String(value === now), onclick: () => pick(value) }, title)));

export const empty = (title, text, ...more) => h("div", { class: "empty" }, h("h2", null, title), h("p", null, text), ...more);
/* Grey rows where something is on its way; the sheet shows them only after 150 ms. */
export const loading = (rows = 8) => h("div", { class: "loading", role: "status", "aria-label": "Loading" },
	Array.from({ length: rows }, () => h("span")));

/* What went wrong, the id that finds it in the log, and a way to go on. */
export const failed = (error, again) => h("div", { class: "empty failed", role: "alert" }, h("h2", null, error.title || "That did not work"),
	h("p", null, error.detail),
	error.request_id ? h("p", null, "Request ", copyable(error.request_id)) : null, again ? button("Try again", again) : null);

/* The content of an answer, or what stands in its place; after an error what was known stays, marked with its time. Of a database
 * that is away the frame tells, once for all. */
export function part(slot, show) {
	if (slot?.value !== undefined)
		return [slot.error && !slot.error.passes ? h("p", { class: "stale" }, icon("wait"), `As of ${time(slot.at)}: ${slot.error.detail}`) : null,
			show(slot.value)];
	return slot?.error && !slot.error.passes ? failed(slot.error, refresh) : loading();
}

/* A text with a button that copies it. */
export function copyable(text) {
	const copy = async () => {
		try {
			await navigator.clipboard.writeText(text);
			toast("Copied");
		} catch {
			toast("The browser does not let it be copied", "warn");
		}
	};

	return h("span", { class: "copyable" }, h("code", null, text),
		h("button", { class: "button plain icononly small", "aria-label": `Copy ${text}`, onclick: copy }, icon("copy")));
}

/* A word about what was done, gone after a few seconds; problems stay until they are closed. */
export function toast(text, level = "ok") {
	const box = h("div", { class: `toast ${level}`, role: "region", "aria-label": "Notice" }, icon(level), h("span", null, text),
		h("button", { class: "button plain icononly small", "aria-label": "Close", onclick: () => box.remove() }, icon("close")));

	document.querySelector(".toast")?.remove();
	(document.querySelector("dialog[open]") || document.body).append(box);
	say(text);
	if (level === "ok")
		setTimeout(() => box.remove(), 6000);
}
/* What became of many: in one notice, since each takes the place of the one before. */
const TOLD = 5;
export function report(text, wrong) {
	const more = wrong.length > TOLD ? [`and ${int(wrong.length - TOLD)} more`] : [];

	toast([text, [...wrong.slice(0, TOLD), ...more].join("; ")].filter(Boolean).join(". "), wrong.length ? "bad" : "ok");
}
export const complain = (error) => toast(error.request_id ? `${error.detail} (request ${error.request_id})` : error.detail, "bad");
