/* SPDX-License-Identifier: ISC */
/* One tenant: a page with tabs. */
import { h } from "../dom.js";
import { address, can, isBound, path, send } from "../api.js";
import { open, to } from "../route.js";
import { int } from "../format.js";
import { button, facts, link, panel, part, tile } from "../parts.js";
import { askCurves, curves } from "../curves.js";
import { edit, remove, LIMITS } from "./object.js";
import * as secrets from "./secrets.js";
import * as parameters from "./parameters.js";
import * as branding from "./branding.js";
import * as hooks from "./hooks.js";
import * as handout from "./handout.js";
import { months } from "./usage.js";

const STATUS = [["", "as the configuration has it"], ["http", "its own: 401, 404, 503"], ["bbb", "200, as BigBlueButton answers"]];
const PROTECTED = [["off", "no"], ["on", "where the platform asks for it"], ["always", "always"]];
const LIMIT = [["join", "who joins"], ["create", "new meetings"], ["warn", "nothing: they are only told"]];
const titleOf = (choices, value) => choices.find(([v]) => v === (value ?? ""))?.[1];
const limit = (n) => (n ? int(n) : "any number");

/* The tenant's own administrators change less. */
const fields = (groups) => [
	{ name: "slug" }, { name: "description", label: "Description" },
	...(isBound() ? LIMITS.filter((f) => f.name === "recording") : [
		{ name: "group", label: "Group", type: "select", choices: groups },
		...LIMITS,
		{ name: "error_status", label: "Status of errors", type: "select", choices: STATUS, help: "What its platform's client can read." },
		{ name: "protected", label: "Protected recordings", type: "select", choices: PROTECTED,
			help: "Then an address opens once, for one viewing." },
		{ name: "tags", label: "Tags it may ask for", type: "lines", rows: 2,
			help: "Of nodes, one a line; * is all of them, but node- and a node's name must be given. Empty: none." },
		{ name: "modules", label: "Modules of create", help: "What its create may have in the body: presentation,clientSettingsOverride. *: all, none: none." },
		{ name: "show_node", label: "Answers say which node a meeting is on", type: "checkbox" },
		{ name: "limit_mode", label: "A limit of people refuses", type: "select", choices: LIMIT, help: "The limit of meetings refuses new ones, unless limits are only told." },
		{ name: "analytics_days", label: "Days that learning analytics are kept", type: "number", min: 0, max: 3650, step: 1,
			help: "Empty or 0: none. They hold names of people." },
		{ name: "lrs_endpoint", label: "Learning record store (xAPI)", type: "url", help: "https://lrs.example.org/xAPI/; empty: none." },
		{ name: "lrs_token", label: "Its token", type: "password", autocomplete: "new-password", help: "Or user and password; empty: as it is." },
		{ name: "lrs_user", label: "Its user" }, { name: "lrs_password", label: "Its password", type: "password", autocomplete: "new-password" },
		{ name: "lrs_force", label: "Platforms cannot name one of their own", type: "checkbox" },
		{ name: "dial_numbers", label: "Telephone numbers", placeholder: "+49 30 1234, +49 40 5678",
			help: "They lead to its rooms alone, each by its PIN; the first one is shown." },
		{ name: "own_pins", label: "Its platform may choose PINs", type: "checkbox" },
		{ name: "aliases", label: "Other host names", type: "lines", help: "One a line; they need DNS and a certificate." },
	]),
];

const change = (t, groups) => edit({ title: `Settings of ${t.slug}`, fields: fields(groups.map((g) => g.name)), object: t,
	where: (slug) => path`tenants/${slug}` });

async function takeAway(t) {
	if (await remove({ name: t.slug, etag: t.etag,
		fields: [{ name: "recordings", label: `Delete its recordings too (${int(t.live.recordings)})`, type: "checkbox" }],
		run: ({ recordings }) => send("DELETE", path`tenants/${t.slug}`, undefined, { etag: t.etag, query: { recordings: recordings ? 1 : "" } }),
		text: "Its secrets, parameters and branding go with it. One with meetings is not removed, nor one with recordings that stay." }))
		open(to("tenants"), true);
}

const settings = ({ query }, data, t) => [
	panel("Settings", can("configure") ? [button("Edit", () => change(t, data.groups?.value?.items || [{ name: t.group }]), "small"),
		isBound() ? null : button("Remove", () => takeAway(t), "small")] : null, facts([
		["Description", t.description || "–"], ["Group", t.group], ["Meetings at once", limit(t.meeting_limit)],
			["People at once", limit(t.attendee_limit)], ["Recording", t.recording ? "allowed" : "not allowed"],
		["Recordings kept", t.hold_days ? `${int(t.hold_days)} days` : "for ever"], ["Protected", titleOf(PROTECTED, t.protected)],
			["Status of errors", titleOf(STATUS, t.error_status)], ["May ask for tags", t.tags?.length ? t.tags.join(", ") : "none"],
		["Modules of create", t.modules === "*" ? "all" : t.modules], ["Node in answers", t.show_node ? "yes" : "no"],
		["A limit of people refuses", titleOf(LIMIT, t.limit_mode)],
		["Learning analytics kept", t.analytics_days ? `${int(t.analytics_days)} days` : "no"], ["Learning record store", t.lrs_endpoint || "no"],
		["Telephone numbers", t.dial_numbers || "none"],
		["Host names", t.aliases?.length ? t.aliases.join(", ") : "no other"]])),
	panel("What was going on", null, curves(t.slug, query, [["attendees", "Attendees", "now"], ["meetings", "Meetings", "second"],
		["videos", "Videos", "third"]], data.history))];

const TABS = {
	settings: ["Settings", settings, ({ id, query }) => ({ history: askCurves(`tenant:${id}`, query),
		groups: isBound() ? null : { path: "groups?limit=500", every: 60 } })],
	secrets: ["Secrets and URLs", secrets.draw, secrets.ask],
	parameters: ["Parameters", parameters.draw, parameters.ask],
	branding: ["Branding", branding.draw, branding.ask],
	hooks: ["Webhooks", hooks.draw, hooks.ask],
	usage: ["Usage", (at, data, t) => panel("Thirteen months", link("All of this month", to("usage")), part(data.months, months)),
		({ id }) => ({ months: { path: address("usage/months", { tenant: id }), every: 60 } })],
	handout: [null, handout.draw, handout.ask],
};
const tabOf = ({ sub }) => (TABS[sub] ? sub : "settings");

export const askTenant = (at) => ({ tenant: path`tenants/${at.id}`, ...TABS[tabOf(at)][2](at) });

const head = (t) => [h("p", { class: "crumb" }, h("a", { href: to("tenants") }, "Tenants")),
	h("h2", { class: "subject" }, t.slug, h("small", null, t.description)),
	h("div", { class: "tiles" }, tile("Meetings", int(t.live.meetings), t.meeting_limit ? `of ${int(t.meeting_limit)}` : "no limit",
		to("meetings", "", "", { tenant: t.slug })),
		tile("Attendees", int(t.live.attendees), t.attendee_limit ? `of ${int(t.attendee_limit)}` : "no limit",
			to("meetings", "", "", { tenant: t.slug, sort: "-attendees" })),
		tile("Refused, 24 hours", int(t.live.refused_day), "why each was", to("requests", "", "", { tenant: t.slug })),
			tile("Recordings", int(t.live.recordings), "kept here", to("recordings", "", "", { tenant: t.slug })))];

export const drawTenant = (at, data) => part(data.tenant, (t) => [tabOf(at) === "handout" ? null : head(t),
	h("nav", { class: "tabs", "aria-label": `Parts of ${t.slug}` }, Object.entries(TABS).filter(([, [title]]) => title).map(([key, [title]]) =>
		h("a", { href: to("tenants", t.slug, key), "aria-current": key === tabOf(at) ? "page" : null }, title))),
	h("div", { data: { key: tabOf(at) } }, TABS[tabOf(at)][1](at, data, t))]);
