/* SPDX-License-Identifier: ISC */
/* One node beside the list: how it is, what runs there, its curves; and the form that adds or changes it. */
import { h, keep, put } from "../dom.js";
import { icon } from "../icons.js";
import { address, can, path, send } from "../api.js";
import { beside, open, refresh, to } from "../route.js";
import { int, dec, age, count, date, pct, whenFull } from "../format.js";
import { alarm, badge, button, facts, grid, link, note, part, shown, toast, HEALTH } from "../parts.js";
import { askCurves, curves } from "../curves.js";
import { form } from "../form.js";
import { call } from "./meetings.js";
import { endAll, remove, reveal, speak, take } from "./node_actions.js";

const CEILING = { type: "number", min: 0, step: 1, help: "With so many it gets no new meeting. Empty or 0: any number." };
const MEETINGS = 50, CLOCK = 60; /* seconds that a clock may be wrong */
const LINES = [["load", "Load", "now"], ["meetings", "Meetings", "second"], ["cpu", "CPU %", "third"]];

export function askNode({ id, sub, query }) {
	if (!id)
		return {};
	if (id === "new" || sub === "edit")
		return { node: id === "new" ? null : { path: path`nodes/${id}`, every: 60 }, clusters: { path: "clusters?limit=500", every: 60 } };
	return { node: path`nodes/${id}`, meetings: address("meetings", { node: id, limit: MEETINGS, sort: "-attendees" }),
		history: askCurves(`node:${id}`, query) };
}

/* What a probe found, in words. */
function probed({ ok, ms, version, certificate_days: days, clock_ahead: ahead, error }) {
	if (!ok)
		return alarm(error || "It does not answer", "Nothing was changed.");
	const words = [`Answers in ${ms} ms`, version && `BigBlueButton ${version}`, days !== null && `certificate for ${count(days, "day")}`,
		Math.abs(ahead) > CLOCK && `its clock is ${age(Math.abs(ahead))} ${ahead > 0 ? "ahead" : "behind"}`];

	return h("p", { class: "fine" }, icon("ok"), words.filter(Boolean).join(", "));
}

async function probe(where, body, place) {
	put(place, note("Asking the node …"));
	try {
		put(place, probed(await send("POST", where, body)));
	} catch (error) {
		put(place, alarm(error.detail));
	}
}

const days = (until) => Math.floor((new Date(until) - Date.now()) / 86400e3);
function certificate(until) {
	if (!until)
		return "–";
	const left = days(until), text = left < 0 ? `ended ${date(until)}` : `${count(left, "day")} left, until ${date(until)}`;

	return left < 14 ? h("span", { class: "late" }, text) : text;
}

function state({ state: now, drain_to: then, live }) {
	const words = { enabled: "enabled", draining: then ? "on its way out, then maintenance" : "on its way out", maintenance: "out" }[now];

	return live.state_at ? `${words}, since ${whenFull(live.state_at)}` : words;
}

/* Drawn anew with each answer, so that they speak of the node as it is; what a probe has found stays until the node is another. */
function buttons(node) {
	const { state: now, live } = node, one = [node];
	const test = () => probe(path`nodes/${node.slug}/probe`, {}, document.getElementById("probed"));

	return [h("div", { class: "buttons left" },
		!can("operate") ? null : now === "enabled" ? button("Drain", () => take(one, "draining"), live.online ? "primary" : "",
			"drain") : button("Enable", () => take(one, "enabled"), "primary"),
		can("operate") ? shown(now !== "maintenance",
			button("Maintenance", () => take(one, "maintenance"), live.online ? "" : "primary")) : null,
		can("configure") ? [button("Test connection", test), link("Edit", beside(node.slug, "edit"))] : null,
		can("operate") ? [shown(live.meetings, button("Message", () => speak(node))),
			shown(live.meetings, button("End its meetings", () => endAll(node)))] : null,
		can("secrets") ? button("API Mate", () => reveal(node)) : null,
		can("configure") ? button("Remove", () => remove(node)) : null),
	keep(`probed ${node.slug} ${now} ${node.etag}`, () => h("div", { id: "probed", "aria-live": "polite" }))];
}

const meetings = (slug, { items, total }) => [h("h3", null, `Meetings here (${int(total)})`),
	items.length ? grid(`Meetings on ${slug}`, [["Meeting"], ["Tenant"], ["People", "num"], ["Runs", "num"]],
	items.map((m) => [h("a", { href: to("meetings", m.id) }, call(m)), m.tenant, int(m.attendees),
		age(m.age)])) : note("Nothing runs here."),
	total > items.length ? h("p", null, h("a", { href: to("meetings", "", "", { node: slug }) }, `All ${int(total)}`)) : null];

const tags = ({ tags: list, reserved }) => (list.length ? `${list.join(", ")} (${reserved ? "only who asks" : "others too"})` : "–");
const most = (n) => (n ? int(n) : "any number");
const ago = ({ poll_age: s }) => (s === null ? "never" : `${age(s)} ago`);

function show({ id, query }, data, node) {
	const { live } = node;

	return { title: node.slug, badge: badge(HEALTH[live.health]), body: [
		live.error ? alarm(live.error, live.failures ? `${count(live.failures, "failed poll")} in a row, the last good one ${ago(live)}` : null) : null,
		facts([["Address", node.url || node.domain], node.join_url ? ["Browsers join at", node.join_url] : null,
			node.load_url ? ["Load from", node.load_url] : null,
			node.sip_host ? ["SIP host", node.sip_host] : null, ["Cluster", node.cluster],
			["State", state(node)],
			["Load", live.load < 0 ? "gets no meetings" : int(live.load)], ["Weight", dec(node.weight)], ["Tags", tags(node)],
			["Takes at most", `meetings: ${most(node.max_meetings)}, people: ${most(node.max_users)}`],
			["Meetings", node.state === "draining" && live.state_meetings ? `${int(live.meetings)} of ${int(live.state_meetings)} left` : int(live.meetings)], ["Attendees", int(live.attendees)], ["CPU", live.online ? pct(live.cpu) : "–"],
			["Last poll", ago(live)], ["BigBlueButton", live.bbb_version || "–"],
				["Certificate", certificate(live.certificate_until)]]),
		buttons(node),
		h("h3", null, "Load and meetings"), curves(id, query, LINES, data.history), part(data.meetings, (list) => meetings(id, list))] };
}

const fields = (clusters, isNew) => [
	isNew ? { name: "slug", label: "Name", required: true, help: "Lower-case letters, digits and hyphens; it stands in lists and logs." } : null,
	{ name: "cluster", label: "Cluster", type: "select", required: true, choices: clusters.map((c) => c.name) },
	{ name: "domain", label: "Domain", placeholder: "bbb001.example.org", help: "Its host name, if the API is at /bigbluebutton/api/ there." },
	{ name: "url", label: "URL", placeholder: "https://bbb001.example.org/bigbluebutton/api/",
		help: "In place of the domain, where the API has another address." },
	{ name: "load_url", label: "URL of its load", help: "Only where the CPU load is not at the usual place." },
	{ name: "join_url", label: "URL for browsers", placeholder: "https://bbb001.example.org/bigbluebutton/api/",
		help: "Only where browsers reach it at another address than we do." },
	{ name: "secret", label: "Secret", type: "password", required: isNew, autocomplete: "new-password",
		help: `bbb-conf --secret on the node says it.${isNew ? "" : " Empty: it stays."}` },
	{ name: "sip_host", label: "SIP host", help: "Where the telephone gateway calls it, if that is not the host that browsers join at." },
	{ name: "weight", label: "Weight", type: "number", min: 0, value: 1, help: "2 counts as a node twice as strong; the load is divided by it." },
	{ name: "max_meetings", label: "Meetings at most", ...CEILING }, { name: "max_users", label: "People at most", ...CEILING },
	{ name: "tags", label: "Tags", type: "lines", rows: 2, help: "One a line, as gpu or eu: meetings ask for them by meta_server-tag." },
	{ name: "reserved", label: "Only for meetings that ask for a tag", type: "checkbox", value: true, help: "Of a node with tags: else others come too." },
].filter(Boolean);

const given = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

function edit(node, clusters) {
	const place = h("div", { "aria-live": "polite" }), isNew = !node, back = isNew ? beside("") : beside(node.slug);
	const submit = async (all, changed) => {
		const { slug, ...rest } = given(all);

		if (isNew)
			await send("PUT", path`nodes/${slug}`, rest, { isNew: true });
		else
			await send("PATCH", path`nodes/${node.slug}`, changed, { etag: node.etag });
		toast(isNew ? `${slug} is added` : `${node.slug} is changed`);
		open(isNew ? beside(slug) : back, true);
		refresh();
	};
	const test = (read) => button("Test connection", () => {
		const { domain, url, secret, cluster } = given(read());

		probe(!isNew && !secret ? path`nodes/${node.slug}/probe` : "nodes/probe", { domain, url, secret, cluster }, place);
	});

	return [form(fields(clusters, isNew), { values: node || { cluster: clusters[0]?.name }, verb: isNew ? "Add node" : "Save",
		leave: () => open(back), submit, extra: [test] }), place];
}

export function drawNode(at, data) {
	const isNew = at.id === "new";

	if (!isNew && at.sub !== "edit")
		return data.node?.value ? show(at, data, data.node.value) : { title: at.id, body: part(data.node, () => null) };
	const body = part(data.clusters, ({ items }) => {
		if (!items.length)
			return note(["A node belongs to a cluster, and there is none yet. ", h("a", { href: to("clusters", "new") }, "Add a cluster")]);
		return isNew ? keep("new node", () => edit(null, items)) : part(data.node, (node) => keep(`edit ${node.slug}`, () => edit(node, items)));
	});

	return { title: isNew ? "Add a node" : `Edit ${at.id}`, body };
}
