/* SPDX-License-Identifier: ISC */
/* An object of the configuration in a dialog: added, changed, removed; and what is shown only once. */
import { h } from "../dom.js";
import { send } from "../api.js";
import { refresh } from "../route.js";
import { copyable, toast } from "../parts.js";
import { confirm } from "../confirm.js";

const isSame = (a, b) => JSON.stringify(a ?? "") === JSON.stringify(b ?? "");
const NUMBER = { type: "number", min: 0, step: 1 };
/* Of tenants and secrets alike. */
export const LIMITS = [
	{ name: "meeting_limit", label: "Meetings at once", ...NUMBER, help: "Empty or 0: any number." },
		{ name: "attendee_limit", label: "People at once", ...NUMBER, help: "Empty or 0: any number." },
	{ name: "recording", label: "Meetings may be recorded", type: "checkbox" },
		{ name: "hold_days", label: "Days that recordings are kept", ...NUMBER, help: "Empty or 0: for ever." },
];

export const NAME = { name: "name", label: "Name", required: true, pattern: "[A-Za-z0-9][\\w.\\-]*", rule: "must be a letter or digit, then letters, digits, underscores, dots or hyphens" };

/* What is to be sent of a form: what differs from before; null gives the default back. */
export const fragment = (fields, now, before) => Object.fromEntries(fields.map((f) => [f.name,
	now[f.name] ?? null]).filter(([name, value]) => (before ? !isSame(value, before[name]) : value !== null)));

/* Asks as confirm.js does, sends, says done, and shows what there is now. Resolves to the answer (true: none), or null if it was left. */
export async function act({ method = "POST", where, body, etag, done, ...what }) {
	const result = await confirm({ run: () => send(method, where, body, { etag }), ...what });

	if (result && done)
		toast(done);
	if (result)
		refresh();
	return result;
}

/* fields as in form.js; the first one names a new object. object: what is there (none: a new one); more: what is sent besides.
 * where: (name) => its path; put: (name, what is to be sent) => in place of PUT and PATCH. Resolves as act(). */
export const edit = ({ fields: [key, ...rest], values, object, more, where, put, ...what }) => act({ verb: object ? "Save" : "Add", ...what,
	fields: object ? rest : [key, ...rest], values: object || values, run: (now) => {
	const name = (object || now)[key.name], body = { ...fragment(rest, now, object), ...more };

	if (put)
		return put(name, body);
	return object ? send("PATCH", where(name), body, { etag: object.etag }) : send("PUT", where(name), body, { isNew: true });
}, done: object ? "It is changed" : "It is added" });

/* Asks for the name, since nothing brings it back. */
export const remove = ({ name, where, etag, text, ...what }) => act({ method: "DELETE", where, etag, title: `Remove ${name}?`,
	text: [text, "This cannot be undone."], verb: "Remove", isDanger: true, type: name, done: `${name} is removed`, ...what });

/* What nobody shows again: a secret, or more of them. */
export function once(title, secret, text) {
	const box = h("dialog", { class: "once", "aria-labelledby": "once-title" }, h("h2", { id: "once-title" }, title),
		h("p", null, typeof secret === "string" ? copyable(secret) : secret), h("p", null, text),
		h("div", { class: "buttons" }, h("button", { type: "button", class: "button primary", onclick: () => box.close() }, "Close")));

	box.addEventListener("close", () => box.remove());
	document.body.append(box);
	box.showModal();
}
