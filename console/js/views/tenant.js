/* SPDX-License-Identifier: ISC */
/* One tenant: a page with tabs. */
import { h } from "../dom.js";
import { address, can, isBound, path } from "../api.js";
import { open, to } from "../route.js";
import { int } from "../format.js";
import { button, facts, link, panel, part, tile } from "../parts.js";
import { askCurves, curves } from "../curves.js";
import { edit, remove, LIMITS } from "./object.js";
import * as secrets from "./secrets.js";
import * as parameters from "./parameters.js";
import * as branding from "./branding.js";
import * as handout from "./handout.js";
import { months } from "./usage.js";

const STATUS = [["", "as the configuration has it"], ["http", "its own: 401, 404, 503"], ["bbb", "200, as BigBlueButton answers"]];
const PROTECTED = [["off", "no"], ["on", "where the platform asks for it"], ["always", "always"]];
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
		{ name: "aliases", label: "Other host names", type: "lines", help: "One a line; they need DNS and a certificate." },
	]),
];

const change = (t, groups) => edit({ title: `Settings of ${t.slug}`, fields: fields(groups.map((g) => g.name)), object: t,
	where: (slug) => path`tenants/${slug}` });

async function takeAway(t) {
	if (await remove({ name: t.slug, where: path`tenants/${t.slug}`, etag: t.etag,
		text: "Its secrets, parameters and branding go with it. One with meetings or recordings is not removed." }))
		open(to("tenants"), true);
}

const settings = ({ query }, data, t) => [
	panel("Settings", can("configure") ? [button("Edit", () => change(t, data.groups?.value?.items || [{ name: t.group }]), "small"),
		isBound() ? null : button("Remove", () => takeAway(t), "small")] : null, facts([
		["Description", t.description || "–"], ["Group", t.group], ["Meetings at once", limit(t.meeting_limit)],
			["People at once", limit(t.attendee_limit)], ["Recording", t.recording ? "allowed" : "not allowed"],
		["Recordings kept", t.hold_days ? `${int(t.hold_days)} days` : "for ever"], ["Protected", titleOf(PROTECTED, t.protected)],
			["Status of errors", titleOf(STATUS, t.error_status)], ["May ask for tags", t.tags?.length ? t.tags.join(", ") : "none"],
		["Host names", t.aliases?.length ? t.aliases.join(", ") : "no other"]])),
	panel("What was going on", null, curves(t.slug, query, [["attendees", "Attendees", "now"], ["meetings", "Meetings", "second"],
		["videos", "Videos", "third"]], data.history))];

const TABS = {
	settings: ["Settings", settings, ({ id, query }) => ({ history: askCurves(`tenant:${id}`, query),
		groups: isBound() ? null : { path: "groups?limit=500", every: 60 } })],
	secrets: ["Secrets and URLs", secrets.draw, secrets.ask],
	parameters: ["Parameters", parameters.draw, parameters.ask],
	branding: ["Branding", branding.draw, branding.ask],
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
