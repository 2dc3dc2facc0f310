/* SPDX-License-Identifier: ISC */
/* A tenant's webhooks: who is told, what waits, which take nothing. */
import { h } from "../dom.js";
import { can, isBound, path } from "../api.js";
import { int, since, when, whenFull } from "../format.js";
import { badge, button } from "../parts.js";
import { list, listPath } from "../table.js";
import { act } from "./object.js";

const where = (slug, hook) => path`tenants/${slug}/hooks/${hook.id}`;

const test = (slug, hook) => act({ where: `${where(slug, hook)}/test`, body: {}, title: "Send a test?",
	text: [`${hook.callback_url} gets an event b3lb-test; whether it took it stands here then.`], verb: "Send a test", done: "The test is on its way" });

const remove = (slug, hook) => act({ method: "DELETE", where: where(slug, hook), title: "Remove this webhook?",
	text: [hook.callback_url, hook.waiting ? `What waits for it is lost: ${int(hook.waiting)}.` : null,
		hook.permanent ? null : "Its platform may make it again."].filter(Boolean),
	verb: "Remove", isDanger: true, done: "The webhook is removed" });

const state = (hook) => (hook.failing_since
	? [badge(["bad", `Failing for ${since(hook.failing_since)}`, "bad"]), hook.error ? h("span", { class: "sub", title: hook.error }, hook.error) : null]
	: badge(["ok", "Takes events", "ok"]));

const spec = (slug) => ({
	name: "hooks", path: path`tenants/${slug}/hooks`, one: "webhook", many: "webhooks", key: (hook) => String(hook.id), sort: "id", find: "URL, meeting or error",
	columns: [
		{ key: "id", title: "Id", cell: (hook) => String(hook.id) },
		{ key: "sub_id", title: "Secret", cell: (hook) => `${slug}-${hook.sub_id}` },
		{ title: "To", kind: "clip", cell: (hook) => [h("span", { title: hook.callback_url }, hook.callback_url),
			h("span", { class: "sub", title: whenFull(hook.created_at) }, hook.permanent ? "permanent" : `its platform's, ${when(hook.created_at)}`)] },
		{ title: "Of", kind: "clip", cell: (hook) => [hook.meeting_id || "all meetings",
			h("span", { class: "sub" }, hook.events?.join(", ") || "all events")] },
		{ key: "failing_since", title: "State", down: true, kind: "clip", cell: state },
		{ key: "waiting", title: "Waiting", down: true, kind: "num", cell: (hook) => int(hook.waiting) },
		{ title: h("span", { class: "sr" }, "Actions"), kind: "act", if: can("operate") || can("configure"), cell: (hook) => [
			can("operate") ? button("Send a test", () => test(slug, hook), "small") : null,
			can("configure") && !(hook.permanent && isBound()) ? button("Remove", () => remove(slug, hook), "small") : null] },
	],
	none: ["No webhook", "Platforms make theirs with hooks/create; b3lb-admin hook add makes permanent ones."],
});

export const ask = ({ id, query }) => ({ hooks: listPath(spec(id), query) });
export const draw = (at, data, t) => list(spec(t.slug), at.query, data.hooks);
