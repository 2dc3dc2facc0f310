/* SPDX-License-Identifier: ISC */
/* Clusters with the factors of their load, and the groups that say which tenants may use which. */
import { h, keep, put } from "../dom.js";
import { address, can, path, send } from "../api.js";
import { beside, open, redraw, refresh, to } from "../route.js";
import { count, dec, int } from "../format.js";
import { badge, button, empty, grid, link, note, panel, part, toast, HEALTH } from "../parts.js";
import { form } from "../form.js";
import { act, edit, fragment, remove, NAME } from "./object.js";

const where = (name) => path`clusters/${name}`, ofGroup = (name) => path`groups/${name}`;
const fields = [
	NAME,
	{ name: "load_a", label: "What an attendee weighs", type: "number", min: 0, value: 1 },
	{ name: "load_m", label: "What a meeting weighs besides", type: "number", min: 0, value: 0 },
	{ name: "cpu_max", label: "What a processor under full load weighs", type: "number", min: 0, value: 5000 },
	{ name: "cpu_iterations", label: "How sharply that rises towards full load", type: "number", min: 0, max: 32, step: 1, value: 6,
		help: "0: the processor does not count." },
	{ name: "sha", label: "Checksum of calls to its nodes", type: "select", choices: ["sha1", "sha256", "sha384", "sha512"], value: "sha256" },
];

/* load = (load_a * attendees + load_m * meetings + cpu) / weight; cpu = cpu_max / n * (c + c^2 + ... + c^n), c from 0 to 1. */
function load(c, { weight, live }) {
	let cpu = 0;

	for (let i = 1; i <= c.cpu_iterations; i++)
		cpu += (live.cpu / 100) ** i * c.cpu_max / c.cpu_iterations;
	return (c.load_a * live.attendees + c.load_m * live.meetings + cpu) / (weight || 1);
}

/* Three of its nodes, from the busiest to the least so: what they weigh now, and would. */
function sample(before, after, nodes) {
	const some = [...new Set([nodes[0], nodes[Math.floor(nodes.length / 2)], nodes.at(-1)])].filter(Boolean);

	return some.length ? grid("What a change would do", [["Node"], ["People", "num"], ["Meetings", "num"], ["CPU", "num"], ["Load", "num"],
		["Then", "num"]], some.map((node) => [node.slug, int(node.live.attendees), int(node.live.meetings), `${int(node.live.cpu)} %`,
		int(load(before, node)), h("b", null, int(load(after, node)))])) : note("It has no node that gets meetings.");
}

function editor(cluster, nodes) {
	const place = h("div", { "aria-live": "polite" }), back = () => open(beside(""));
	let read = null;
	const submit = async ({ name, ...now }) => {
		const list = fields.slice(1);

		await (cluster ? send("PATCH", where(cluster.name), fragment(list, now, cluster), { etag: cluster.etag }) : send("PUT", where(name),
			fragment(list, now), { isNew: true }));
		toast(`${cluster?.name || name} is ${cluster ? "changed" : "added"}`);
		open(beside(""), true);
		refresh();
	};
	const show = () => put(place, h("h3", null, "What a change would do"), sample(cluster, read(), nodes));
	const box = form(cluster ? fields.slice(1) : fields, { values: cluster || {}, verb: cluster ? "Save" : "Add cluster", leave: back, submit,
		extra: [(reader) => {
		read = reader;
		return null;
	}] });

	if (cluster) {
		box.addEventListener("input", show);
		show();
	}
	return [box, place];
}

const byHealth = ({ nodes }) => (Object.keys(nodes).length ? h("span", { class: "badges" },
	Object.keys(HEALTH).filter((key) => nodes[key]).map((key) => badge([HEALTH[key][0], `${int(nodes[key])} ${HEALTH[key][1].toLowerCase()}`,
	HEALTH[key][2]]))) : "none");

const clusters = ({ items }) => (items.length ? grid("Clusters",
	[["Cluster"], ["Nodes"], ["Mean load", "num"], ["Attendee", "num"], ["Meeting", "num"], ["Processor", "num opt"], ["Signed with", "opt"],
	["", "act"]], items.map((c) => [
	h("a", { href: to("nodes", "", "", { cluster: c.name }) }, c.name), byHealth(c.live), int(c.live.load), dec(c.load_a), dec(c.load_m),
		c.cpu_iterations ? `${dec(c.cpu_max)} / ${c.cpu_iterations}` : "not counted", c.sha,
	can("configure") ? [link("Edit", beside(c.name), "small"),
		button("Remove", () => remove({ name: c.name, where: where(c.name), etag: c.etag, text: "One with nodes is not removed." }),
		"small")] : null]))
	: empty("No cluster yet", "Nodes that are alike form a cluster.",
		can("configure") ? link("Add the first one", beside("new"), "primary", "plus") : null));

async function turn(group, cluster, isIn) {
	const left = group.clusters.filter((name) => name !== cluster);

	await act({ method: "PATCH", where: ofGroup(group.name), body: { clusters: isIn ? [...group.clusters, cluster] : left }, etag: group.etag,
		title: isIn ? `${group.name} uses ${cluster} too?` : `${group.name} no longer uses ${cluster}?`, verb: isIn ? "Add it" : "Take it out",
		text: [`${count(group.tenants.length, "tenant uses", "tenants use")} this group. ${isIn ? "New meetings may go there." : left.length ? "Running meetings go on; new ones go to the others." : "It is the last one: no new meeting of theirs finds a node."}`],
		done: `${group.name}: ${isIn ? "with" : "without"} ${cluster}` });
	redraw();
}

const tick = (group, name) => h("input", { type: "checkbox", checked: group.clusters.includes(name), disabled: !can("configure"),
	"aria-label": `${group.name} uses ${name}`, onchange: (e) => turn(group, name, e.target.checked) });
const users = ({ tenants }) => (tenants.length > 5 ? [tenants.slice(0, 4).join(", "),
	` and ${tenants.length - 4} more`] : tenants.join(", ") || h("span", { class: "none" }, "nobody"));
const groups = (all, names) => (all.length ? grid("Which group uses which cluster",
	[["Group"], ...names.map((name) => [name, "mid"]), ["Used by"], ["", "act"]],
	all.map((g) => [g.name, ...names.map((name) => tick(g, name)), users(g),
	can("configure") ? button("Remove", () => remove({ name: g.name, where: ofGroup(g.name), etag: g.etag,
		text: "One that a tenant uses is not removed." }), "small") : null]))
	: empty("No group yet", "A tenant may use the clusters of its group."));

const addGroup = (names) => edit({ title: "Add a group", fields: [NAME, { name: "clusters", label: "Clusters", type: "checks", choices: names }],
	where: ofGroup });

export const ask = ({ id }) => ({ clusters: "clusters?limit=500", groups: "groups?limit=500",
	nodes: id && id !== "new" ? address("nodes", { cluster: id, sort: "-load", limit: 500 }) : null });
export const draw = (at, data) => part(data.clusters, (found) => {
	const names = found.items.map((c) => c.name);

	return [panel("Clusters", can("configure") ? link("Add cluster", beside("new"), "small", "plus") : null, clusters(found)),
		panel("Groups", can("configure") ? button("Add group", () => addGroup(names), "small", "plus") : null,
			part(data.groups, ({ items }) => groups(items, names)))];
});

export function drawer({ id }, data) {
	if (id === "new")
		return { title: "Add a cluster", body: keep("new cluster", () => editor(null, [])) };
	return { title: `Cluster ${id}`, body: part(data.clusters, ({ items }) => part(data.nodes, (nodes) => {
		const cluster = items.find((c) => c.name === id);

		return cluster ? keep(`cluster ${id}`, () => editor(cluster,
			nodes.items.filter((node) => node.live.load >= 0))) : note("There is no such cluster.");
	})) };
}
