/* SPDX-License-Identifier: ISC */
/* Recordings: where is mine, what became of it, and what can be done about it. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { address, can, href, path, send } from "../api.js";
import { beside, refresh } from "../route.js";
import { bytes, count, date, int, length, time, whenFull } from "../format.js";
import { alarm, badge, button, complain, copyable, facts, grid, note, outside, part, shown, toast } from "../parts.js";
import { confirm } from "../confirm.js";
import { list, listPath, tenantSelect, TENANTS } from "../table.js";
import { call, nodeLink } from "./meetings.js";

const STATES = {
	waiting: ["wait", "Waiting", "idle"], late: ["warn", "Late", "warn"], uploaded: ["csv", "Uploaded", "info"],
	rendering: ["recordings", "Rendering", "info"], failed: ["bad", "Failed", "bad"],
	published: ["ok", "Published", "ok"], unpublished: ["hidden", "Unpublished", "idle"], deleting: ["bin", "Deleting", "idle"],
};
const STEPS = { ended: "The meeting ended", arrived: "It arrived from the node", indexed: "It was taken in", rendered: "Its videos were made",
	told: "The client was told" };

/* Several tenants may have a recording of one id. */
const keyOf = (r) => `${r.id}@${r.tenant}`;
const naming = (rows) => (rows.length === 1 ? `“${call(rows[0])}”` : count(rows.length, "recording"));

/* action -> what is asked before, what is said after */
const ACTIONS = {
	publish: { verb: "Publish", done: "published", text: "Who may see them sees them again." },
	unpublish: { verb: "Unpublish", done: "unpublished", text: "They are kept, but nobody sees them until they are published." },
	rerender: { verb: "Re-render", done: "waiting to be rendered",
		text: "Their videos are made anew from what the nodes delivered; the old ones stay until then." },
	delete: { verb: "Delete", done: "deleted", text: "Their videos and sources are removed. This cannot be undone.", isDanger: true },
};

/* All of them or none; resolves to those that it was done to. */
async function act(rows, action) {
	const { verb, done, text, isDanger } = ACTIONS[action], type = isDanger ? (rows.length === 1 ? call(rows[0]) : String(rows.length)) : null;
	const result = await confirm({ title: `${verb} ${naming(rows)}?`, text: [text], verb, isDanger, type,
		run: () => send("POST", "recordings/actions", { action, ids: rows.map((r) => r.id), tenants: rows.map((r) => r.tenant) }) });

	if (!result)
		return [];
	toast(`${count(result.done, "recording")} ${done}`);
	refresh();
	return rows;
}

const state = (r) => [badge(STATES[r.status]), r.error ? h("span", { class: "sub", title: r.error }, r.error) : null];

const spec = (data) => ({
	name: "recordings", one: "recording", many: "recordings", key: keyOf, title: call, sort: "-started_at", find: "Name or any id",
	selects: [tenantSelect(data)], chips: { name: "status", states: STATES },
	columns: [
		{ key: "name", title: "Recording", kind: "name", cell: (r) => [h("a", { href: beside(keyOf(r)) }, call(r)),
			h("span", { class: "sub", title: r.meeting_id }, r.meeting_id)] },
		{ key: "tenant", title: "Tenant", cell: (r) => `${r.tenant}-${r.sub_id}` },
		{ key: "started_at", title: "Started", down: true, cell: (r) => h("time", { datetime: r.started_at, title: whenFull(r.started_at) },
			`${date(r.started_at)} ${time(r.started_at)}`) },
		{ key: "length", title: "Length", kind: "num", down: true, cell: (r) => length(r.length) },
		{ key: "size", title: "Size", kind: "num", down: true, cell: (r) => (r.size ? bytes(r.size) : h("span", { class: "none" }, "–")) },
		{ title: "Status", kind: "clip", cell: state },
		{ title: "Shown as", kind: "opt", cell: (r) => [r.formats.join(", ") || h("span", { class: "none" }, "–"),
			r.protected ? [" ", h("span", { title: "protected" }, icon("lock", "small"), h("span", { class: "sr" }, "protected"))] : null] },
	],
	actions: can("operate") ? Object.entries(ACTIONS).map(([action, { verb }]) => ({ title: verb, run: (rows) => act(rows, action) })) : [],
	none: ["No recording", "A meeting that is created with record=true and recorded appears here when it has ended."],
});

const one = ([id, tenant]) => address(path`recordings/${id}`, { tenant });

export const ask = ({ id, query }) => ({ list: listPath(spec(), query), tenants: TENANTS, recording: id ? one(id.split("@")) : null });
export const draw = (at, data) => list(spec(data), at.query, data.list);

async function protect(r) {
	try {
		await send("PATCH", one([r.id, r.tenant]), { protected: !r.protected });
		toast(r.protected ? "It is no longer protected" : "It is protected");
	} catch (error) {
		complain(error);
	}
	refresh();
}

const buttons = (r) => (can("operate") ? h("div", { class: "buttons left" },
	shown(["published", "unpublished"].includes(r.status), r.status === "published" ? button("Unpublish", () => act([r], "unpublish"))
		: button("Publish", () => act([r], "publish"), "primary")),
	shown(["failed", "published", "unpublished"].includes(r.status), button("Re-render", () => act([r], "rerender"),
		r.status === "failed" ? "primary" : "")),
	button(r.protected ? "Take protection off" : "Protect", () => protect(r)), button("Delete", () => act([r], "delete"))) : null);

/* How far it came, each step with its time or why not. */
function way(steps, isStuck) {
	const next = steps.findIndex((step) => !step.at);

	return h("ol", { class: "way" }, steps.map(({ step, at, note: text }, i) => {
		const level = at ? "ok" : i === next ? (isStuck ? "bad" : "wait") : "none";

		return h("li", { class: level }, icon(level === "none" ? "wait" : level),
			h("div", null, h("b", null, STEPS[step] || step),
			h("span", { class: "sub" }, [at ? whenFull(at) : !text && (i === next ? "not yet" : "later"), text].filter(Boolean).join(": "))));
	}));
}

function show(r) {
	const meta = Object.entries(r.metadata || {});

	return [
		r.error ? alarm(r.error, r.tries > 1 ? `tried ${count(r.tries, "time")}` : null) : null,
		facts([["Tenant", `${r.tenant}-${r.sub_id}`], ["Meeting", copyable(r.meeting_id)], ["Record id", copyable(r.id)], ["Node", nodeLink(r.node)],
			["Started", whenFull(r.started_at)], ["Ended", whenFull(r.ended_at)],
			["Length", length(r.length)], ["Size", bytes(r.size)], ["Protected", r.protected ? "yes" : "no"]]),
		buttons(r), h("h3", null, "Its way"), way(r.way, r.status === "failed" || r.status === "late"),
		h("h3", null, `Videos (${int(r.videos.length)})`), r.videos.length ? [grid("Videos",
			[["Profile"], ["Length", "num"], ["Size", "num"], [h("span", { class: "sr" }, "Link")]],
			r.videos.map((v) => [v.profile, length(v.duration), bytes(v.size), v.url ? outside("Watch", v.url, "text") : "–"])),
			r.videos.some((v) => v.url) ? note("Who has such an address can watch the video.") : null] : note("There is none yet."),
		r.tracks.length ? [h("h3", null, "Text tracks"), grid("Text tracks", [["Language"], ["Kind"], ["Name"]],
			r.tracks.map((t) => [t.lang, t.kind, t.label]))] : null,
		r.analytics && can("operate") ? [h("h3", null, "Learning analytics"), outside("Show", href(path`meetings/${r.id}/analytics`), "text")] : null,
		meta.length ? [h("h3", null, "Metadata"), facts(meta)] : null,
	];
}

export function drawer({ id }, data) {
	const r = data.recording?.value;

	return { title: r ? call(r) : id, badge: r ? badge(STATES[r.status]) : null, body: part(data.recording, show) };
}
