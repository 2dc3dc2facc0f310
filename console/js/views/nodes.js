/* SPDX-License-Identifier: ISC */
/* All nodes, a page of them: find, compare, take out. One of them stands beside the list (node.js). */
import { h } from "../dom.js";
import { can } from "../api.js";
import { beside, to } from "../route.js";
import { int, age, pct } from "../format.js";
import { badge, bar, button, link, HEALTH } from "../parts.js";
import { list, listPath } from "../table.js";
import { spark } from "../spark.js";
import { take } from "./node_actions.js";
import { askNode, drawNode } from "./node.js";

const LATE = 60, GOOD = 30; /* seconds since the last poll */
let most = 1;    /* the largest load on this page: what a full bar is */

const bars = ({ slug, live }) => (live.load < 0 ? h("span", { class: "none", title: "gets no meetings" }, "–")
	: [h("span", null, int(live.load)), bar(100 * live.load / most, "", `load of ${slug}: ${int(live.load)}`)]);
const left = ({ state, live }) => (state === "draining" && live.state_meetings
	? [int(live.meetings), h("span", { class: "sub" }, ` of ${int(live.state_meetings)}`)] : int(live.meetings));

/* What is most likely wanted of a node as it is. */
function next(node) {
	const want = node.state !== "enabled" ? "enabled" : node.live.online ? "draining" : "maintenance";

	return can("operate") ? button({ enabled: "Enable", draining: "Drain", maintenance: "Maintain" }[want], () => take([node], want), "small") : null;
}

/* That all goes well changes every second, and need not be drawn. */
const polled = ({ live }) => (live.poll_age === null ? "never" : live.poll_age < GOOD ? `< ${GOOD} s` : age(live.poll_age));

const spec = () => ({
	name: "nodes", one: "node", many: "nodes", key: (node) => node.slug, sort: "health", find: "Name, address, tag, error",
		stamp: (node) => JSON.stringify({ ...node, most, live: { ...node.live, poll_age: polled(node) } }),
	selects: [{ name: "cluster", all: "All clusters" }], chips: { name: "health", states: HEALTH },
	columns: [
		{ key: "slug", title: "Node", kind: "name", cell: (n) => [h("a", { href: beside(n.slug) }, n.slug),
			h("span", { class: "sub", title: n.live.error }, n.live.error || n.domain || n.url)] },
		{ key: "health", title: "Health", cell: (n) => badge(HEALTH[n.live.health]) },
		{ key: "cluster", title: "Cluster", kind: "opt", cell: (n) => [n.cluster, h("span", { class: "sub" }, n.tags.join(", "))] },
		{ key: "load", title: "Load", kind: "num load", down: true, cell: bars },
		{ key: "meetings", title: "Meetings", kind: "num", down: true, cell: left },
		{ key: "attendees", title: "Attendees", kind: "num", down: true, cell: (n) => int(n.live.attendees) },
		{ key: "cpu", title: "CPU", kind: "num opt", down: true, cell: (n) => (n.live.online ? pct(n.live.cpu) : h("span", { class: "none" }, "–")) },
		{ title: "Load, 6 hours", kind: "opt", cell: (n) => spark(n.live.trend || [], `load of ${n.slug} in the last 6 hours`) },
		{ key: "poll_age", title: "Last poll", kind: "num", down: true,
			cell: (n) => h("span", { class: n.live.poll_age > LATE ? "late" : null }, polled(n)) },
		{ key: "version", title: "BBB", kind: "opt", cell: (n) => n.live.bbb_version || "–" },
		{ title: h("span", { class: "sr" }, "Actions"), kind: "act", if: can("operate"), cell: next },
	],
	actions: can("operate") ? [["Drain", "draining"], ["Maintenance", "maintenance"],
		["Enable", "enabled"]].map(([title, state]) => ({ title, run: (rows) => take(rows, state) })) : [],
	tools: can("configure") ? link("Add node", to("nodes", "new"), "primary", "plus") : null,
	none: ["No node yet", "Nodes are the BigBlueButton servers that meetings run on.",
		can("configure") ? link("Add the first one", to("nodes", "new"), "primary", "plus") : null],
});

export const ask = (at) => ({ list: listPath(spec(), at.query), ...askNode(at) });

export function draw(at, data) {
	most = Math.max(1, ...(data.list.value?.items || []).map((node) => node.live.load));
	return list(spec(), at.query, data.list);
}

export const drawer = drawNode;
