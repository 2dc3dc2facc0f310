/* SPDX-License-Identifier: ISC */
/* What platforms are told: who does not listen, why, and to tell it again. */
import { h, keep } from "../dom.js";
import { can, each, path, send } from "../api.js";
import { beside, go, refresh, to } from "../route.js";
import { count, since, when, whenFull } from "../format.js";
import { alarm, badge, button, complain, facts, grid, panel, report, toast } from "../parts.js";
import { confirm } from "../confirm.js";
import { list, listPath, missing, onPage, tenantSelect, TENANTS } from "../table.js";

const STATES = { waiting: ["wait", "Waiting", "idle"], failed: ["bad", "Given up", "bad"], delivered: ["ok", "Delivered", "ok"] };

async function retry(c) {
	try {
		await send("POST", path`callbacks/${c.id}/retry`);
		toast("It is tried again now");
	} catch (error) {
		complain(error);
	}
	refresh();
}

async function retryAll({ host, failed }) {
	const done = await confirm({ title: `Try those of ${host} again?`,
		text: [`${count(failed, "callback")} that ${failed === 1 ? "was" : "were"} given up ${failed === 1 ? "is" : "are"} sent once more, now.`],
		verb: "Retry all",
		run: () => send("POST", "callbacks/retry", { host }) });

	if (!done)
		return;
	toast(`${count(done.retried, "callback")} waiting again`);
	refresh();
}

const titleOf = (c) => `${c.kind} to ${c.host}`;

async function retryMany(rows) {
	const { done, wrong } = await each(rows, titleOf, (c) => send("POST", path`callbacks/${c.id}/retry`));

	report(`${count(done.length, "callback")} waiting again`, wrong);
	refresh();
	return done;
}

const outcome = (c) => (c.state === "delivered" ? when(c.finished_at) : [c.error ? h("span", { title: c.error }, c.error) : null,
	c.next_at ? h("span", { class: "sub" }, `next try ${when(c.next_at)}`) : null]);

const spec = (data) => ({
	name: "callbacks", one: "callback", many: "callbacks", key: (c) => String(c.id), title: titleOf, sort: "-created_at",
		find: "Host, path, error",
	selects: [tenantSelect(data), { name: "kind", all: "All kinds" }], chips: { name: "state", states: STATES }, filters: ["host"],
	columns: [
		{ key: "created_at", title: "Created", down: true, cell: (c) => h("a", { href: beside(c.id), title: whenFull(c.created_at) },
			when(c.created_at)) },
		{ title: "Tenant", cell: (c) => `${c.tenant}-${c.sub_id}` },
		{ title: "Kind", cell: (c) => c.kind },
		{ title: "To", kind: "clip", cell: (c) => [h("span", { title: c.host }, c.host), h("span", { class: "sub", title: c.path }, c.path)] },
		{ title: "State", cell: (c) => badge(STATES[c.state]) },
		{ title: "Attempts", kind: "num", cell: (c) => c.attempts },
		{ title: "Delivered, or why not", kind: "clip", cell: outcome },
		{ title: h("span", { class: "sr" }, "Actions"), kind: "act", if: can("operate"),
			cell: (c) => (c.state === "failed" ? button("Retry", () => retry(c), "small") : null) },
	],
	actions: can("operate") ? [{ title: "Retry", run: retryMany }] : [],
	none: ["No callback", "Nothing was to be told in the last days."],
});

const FIRST = 5;
const COLUMNS = [["Host"], ["Given up", "num"], ["Error"], ["Since"], [null, "num"]];
const host = (one) => [h("a", { href: to("callbacks", "", "", { host: one.host, state: "failed" }) }, one.host), one.failed, one.error || "–",
	one.since ? `${since(one.since)} ago` : "–",
	can("operate") ? button("Retry all", () => retryAll(one), "small") : null];

function hosts({ hosts: all }) {
	const bad = (all || []).filter((one) => one.failed), more = bad.slice(FIRST);

	return bad.length ? panel("Hosts that do not listen", null, grid("Hosts that do not listen", COLUMNS, bad.slice(0, FIRST).map(host)),
		more.length ? h("details", { class: "figures" }, h("summary", null, `${count(more.length, "more host")}`),
			grid("More hosts that do not listen", COLUMNS, more.map(host))) : null) : null;
}

/* A host came into the address by the table above; this takes it out. */
const oneHost = (host) => (host ? h("p", { class: "chosenbar" }, h("b", null, host),
	button("Show all hosts", () => go({ host: "" }), "small")) : null);

export const ask = ({ query }) => ({ list: listPath(spec(), query), tenants: TENANTS });
export const draw = (at, data) => list(spec(data), at.query, data.list, (page) => [hosts(page), oneHost(at.query.host)]);

const show = (c) => [
	c.error && c.state !== "delivered" ? alarm(c.error, c.next_at ? `next try ${whenFull(c.next_at)}` : null) : null,
	facts([["Tenant", `${c.tenant}-${c.sub_id}`], ["Kind", c.kind], ["Host", c.host], ["Path", c.path], ["Created", whenFull(c.created_at)],
		["Attempts", c.attempts], c.finished_at ? ["Finished", whenFull(c.finished_at)] : null]),
	can("operate") && c.state === "failed" ? keep(`retry ${c.id}`,
		() => h("div", { class: "buttons left" }, button("Retry", () => retry(c), "primary"))) : null,
];

export function drawer({ id }, data) {
	const c = onPage(data.list, (one) => String(one.id) === id);

	return { title: c ? c.host : `Callback ${id}`, badge: c ? badge(STATES[c.state]) : null, body: c ? show(c) : missing(data.list) };
}
