/* SPDX-License-Identifier: ISC */
/* What an operator sees first: is all well, what needs me, how is the day going. */
import { h, keyOf, lazy } from "../dom.js";
import { icon } from "../icons.js";
import { address, isBound, whoAmI } from "../api.js";
import { go, to } from "../route.js";
import { int, age, count, time, when } from "../format.js";
import { panel, tile, bar, choice, grid, note, part, share, HEALTH } from "../parts.js";
import { chart } from "../chart.js";

const CURVES = { attendees: "Attendees", meetings: "Meetings", load: "Mean load" };
const curves = () => Object.entries(CURVES).filter(([name]) => !isBound() || name !== "load");
const CURVE_EVERY = 60;
const iso = (ms) => new Date(ms).toISOString().replace(/\.\d+/, "");

/* A day of the browser's calendar, some days ago: [from, to] in milliseconds. */
function dayBefore(days) {
	const from = new Date();

	from.setHours(0, 0, 0, 0);
	from.setDate(from.getDate() - days);
	return [from.getTime(), new Date(from.getFullYear(), from.getMonth(), from.getDate() + 1).getTime()];
}
/* Who is bound to one tenant sees the curve of that one; to several: none. */
const scope = () => (!isBound() ? "total" : whoAmI().tenants.length === 1 ? `tenant:${whoAmI().tenants[0]}` : null);
const history = (days) => {
	const [from, until] = dayBefore(days);

	return scope() && { path: address("history", { of: scope(), from: iso(from), to: iso(until), step: 300 }), every: CURVE_EVERY };
};

export const ask = () => ({ overview: "overview", today: history(0), before: history(7) });

const flag = (n, word, level) => (n ? h("b", { class: level }, `${int(n)} ${word}`) : `${int(n)} ${word}`);

const rate = (n, one) => (n === null ? "" : `${count(n, one)} a minute`);

function tiles(o) {
	const n = o.nodes, { recordings: r, callbacks: c } = o;

	return h("div", { class: "tiles" },
		n ? tile("Nodes healthy", `${int(n.healthy)} / ${int(n.total)}`,
			[flag(n.offline, "offline", "bad"), n.unsteady ? [", ", flag(n.unsteady, "unsteady", "warn")] : null,
			`, ${n.draining} draining, ${n.maintenance} in maintenance`], "#/nodes") : null,
		tile("Meetings", int(o.meetings), rate(o.creates_minute, "create"), "#/meetings"),
		tile("Attendees", int(o.attendees), rate(o.joins_minute, "join"), "#/meetings?sort=-attendees"),
		tile("Refused, last hour", int(o.refused_hour), `${int(o.retried_hour)} placed on a second node`, "#/requests"),
		tile("Recordings", `${int(r.waiting)} waiting`, [`${int(r.rendering)} rendering, `, flag(r.failed, "failed", "warn"),
			r.late ? [", ", flag(r.late, "late", "warn")] : null],
			r.failed ? "#/recordings?status=failed" : "#/recordings"),
		tile("Callbacks", `${int(c.failed)} failed`, `${int(c.waiting)} waiting${c.failed ? `, ${count(c.tenants_failed, "tenant")} affected` : ""}`,
			c.failed ? "#/callbacks?state=failed" : "#/callbacks"));
}

/* Links of the API lead to screens, nowhere else. */
const screenLink = (link) => (/^#\//.test(link || "") ? link : null);

const problem = (p) => h("li", { class: p.severity === "error" ? "bad" : "warn" }, icon(p.severity === "error" ? "bad" : "warn"),
	h("div", null, h("a", { href: screenLink(p.link) }, p.title), h("p", null, p.detail)));

/* The worst stand first; more than that many would hide the rest of the page. */
const FIRST = 8;
function attention({ attention: list }) {
	const more = list.slice(FIRST);

	return list.length ? [h("ul", { class: "problems" }, list.slice(0, FIRST).map(problem)),
		more.length ? h("details", { class: "figures" }, h("summary", null, `${int(more.length)} more`),
			h("ul", { class: "problems" }, more.map(problem))) : null]
		: h("p", { class: "fine" }, icon("ok"), "Nothing needs you.");
}

/* Where the arrows lead in the map of nodes: one stop for Tab, arrows inside. */
function walk(event) {
	const links = [...event.currentTarget.querySelectorAll(".cell")], i = links.indexOf(document.activeElement);
	const next = i + ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -i, End: links.length - 1 - i }[event.key] ?? NaN);

	if (Number.isNaN(next) || !links[next])
		return;
	event.preventDefault();
	mapStop = keyOf(links[next]);
	links[i].tabIndex = -1;
	links[next].tabIndex = 0;
	links[next].focus();
}
let mapStop = "";

/* A cell a node, darker for more load; a state that is not healthy has a sign of its own. */
function cell([slug, health, load, meetings, people], most) {
	const level = load >= 0 && (health === "healthy" || health === "unsteady") ? Math.min(5, 1 + Math.floor(load / most * 5)) : 0,
		[sign, word] = HEALTH[health];
	const text = `${slug}: ${word.toLowerCase()}, ${load < 0 ? "gets no meetings" : `load ${int(load)}`}, ${count(meetings, "meeting")}, ${count(people, "attendee")}`;

	return lazy("a", { href: to("nodes", slug), class: `cell l${level} ${health}`, title: text, "aria-label": text,
		tabindex: slug === mapStop ? 0 : -1 }, slug, text + level,
		() => (health === "healthy" ? [] : icon(sign)));
}

function map({ map: clusters }) {
	const all = clusters.flatMap((cluster) => cluster.nodes), most = Math.max(1, ...all.map(([, , load]) => load));

	if (!all.length)
		return note(["No node yet. ", h("a", { href: "#/nodes/new" }, "Add the first one"), "."]);
	if (!all.some(([slug]) => slug === mapStop))
		mapStop = all[0][0];
	return h("div", { class: "map", onkeydown: walk, role: "group", "aria-label": "Map of the nodes, arrow keys move" },
		clusters.map(({ cluster, nodes }) => {
		const busy = nodes.filter(([, , load]) => load >= 0), mean = busy.reduce((sum, [, , load]) => sum + load, 0) / Math.max(1, busy.length);

		return h("div", { class: "cluster", data: { key: cluster } },
			h("h3", null, cluster, h("span", null, `${count(nodes.length, "node")}, mean load ${int(mean)}`)),
			h("div", { class: "cells" }, nodes.map((node) => cell(node, most))));
	}));
}
const legend = () => h("div", { class: "legend" }, h("span", null, "Load"), [1, 2, 3, 4, 5].map((i) => h("i", { class: `cell l${i}` })),
	h("span", null, "high"),
	["draining", "maintenance", "unsteady", "offline"].map((name) => h("span", { class: "key" },
		h("i", { class: `cell ${name}` }, icon(HEALTH[name][0])), HEALTH[name][1])));

/* How far a node has come on its way out; what it had at the beginning is not always known. */
function leaving({ slug, meetings, from, attendees, drain_to: then }) {
	const whole = Math.max(from || 0, meetings), rest = `${from >= meetings ? `${int(meetings)} of ` : ""}${count(whole, "meeting")} left`;

	return h("li", null, h("a", { href: to("nodes", slug) }, slug), bar(whole ? 100 * (whole - meetings) / whole : 100, "drain", rest),
		h("span", null, `${rest}, ${count(attendees, "person", "people")}${then ? ", then maintenance" : ""}`));
}
const draining = ({ draining: list }) => (list.length ? h("ul", { class: "rows" }, list.map(leaving)) : note("No node is being drained."));

const tenants = ({ tenants: list }) => (list.length ? grid("Busiest tenants", [["Tenant"], ["Meetings"], ["Attendees"]], list.map((t) => [
	[h("a", { href: to("tenants", t.slug) }, t.slug), h("span", { class: "sub" }, " ", t.description)], share(t.meetings, t.meeting_limit),
		share(t.attendees, t.attendee_limit)])) : note("No tenant has a meeting now."));

const events = ({ events: list }) => (list.length
	? h("ol", { class: "events" }, list.map((e) => h("li", null, h("time", { datetime: e.at, title: when(e.at) }, time(e.at)),
		h("span", null, h("b", null, e.actor), " ", e.text)))) : note("Nothing was changed yet."));
const jobs = ({ jobs: list }) => h("ul", { class: "jobs" }, list.map((j) => h("li",
	{ class: j.late ? "late" : "", title: [j.host, j.message].filter(Boolean).join(": ") }, icon(j.late ? "warn" : "ok"), j.name,
	h("span", null, j.age === null ? "never" : `${age(j.age)} ago`))));

const last = (values) => values.findLast((v) => v !== null);

/* What a curve was asked for: [from, until] in seconds. */
const askedOf = ({ path }) => ["from", "to"].map((name) => Date.parse(new URLSearchParams(path.split("?")[1]).get(name)) / 1000);

/* Today over the same weekday of last week, moved onto today by their midnights: between them clocks may have changed. */
function curve(what, data) {
	const { value: today } = data.today, { value: before } = data.before, [from, until] = askedOf(data.today), shift = from - askedOf(data.before)[0];
	const at = before.at.map((s) => s + shift), now = new Map(today.at.map((s, i) => [s, today.series[what][i]]));
	const all = [...new Set([...at, ...today.at])].sort((a, b) => a - b), then = new Map(at.map((s, i) => [s, before.series[what][i]]));
	const lines = [{ name: "Today", values: all.map((s) => now.get(s) ?? null), look: "now" },
		{ name: "A week ago", values: all.map((s) => then.get(s) ?? null), look: "before" }];
	const nearest = then.get(at.findLast((s) => s * 1000 <= Date.now()));

	if (lines.every((line) => line.values.every((v) => v === null)))
		return note("There are no figures yet; the first come within five minutes.");
	return [h("div", { class: "keys" }, h("span", null, "Today, now ", h("b", null, int(last(lines[0].values)))),
		h("span", { class: "before" }, "A week ago, at this time ", h("b", null, int(nearest)))),
		chart(`${CURVES[what]} today`, { at: all, lines, from, to: until, stamp: what + data.today.etag + data.before.etag })];
}

function today(at, data) {
	const what = CURVES[at.query.curve] ? at.query.curve : "attendees";

	return panel("Today", choice("Figure of the curve", curves(), what, (value) => go({ curve: value }, { replace: true })),
		part(data.today, () => part(data.before, () => curve(what, data))));
}

export function draw(at, data) {
	return part(data.overview, (o) => [tiles(o), h("div", { class: "columns" },
		h("div", { class: "wide" }, scope() ? today(at, data) : null, o.map ? panel("Nodes", legend(), map(o)) : null,
			panel("Busiest tenants", h("a", { href: "#/tenants?sort=-attendees" }, "All tenants"), tenants(o))),
		h("div", { class: "narrow" },
			panel("Needs attention", o.attention.length ? h("span", { class: "count" }, o.attention.length) : null, attention(o)),
			o.draining ? panel("Draining", h("a", { href: "#/nodes?health=draining" }, "Show"), draining(o)) : null,
			o.jobs ? panel("Jobs", h("a", { href: "#/health" }, "Health"), jobs(o)) : null,
			panel("Just now", h("a", { href: "#/audit" }, "Audit"), events(o))))]);
}
