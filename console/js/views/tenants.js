/* SPDX-License-Identifier: ISC */
/* All tenants, and a new one; one of them has a page of its own (tenant.js). */
import { h, keep } from "../dom.js";
import { can, isBound, path, send } from "../api.js";
import { open, refresh, to } from "../route.js";
import { int } from "../format.js";
import { link, note, panel, part, share, toast } from "../parts.js";
import { list, listPath } from "../table.js";
import { form } from "../form.js";
import { fragment, LIMITS } from "./object.js";
import { askTenant, drawTenant } from "./tenant.js";
import { reveal } from "./handout.js";

const mayAdd = () => can("configure") && !isBound();

const spec = () => ({
	name: "tenants", one: "tenant", many: "tenants", key: (t) => t.slug, sort: "slug", find: "Name, description",
		selects: [{ name: "group", all: "All groups" }],
	columns: [
		{ key: "slug", title: "Tenant", kind: "name", cell: (t) => [h("a", { href: to("tenants", t.slug) }, t.slug),
			h("span", { class: "sub" }, t.description)] },
		{ title: "Group", kind: "opt", cell: (t) => t.group },
		{ title: "Secrets", kind: "num opt", cell: (t) => int(t.live.secrets) },
		{ key: "meetings", title: "Meetings", down: true, cell: (t) => share(t.live.meetings, t.meeting_limit) },
		{ key: "attendees", title: "Attendees", down: true, cell: (t) => share(t.live.attendees, t.attendee_limit) },
		{ title: "Recording", kind: "opt", cell: (t) => `${t.recording ? "yes" : "no"}, ${int(t.live.recordings)} kept` },
		{ key: "refused_day", title: "Refused, 24 h", kind: "num", down: true,
			cell: (t) => (t.live.refused_day ? h("a", { href: to("requests", "", "", { tenant: t.slug }) }, int(t.live.refused_day)) : "0") },
	],
	tools: mayAdd() ? link("New tenant", to("tenants", "new"), "primary", "plus") : null,
	none: ["No tenant yet", "Each school, faculty or customer is a tenant with a URL and a secret of its own.",
		mayAdd() ? link("Make the first one", to("tenants", "new"), "primary", "plus") : null],
});

/* What the client of each platform can read of an error. */
const PLATFORMS = { Moodle: null, Greenlight: null, Nextcloud: "bbb", WordPress: null, "Stud.IP": "http", ILIAS: "bbb", Opencast: "bbb",
	"Another one": "bbb" };

const fields = (groups) => [
	{ name: "slug", label: "Name", required: true, pattern: "[A-Za-z][A-Za-z0-9]+", rule: "must be a letter, then letters or digits", help: "Letters and digits; part of its address, as in acme.bbb.example.org." },
	{ name: "description", label: "Description", help: "For people: who it is." },
	{ name: "group", label: "Group", type: "select", required: true, choices: groups, help: "Which clusters its meetings may go to." },
	{ name: "platform", label: "Platform", type: "select", choices: Object.keys(PLATFORMS), help: "Errors are answered so that it can read them." },
	...LIMITS,
];

async function add({ platform, slug, ...values }) {
	const name = slug.toUpperCase(), body = { ...fragment(fields([]).filter((f) => f.name in values), values), error_status: PLATFORMS[platform] };

	await send("PUT", path`tenants/${slug}`, body, { isNew: true });
	try {
		await send("POST", path`tenants/${name}/secrets`, { from: 0, to: 0 });
		await reveal(name, 0);
	} catch (error) {
		toast(`The tenant is made, its secret is not: ${error.detail}`, "bad");
		open(to("tenants", name, "secrets"), true);
		return;
	}
	open(to("tenants", name, "handout"), true);
	refresh();
}

const newTenant = ({ items }) => (items.length
	? keep("new tenant", () => panel("New tenant", null, h("div", { class: "narrowform" },
		form(fields(items.map((g) => g.name)), { values: { recording: true }, verb: "Make tenant and secret", leave: () => open(to("tenants")),
		submit: add }))))
	: note(["A tenant uses a group of clusters, and there is none yet. ", h("a", { href: "#/clusters" }, "Add one")]));

export const isPage = true;

export function ask(at) {
	if (at.id === "new")
		return { groups: { path: "groups?limit=500", every: 60 } };
	return at.id ? askTenant(at) : { list: listPath(spec(), at.query) };
}

export function draw(at, data) {
	if (at.id === "new")
		return h("div", { data: { key: "new" } }, mayAdd() ? part(data.groups,
			newTenant) : note("Only an administrator of all tenants makes new ones."));
	return at.id ? h("div", { data: { key: at.id } }, drawTenant(at, data)) : list(spec(), at.query, data.list);
}
