/* SPDX-License-Identifier: ISC */
/* How the load balancer itself is: what its checks found, its jobs, its versions, what it stands on. */
import { h } from "../dom.js";
import { can } from "../api.js";
import { to } from "../route.js";
import { age, bytes, count, int, since } from "../format.js";
import { badge, bar, button, facts, grid, note, panel, part } from "../parts.js";
import { act } from "./object.js";

const LEVELS = { error: ["bad", "Wrong", "bad"], warning: ["warn", "Look at it", "warn"], ok: ["ok", "Good", "ok"] };
const SOON = 14; /* days that a certificate should have left */

const run = () => act({ where: "findings/run", title: "Run the checks now?", text: ["Each node is asked once."], verb: "Run",
	done: "The next round of b3lb-check runs them" });
const looked = (at) => (at ? h("span", { class: "muted" }, `looked ${since(at)} ago`) : null);

function findings({ items }) {
	const table = (list, name) => grid(name, [["Subject"], ["Found"], ["What"], ["Since", "num"]],
		list.map((f) => [f.subject, badge(LEVELS[f.level]), [f.message, h("span", { class: "sub" }, f.host ? ` on ${f.host}` : "")],
		since(f.since)]));
	const wrong = items.filter((f) => f.level !== "ok").sort((a, b) => (a.level < b.level ? -1 : 1)), fine = items.filter((f) => f.level === "ok");

	return [wrong.length ? table(wrong, "What is wrong") : items.length ? h("p", { class: "fine" },
		"Nothing is wrong.") : note("The checks have not run yet."),
		fine.length ? h("details", { class: "figures" }, h("summary", null, `${count(fine.length, "check")} without a fault`),
		table(fine, "What is good")) : null];
}

const jobs = ({ items }) => grid("Jobs", [["Job"], ["State"], ["Last round", "num"], ["Last good one", "num"], ["Host", "opt"]],
	items.map((j) => [j.name, [badge(j.late ? LEVELS.warning : LEVELS.ok), h("span", { class: "sub" }, ` ${j.message || ""}`)],
	j.age === null ? "never" : `${age(j.age)} ago`, j.good_age === null ? "never" : `${age(j.good_age)} ago`, j.host]));

function versions({ versions: v }) {
	const all = Object.entries(v.bbb).sort(([a], [b]) => (a < b ? 1 : -1)), nodes = all.reduce((n, [, some]) => n + some, 0);

	return [facts([["Programs", v.programs], ["Schema", v.schema]]),
		all.length ? grid("BigBlueButton on the nodes", [["BigBlueButton"], ["Nodes"]],
		all.map(([name, n]) => [name || "unknown", h("div", { class: "measure" }, h("span", null, int(n)),
		bar(100 * n / nodes, "", count(n, "node")))])) : note("No node was asked yet.")];
}

const ends = (days) => (days < 0 ? ["bad", `ended ${count(-days, "day")} ago`, "bad"] : days < SOON ? ["warn", `${count(days, "day")} left`,
	"warn"] : ["ok", `${count(days, "day")} left`, "ok"]);
const certificates = ({ certificates: list }) => (list.length ? grid("Certificates", [["Name"], ["Left"]],
	[...list].sort((a, b) => a.days - b.days).map((c) => [c.name, badge(ends(c.days))])) : note("None is known; a proxy may have them."));

const base = ({ database: d, storage: s }) => facts([["Database", bytes(d.size)],
	["Connections", h("div", { class: "measure" }, h("span", null, `${int(d.connections)} of ${int(d.max_connections)}`),
	bar(100 * d.connections / d.max_connections, d.connections > 0.8 * d.max_connections ? "bad" : "", "connections in use"))],
	["Recordings", s.kind], s.free === null || s.free === undefined ? null : ["Free there", bytes(s.free)],
		s.waiting === null || s.waiting === undefined ? null : ["Waiting",
		h("a", { href: to("recordings", "", "", { status: "waiting" }) }, `${count(s.waiting, "recording")}`)]]);

export const ask = () => ({ findings: "findings", jobs: "jobs", health: { path: "health", every: 15 } });
export const draw = (at, data) => [
	panel("Checks", [looked(data.findings.value?.looked_at), can("operate") ? button("Run the checks now", run, "small") : null],
		part(data.findings, findings)),
	panel("Jobs", null, part(data.jobs, jobs)), h("div", { class: "cards" }, panel("Versions", null, part(data.health, versions)),
		panel("Certificates", null, part(data.health, certificates)), panel("Stands on", null, part(data.health, base)))];
