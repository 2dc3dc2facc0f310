/* SPDX-License-Identifier: ISC */
/* Asks before something is done, and says in numbers what it touches. What cannot be undone wants the name typed. */
import { h } from "./dom.js";
import { form } from "./form.js";

/* { title, text: [sentences], verb, isDanger, type: what must be typed, fields: as in form.js, values, run: async (values) => ... }.
 * An error of run() stands in the dialog, which stays open. Resolves to what run() gave (true if nothing), or null if it was left. */
export function confirm({ title, text = [], verb, isDanger = false, type = null, fields = [], values = {}, run = () => true }) {
	return new Promise((done) => {
		let result = null;
		const all = type === null ? fields : [...fields, { name: "typed", label: `Type ${type} to go on`, required: true, mustBe: type,
			autocomplete: "off" }];
		const box = h("dialog", { "aria-labelledby": "confirm-title" }, h("h2", { id: "confirm-title" }, title),
			text.map((sentence) => h("p", null, sentence)),
			form(all, { values, verb, isDanger, leave: () => box.close(), submit: async (given) => {
				result = (await run(given)) ?? true;
				box.close();
			} }));

		box.addEventListener("close", () => {
			done(result);
			box.remove();
		});
		document.body.append(box);
		box.showModal();
		if (!all.length)
			box.querySelector(isDanger ? ".button.leave" : ".button.go").focus();
	});
}
