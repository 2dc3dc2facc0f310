/* SPDX-License-Identifier: ISC */
/* A tenant's secrets: their limits, their URLs, a new one in place of an old one. */
import { h } from "../dom.js";
import { address, can, isBound, path, send } from "../api.js";
import { open, to } from "../route.js";
import { int, count } from "../format.js";
import { badge, button, copyable, grid, note } from "../parts.js";
import { confirm } from "../confirm.js";
import { list } from "../table.js";
import { act, edit, once, remove, LIMITS } from "./object.js";
import { reveal } from "./handout.js";

const LIMIT = 50, MOST = 20;
const call = (slug, { sub_id }) => `${slug}-${sub_id}`;
const where = (slug, s) => path`tenants/${slug}/secrets/${s.sub_id}`;

async function show(slug, s) {
	if (await confirm({ title: `Show the secret of ${call(slug, s)}?`,
		text: ["Who has it acts as this tenant's platform. That you looked is written in the audit."], verb: "Show",
		run: () => reveal(slug, s.sub_id) }))
		open(to("tenants", slug, "handout"));
}

async function roll(slug, s) {
	const made = await act({ where: `${where(slug, s)}/roll`, body: {}, etag: s.etag, title: `Make a new secret for ${call(slug, s)}?`,
		text: ["The old one is good too until you finish. So the platform can be changed without anybody noticing."], verb: "Make it" });

	if (made)
		once(`New secret of ${call(slug, s)}`, made.secret, "Enter it at the platform, see that a meeting works, then finish: the old one ends.");
}

const finish = (slug, s) => act({ where: `${where(slug, s)}/roll/finish`, body: {}, etag: s.etag, title: `End the old secret of ${call(slug, s)}?`,
	text: ["Whoever still uses it gets an error with each call. This cannot be undone."], verb: "End it", isDanger: true,
	type: call(slug, s), done: `${call(slug, s)} has one secret again` });

const fields = (profiles) => [{ name: "sub_id" }, { name: "description", label: "Description" },
	...(isBound() ? LIMITS.filter((f) => f.name === "recording") : [...LIMITS,
	{ name: "profiles", label: "Video profiles", type: "checks", choices: profiles, help: "None: those that are preset." }])];

async function add(slug) {
	const made = await act({ title: `Add secrets to ${slug}`,
		text: [`One for each platform or department: those of a sub id see their own meetings only, ${slug}-0 sees all.`], verb: "Add",
		fields: [{ name: "from", label: "From sub id", type: "number", min: 0, max: 999, step: 1, required: true },
			{ name: "to", label: "To", type: "number", min: 0, max: 999, step: 1, help: `Empty: this one. At most ${MOST} at once.` }],
		run: ({ from, to: last }) => send("POST", path`tenants/${slug}/secrets`, { from, to: last ?? from }) });

	if (made)
		once(`${count(made.items.length, "new secret")} of ${slug}`,
			grid("New secrets", [["Name"], ["Secret"]], made.items.map((s) => [call(slug, s), copyable(s.secret)])), "Show has their URLs.");
}

export const ask = ({ id, query }) => ({ secrets: address(path`tenants/${id}/secrets`, { limit: query.limit || LIMIT, offset: query.offset }),
	profiles: isBound() ? null : { path: "profiles?limit=500", every: 60 } });

export function draw(at, data, t) {
	const { slug } = t, profiles = (data.profiles?.value?.items || []).map((p) => p.name);
	const spec = {
		name: "secrets", path: path`tenants/${slug}/secrets`, one: "secret", many: "secrets", key: (s) => `${s.sub_id}`, sort: "", noCsv: true,
			stamp: (s) => JSON.stringify([s, profiles]),
		columns: [
			{ title: "Name", kind: "name", cell: (s) => [h("b", null, call(slug, s)),
				h("span", { class: "sub" }, s.description || (s.sub_id ? "" : "sees the meetings of all"))] },
			{ title: "Meetings", kind: "num", cell: (s) => [int(s.live.meetings),
				s.meeting_limit ? h("span", { class: "sub" }, `of ${int(s.meeting_limit)}`) : null] },
			{ title: "Attendees", kind: "num", cell: (s) => [int(s.live.attendees),
				s.attendee_limit ? h("span", { class: "sub" }, `of ${int(s.attendee_limit)}`) : null] },
			{ title: "Recording", kind: "opt", cell: (s) => (s.recording ? s.profiles?.join(", ") || "yes" : h("span", { class: "none" }, "no")) },
			{ title: "State", cell: (s) => badge(s.rolling ? ["wait", "Two are good", "warn"] : ["ok", "One is good", "ok"]) },
			{ title: h("span", { class: "sr" }, "Actions"), kind: "act", if: can("secrets") || can("configure"), cell: (s) => [
				can("secrets") ? [button("Show", () => show(slug, s), "small"),
					s.rolling ? button("Finish", () => finish(slug, s), "small") : button("Roll", () => roll(slug, s), "small")] : null,
				can("configure") ? button("Edit", () => edit({ title: `Settings of ${call(slug, s)}`, fields: fields(profiles), object: s,
					where: () => where(slug, s) }), "small") : null,
				can("configure") && !isBound() ? button("Remove",
					() => remove({ name: call(slug, s), where: where(slug, s), etag: s.etag,
					text: "Platforms that use it get errors. One with meetings or recordings is not removed." }), "small") : null] },
		],
		tools: can("configure") && can("secrets") && !isBound() ? button("Add secrets", () => add(slug), "primary", "plus") : null,
		none: ["No secret yet", "Without one nobody can use this tenant."],
	};

	return [list(spec, at.query, data.secrets), can("secrets") ? note("Show has the URLs, the secret, statistics and the way into API Mate.") : null];
}
