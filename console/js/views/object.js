/* SPDX-License-Identifier: ISC */
/* An object of the configuration in a dialog: added, changed, removed; and what is shown only once. */
import { h } from "../dom.js";
import { send } from "../api.js";
import { refresh } from "../route.js";
import { toast } from "../parts.js";
import { confirm } from "../confirm.js";

/* Of tenants and secrets alike. */
export const LIMITS = [
	{ name: "meeting_limit", label: "Meetings at once", type: "number", min: 0, step: 1, none: 0, help: "Empty or 0: any number." },
	{ name: "attendee_limit", label: "People at once", type: "number", min: 0, step: 1, none: 0, help: "Empty or 0: any number." },
	{ name: "recording", label: "Meetings may be recorded", type: "checkbox" },
	{ name: "hold_days", label: "Days that recordings are kept", type: "number", min: 0, step: 1, none: 0, help: "Empty or 0: for ever." },
];

/* What is to be sent of a form: what differs from before. none: what an empty field means to the API, null if it says nothing. */
export const fragment = (fields, now, before) => Object.fromEntries(fields.map((f) => [f.name, now[f.name] ?? f.none ?? null])
	.filter(([name, value]) => (before ? JSON.stringify(value) !== JSON.stringify(before[name]) : value !== null)));

/* fields as in form.js; the first one names a new object. object: what is there (none: a new one); more: what is sent besides.
 * where: (name) => its path; put: (name, what is to be sent) => in place of PUT and PATCH. Resolves to what the API answered, or null. */
export async function edit({ title, text, fields: [key, ...rest], values, object, more, where, put = null }) {
	const named = (now) => (object || now)[key.name];
	let name = "";
	const run = (now) => {
		const body = { ...fragment(rest, now, object), ...more };

		name = named(now);
		if (put)
			return put(name, body);
		return object ? send("PATCH", where(name), body, { etag: object.etag }) : send("PUT", where(name), body, { isNew: true });
	};
	const done = await confirm({ title, text, fields: object ? rest : [key, ...rest], values: object || values, verb: object ? "Save" : "Add", run });

	if (done) {
		toast(`${name} is ${object ? "changed" : "added"}`);
		refresh();
	}
	return done;
}

/* Asks for the name, since nothing brings it back. */
export async function remove({ name, path, etag, text }) {
	const done = await confirm({ title: `Remove ${name}?`, text: [text, "This cannot be undone."], verb: "Remove", isDanger: true, type: name, run: () => send("DELETE", path, null, { etag }) });

	if (done) {
		toast(`${name} is removed`);
		refresh();
	}
	return done;
}

/* What nobody shows again. */
export function once(title, ...body) {
	const box = h("dialog", { class: "once", "aria-labelledby": "once-title" }, h("h2", { id: "once-title" }, title), body, h("div", { class: "buttons" },
		h("button", { type: "button", class: "button primary", onclick: () => box.close() }, "Close")));

	box.addEventListener("close", () => box.remove());
	document.body.append(box);
	box.showModal();
}
