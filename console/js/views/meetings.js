/* SPDX-License-Identifier: ISC */
/* What runs now, where and for whom. */
import { h } from "../dom.js";
import { can, isBound, path, send } from "../api.js";
import { beside, open, refresh, to } from "../route.js";
import { int, age, count, whenFull } from "../format.js";
import { badge, button, copyable, facts, grid, link, note, part, toast } from "../parts.js";
import { confirm } from "../confirm.js";
import { list, listPath, tenantSelect, TENANTS } from "../table.js";

const STATES = { running: ["play", "Running", "ok"], empty: ["hidden", "Empty", "idle"], unconfirmed: ["warn", "Not confirmed", "warn"] };
const MANY = 20; /* people above whom the name must be typed */

/* A name of nothing but blanks is none to click at. */
export const call = (m) => (m.name?.trim() ? m.name : m.meeting_id);
const account = (m) => `${m.tenant}-${m.sub_id}`;
export const nodeLink = (node) => (!node ? "–" : isBound() ? node : h("a", { href: to("nodes", node) }, node));

/* After a node has failed to end it, an operator may take it out of the list all the same. */
async function end(m) {
	let isForced = false;
	const isDone = await confirm({
		title: `End ${call(m)}?`, text: [`${count(m.attendees, "person is", "people are")} in it. They are thrown out, and it cannot be undone.`],
			verb: "End", isDanger: true, type: m.attendees > MANY ? call(m) : null,
		fields: [{ name: "force", label: "Even if the node does not answer", type: "checkbox",
			help: "It is forgotten here; on the node it may still run." }],
		run: async ({ force }) => {
			isForced = force;
			await send("POST", path`meetings/${m.id}/end`, { force });
		},
	});

	if (!isDone)
		return false;
	toast(isForced ? `${call(m)} is ended or forgotten` : `${call(m)} is ended`);
	refresh();
	return true;
}

const spec = (data) => ({
	name: "meetings", one: "meeting", many: "meetings", key: (m) => m.id, title: call, stamp: (m) => JSON.stringify({ ...m, age: age(m.age) }),
		sort: "-attendees", find: "Name, id, internal id",
	selects: [tenantSelect(data), ...(isBound() ? [] : [{ name: "node", all: "All nodes" }])],
		chips: { name: "state", states: STATES },
	columns: [
		{ key: "name", title: "Meeting", kind: "name", cell: (m) => [h("a", { href: beside(m.id) }, call(m)),
			h("span", { class: "sub", title: m.meeting_id }, m.meeting_id)] },
		{ key: "tenant", title: "Tenant", cell: account },
		{ key: "node", title: "Node", cell: (m) => nodeLink(m.node) },
		{ title: "State", kind: "opt", cell: (m) => badge(STATES[m.state]) },
		{ key: "attendees", title: "People", kind: "num", down: true, cell: (m) => int(m.attendees) },
		{ key: "voices", title: "Voices", kind: "num", down: true, cell: (m) => int(m.voices) },
		{ key: "videos", title: "Videos", kind: "num", down: true, cell: (m) => int(m.videos) },
		{ key: "age", title: "Runs since", kind: "num", down: true, cell: (m) => h("span", { title: whenFull(m.started_at) }, age(m.age)) },
		{ title: "Recording", kind: "opt", cell: (m) => (m.recording ? "recorded" : h("span", { class: "none" }, "–")) },
		{ title: h("span", { class: "sr" }, "Actions"), kind: "act", if: can("operate"), cell: (m) => button("End", () => end(m), "small") },
	],
	none: ["No meeting runs", "It appears here within seconds of its create."],
});

export const ask = ({ id, query }) => ({ list: listPath(spec(), query), tenants: TENANTS, meeting: id ? path`meetings/${id}` : null });
export const draw = (at, data) => list(spec(data), at.query, data.list);

function buttons(m) {
	const finish = async () => {
		if (await end(m))
			open(beside(""), true);
	};

	return h("div", { class: "buttons left" }, can("operate") ? button("End", finish, "danger") : null,
		isBound() ? null : link("Show node", to("nodes", m.node)), m.record_id ? link("Recording", to("recordings", `${m.record_id}@${m.tenant}`)) : null);
}

const KNOWN_BY = { hint: "as its client said", weekday: "as this room had at this hour of this weekday", room: "as this room had",
	tenant: "as new rooms of this tenant have", default: "as any" };

/* What its last placement has seen, and what a bound account has not. */
function placement({ expected, known_by: by, nodes, more, cut, more_cut: moreCut }) {
	return [
		h("h3", null, "Why it is there"),
		note(`${count(expected, "person was", "people were")} expected, ${KNOWN_BY[by] || by}.`),
		nodes ? grid("Nodes that it was chosen among", [["Node"], ["People", "num"], ["Expected besides", "num"], ["Kept for rooms that are due", "num"],
			["Load", "num"]], nodes.map((n) => [nodeLink(n.node), int(n.people), int(n.expected), int(n.kept), int(n.load)]))
			: note("A breakout room is where its parent is."),
		more ? note("Others carried more.") : null,
		cut?.length ? note(`Took no part: ${cut.map((n) => `${n.node} (${n.why})`).join(", ")}${moreCut ? ", and others" : ""}.`) : null,
	];
}

function show(m) {
	const own = Object.entries(m.own_params || {});

	return [
		facts([["Tenant", isBound() ? account(m) : h("a", { href: to("tenants", m.tenant) }, account(m))], ["Node", nodeLink(m.node)],
			["Since", `${whenFull(m.started_at)} (${age(m.age)})`],
			["People", `${int(m.attendees)}, of them ${count(m.moderators, "moderator")}`],
				["Sound", `${int(m.voices)} speak, ${int(m.listeners)} listen`], ["Cameras", int(m.videos)],
			["Recording", m.recording ? "may be recorded" : "no"]]),
		buttons(m), h("h3", null, "Its names"),
		facts([["At the client", copyable(m.meeting_id)], m.internal_id ? ["Internal", copyable(m.internal_id)] : null, ["Here", copyable(m.id)],
			m.record_id ? ["Recording", copyable(m.record_id)] : null]),
		h("h3", null, "Set by rules"), own.length ? grid("Parameters that rules changed", [["Parameter"], ["Value"]],
			own.map(([name, value]) => [name, String(value)])) : note("It was created as the client asked."),
		m.why ? placement(m.why) : null,
	];
}

export function drawer({ id }, data) {
	const m = data.meeting?.value;

	return { title: m ? call(m) : id, badge: m ? badge(STATES[m.state]) : null, body: part(data.meeting, show) };
}
