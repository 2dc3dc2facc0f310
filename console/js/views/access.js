/* SPDX-License-Identifier: ISC */
/* Who may sign in, which programs may act, who is signed in now. */
import { h } from "../dom.js";
import { path, send, whoAmI } from "../api.js";
import { go } from "../route.js";
import { date, instant, when, since } from "../format.js";
import { badge, button, choice, empty, grid, panel, part } from "../parts.js";
import { act, edit, once, remove, NAME } from "./object.js";

const ROLES = [["viewer", "viewer: sees"], ["operator", "operator: drains, ends, retries"], ["admin", "admin: all of it"]];
const RIGHTS = [{ name: "role", label: "Role", type: "select", choices: ROLES, value: "viewer" },
	{ name: "tenants", label: "Bound to tenants", type: "lines", help: "One a line; it sees nothing else. Empty: all, and what belongs to all." }];
const account = (name) => path`accounts/${name}`, token = (name) => path`tokens/${name}`;
const bound = ({ tenants }) => (tenants ? tenants.join(", ") : "all");

/* A list of none is no bond. */
const rights = (body) => (body.tenants?.length === 0 ? { ...body, tenants: null } : body);

async function password(name) {
	const made = await act({ where: `${account(name)}/password`, title: `Make a new password for ${name}?`,
		text: [`The old one ends now, and so does whoever is signed in with it${name === whoAmI().name ? ", but for you here" : ""}.`], verb: "Make it" });

	if (made)
		once(`Password of ${name}`, made.password, "It is not shown again.");
}

async function addAccount() {
	let name = null;

	if (await edit({ title: "Account", fields: [{ ...NAME, pattern: "[a-z0-9][a-z0-9@._\\-]*", rule: "must be lower-case letters, digits, @ . _ or -",
		help: "As the web server says it, where that signs people in." }, ...RIGHTS], where: account,
		put: (given, body) => send("PUT", account(name = given), rights(body), { isNew: true }) }))
		await password(name);
}
const changeAccount = (a) => edit({ title: `Account ${a.name}`,
	fields: [{ name: "name" }, ...RIGHTS, { name: "disabled", label: "May not sign in", type: "checkbox" }], object: a,
	put: (name, body) => send("PATCH", account(name), rights(body), { etag: a.etag }) });

async function addToken() {
	const made = await edit({ title: "Token", fields: [{ ...NAME, help: "Which program has it." }, ...RIGHTS,
		{ name: "expires_at", label: "Good until", type: "date", help: "Empty: until it is removed." }],
		put: (name, body) => send("PUT", token(name), rights({ ...body, expires_at: body.expires_at && instant(body.expires_at, "23:59:59") }),
			{ isNew: true }) });

	if (made)
		once(`Token ${made.name}`, made.token, "It is not shown again. Programs send it as Authorization: Bearer ...");
}

const end = (s) => act({ method: "DELETE", where: path`sessions/${s.id}`, title: `End this session of ${s.account}?`,
	text: [s.own ? "It is your own: you will have to sign in again." : "Whoever it is has to sign in again."], verb: "End",
	done: "The session has ended" });

const state = (a) => badge(a.disabled ? ["lock", "May not sign in", "idle"] : a.locked_until && new Date(a.locked_until) > Date.now() ? ["wait",
	`Locked until ${when(a.locked_until)}`, "warn"] : ["ok", "May sign in", "ok"]);
const table = (name, heads, rows, add) => panel(name, add, rows.length ? grid(name, heads, rows) : empty(`No ${name.toLowerCase()}`,
	"There is none."));

const TABS = {
	accounts: ["Accounts", ({ items }) => table("Accounts", [["Name"], ["Role"], ["Tenants"], ["State"], ["Last sign-in", "opt"], ["", "act"]],
		items.map((a) => [a.name, a.role, bound(a), state(a), a.login_at ? when(a.login_at) : "never",
		[button("Edit", () => changeAccount(a), "small"), button("New password", () => password(a.name), "small"),
			a.name === whoAmI().name ? null : button("Remove",
			() => remove({ name: a.name, where: account(a.name), etag: a.etag, text: "Its sessions end now." }), "small")]]),
	button("Add account", addAccount, "small primary", "plus"))],
	tokens: ["Tokens", ({ items }) => table("Tokens", [["Name"], ["Role"], ["Tenants"], ["Made by", "opt"], ["Good until"], ["Last used", "opt"],
		["", "act"]], items.map((t) => [t.name, t.role, bound(t), `${t.created_by}, ${date(t.created_at)}`,
		t.expires_at ? date(t.expires_at) : "no end",
		t.used_at ? `${since(t.used_at)} ago` : "never", button("Remove",
			() => remove({ name: t.name, where: token(t.name), text: "Programs that have it get 401." }), "small")]),
			button("Add token", addToken, "small primary", "plus"))],
	sessions: ["Open sessions", ({ items }) => table("Open sessions",
		[["Account"], ["Since"], ["Last seen"], ["From", "opt"], ["Browser", "long opt"], ["", "act"]],
		items.map((s) => [[s.account, s.own ? h("span", { class: "sub" }, " this one") : null], when(s.created_at), `${since(s.seen_at)} ago`,
		s.remote_addr, s.agent,
		button("End", () => end(s), "small")]))],
};
const tabOf = ({ query }) => (TABS[query.tab] ? query.tab : "accounts");

export const ask = (at) => ({ [tabOf(at)]: `${tabOf(at)}?limit=500` });
export const draw = (at, data) => [choice("Shown", Object.entries(TABS).map(([key, [title]]) => [key, title]), tabOf(at),
	(tab) => go({ tab: tab === "accounts" ? "" : tab })), h("div", { class: "below", data: { key: tabOf(at) } },
	part(data[tabOf(at)], TABS[tabOf(at)][1]))];
