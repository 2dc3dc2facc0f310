/* SPDX-License-Identifier: ISC */
/* Forms made of descriptions of their fields; what the API finds wrong stands beside the field that it names. */
import { h, put } from "./dom.js";
import { icon } from "./icons.js";
import { failed } from "./parts.js";

let forms = 0;

const checkbox = (field, attrs, value) => h("input", { ...attrs, type: "checkbox", checked: !!value });
const choices = (field) => (field.choices || []).map((choice) => (Array.isArray(choice) ? choice : [choice, choice]));
const input = (type, more = {}) => (field, attrs, value) => h("input", {
	...attrs, type, ...more, value, min: field.min, max: field.max, step: field.step || (type === "number" ? "any" : null),
		placeholder: field.placeholder,
	autocomplete: field.autocomplete || "off", required: field.required, pattern: field.pattern,
});
/* As it looks on a page: whoever types a name sees neither outer blanks nor how many stand between words. */
const seen = (text) => (text || "").normalize().replace(/\s+/g, " ").trim();
const typed = (text) => (text.trim() === "" ? null : text.trim());

/* type -> how it is made, how its value is read. An empty text or number is null. */
const TYPES = {
	text: [input("text"), (el) => typed(el.value)],
	url: [input("url"), (el) => typed(el.value)],
	date: [input("date"), (el) => typed(el.value)],
	color: [input("color"), (el) => el.value],
	password: [input("password"), (el) => el.value || null],
	number: [input("number", { inputmode: "decimal" }), (el) => (el.value === "" ? null : Number(el.value))],
	checkbox: [checkbox, (el) => el.checked],
	area: [(field, attrs, value) => h("textarea", { ...attrs, rows: field.rows || 3, placeholder: field.placeholder }, value),
		(el) => typed(el.value)],
	select: [(field, attrs, value) => h("select", attrs, choices(field).map(([v, title]) => h("option",
		{ value: v, selected: String(v) === String(value ?? "") }, title))), (el) => el.value || null],
	file: [(field, attrs) => h("input", { ...attrs, type: "file", accept: field.accept }), (el) => el.files[0] || null],
	/* several of a few: an array of their values */
	checks: [(field, attrs, value) => h("div", { ...attrs, class: "checks", role: "group" }, choices(field).map(([v, title]) => h("label", null,
		h("input", { type: "checkbox", value: v, checked: (value || []).includes(v) }), title))),
			(el) => [...el.querySelectorAll(":checked")].map((box) => box.value)],
	/* one a line: an array */
	lines: [(field, attrs, value) => h("textarea", { ...attrs, rows: field.rows || 3 }, (value || []).join("\n")),
		(el) => el.value.split("\n").map((line) => line.trim()).filter(Boolean)],
};

class Field {
	constructor(field, id, value) {
		const [make, read] = TYPES[field.type || "text"];

		this.field = field;
		this.read = () => read(this.el);
		this.help = h("span", { class: "help", id: `${id}-help` }, field.help);
		this.wrong = h("span", { class: "wrong", id: `${id}-wrong` });
		this.el = make(field, { id, name: field.name, "aria-describedby": `${id}-help ${id}-wrong`, disabled: field.disabled }, value ?? field.value);
		this.label = h(field.type === "checks" ? "span" : "label", { for: field.type === "checks" ? null : id, id: `${id}-label` }, field.label,
			field.required ? h("span", { class: "must", "aria-hidden": "true" }, " *") : null);
		if (field.type === "checks")
			this.el.setAttribute("aria-labelledby", `${id}-label`);
		this.row = h("div", { class: `row as-${field.type || "text"}` }, this.label, this.el, this.help, this.wrong);
	}

	complain(text) {
		put(this.wrong, text ? [icon("warn"), text] : []);
		this.el.toggleAttribute("aria-invalid", false);
		if (text)
			this.el.setAttribute("aria-invalid", "true");
		return !text;
	}

	/* What can be seen without asking anybody. */
	check() {
		const value = this.read();

		if (this.field.required && (value === null || value === ""))
			return this.complain("must be given");
		if (this.field.mustBe !== undefined && seen(value) !== seen(this.field.mustBe))
			return this.complain(`must be ${this.field.mustBe}`);
		if (this.el.validity && !this.el.validity.valid && !this.el.validity.valueMissing)
			return this.complain(this.el.validity.patternMismatch ? this.field.rule : this.el.validationMessage);
		return this.complain("");
	}
}

/* Problems that name a field go to it (pointer "/weight", or "/aliases/0"), the rest above the form. */
function showProblem(problem, fields, top) {
	const left = problem.errors?.filter(({ pointer, detail }) => !fields.find((f) => pointer?.split("/")[1] === f.field.name && !f.complain(detail))) || [];

	if (!problem.errors?.length || left.length)
		put(top, failed({ ...problem, title: problem.title, detail: left.length ? left.map((e) => `${e.pointer}: ${e.detail}`).join("; ") : problem.detail }),
			problem.used_by?.length ? h("ul", { class: "used" }, problem.used_by.map((name) => h("li", null, name))) : null);
	(fields.find((f) => f.el.getAttribute("aria-invalid"))?.el || top.firstChild)?.focus?.();
}

/* fields: [{ name, label, type, help, required, choices, min, max, step, pattern, rule (in words), value, mustBe, disabled }]; type one of TYPES, text if none.
 * submit: async (values, changed) with all values, and those only that differ from what was there; a Problem that it throws is shown.
 * extra: more buttons, each made with a function that gives the values of now. */
export function form(list, { values = {}, verb, isDanger = false, leave = null, submit, extra = [] }) {
	const id = `form${++forms}`, top = h("div", { class: "problem" });
	const fields = list.map((field) => new Field(field, `${id}-${field.name}`, values[field.name]));
	const read = () => Object.fromEntries(fields.map((f) => [f.field.name, f.read()]));
	const before = read();
	const changed = (now) => Object.fromEntries(Object.entries(now).filter(([name,
		value]) => JSON.stringify(value) !== JSON.stringify(before[name])));
	const go = h("button", { type: "submit", class: `button go ${isDanger ? "danger" : "primary"}` }, verb);
	const onsubmit = async (event) => {
		event.preventDefault();
		put(top);
		const bad = fields.filter((f) => !f.check());

		if (bad.length)
			return bad[0].el.focus();
		go.disabled = true;
		try {
			const now = read();

			await submit(now, changed(now));
		} catch (problem) {
			if (!("errors" in problem))
				throw problem;
			showProblem(problem, fields, top);
		} finally {
			go.disabled = false;
		}
	};

	return h("form", { novalidate: true, onsubmit }, top, fields.map((f) => f.row),
		h("div", { class: "buttons" }, extra.map((make) => make(read)),
			leave ? h("button", { class: "button leave", onclick: leave }, "Cancel") : null, go));
}
