/* SPDX-License-Identifier: ISC */
/* What a tenant's rules make of the parameters of create and join. */
import { h, keep } from "../dom.js";
import { can, path, send } from "../api.js";
import { button, empty, grid, note, panel, part } from "../parts.js";
import { form } from "../form.js";
import { act, edit } from "./object.js";

/* mode -> what it is called, what it does to a request */
const MODES = {
	set: ["filled in when absent", (name, value) => `${name} is ${value}, unless the request says otherwise`],
		override: ["always", (name, value) => `${name} is always ${value}`],
	max: ["at most", (name, value) => `${name} is at most ${value}`], append: ["added to the list", (name, value) => `${value} is added to ${name}`],
		block: ["taken away", (name) => `${name} is taken away`],
};
/* type -> how its value is asked for */
const VALUES = {
	bool: { type: "select", choices: ["true", "false"] }, int: { type: "number", min: 0, step: 1 }, number: { type: "number", min: 0, step: 1 },
		color: { type: "color" }, colour: { type: "color" }, url: { type: "url" },
	locale: { placeholder: "de" }, list: { help: "Separated by commas, without blanks." }, text: { type: "area", rows: 2 },
};
/* slug "*": for all tenants, below the rules of each. */
const whom = (slug) => (slug === "*" ? "all tenants" : slug);
const where = (slug) => (slug === "*" ? "rules" : path`tenants/${slug}/parameters`);
/* beginning -> the rest, which is free, as rule_find() of lib/core/rule_table.c takes it */
const RESTS = { "meta_": ["[A-Za-z][A-Za-z0-9\\-]*", "must be a letter, then letters, digits or hyphens"],
	"userdata-": ["[A-Za-z][A-Za-z0-9_\\-]*", "must be a letter, then letters, digits, underscores or hyphens"] };
const typeOf = (known, name) => known.find((p) => p.name === name) || known.find((p) => p.name in RESTS && name.startsWith(p.name)) || { name,
	type: "text", calls: [], modes: Object.keys(MODES), choices: [] };

const effect = ({ calls }, { name, mode, value }) => `${calls.length ? `${calls.join(", ")}: ` : ""}${MODES[mode]?.[1](name, value) || mode}`;

function put(slug, what, rule) {
	const stem = !rule && what.name in RESTS && what.name, own = rule?.name ?? what.name, [pattern, words] = RESTS[stem] || [];
	const value = what.choices?.length ? { type: "select", choices: what.choices } : VALUES[what.type] || {};
	const fields = [...(stem ? [{ name: "rest", label: `Name after ${stem}`, required: true, pattern, rule: words }] : [{ name: "name" }]),
		{ name: "mode", label: "What happens", type: "select", choices: what.modes.map((mode) => [mode, MODES[mode]?.[0] || mode]) },
		{ name: "value", label: "Value", ...value, help: [value.help,
			what.modes.includes("block") ? "Not needed to take it away." : ""].filter(Boolean).join(" ") }];
	const run = (name, { mode, value: given }) => send("PUT", where(slug) + path`/${stem ? stem + name : own}`,
		{ mode, value: mode === "block" || given === null ? null : String(given) });

	return edit({ title: `${stem || own} of ${whom(slug)}`, fields, object: stem ? null : { mode: "set", value: null, ...rule, name: own },
		values: { mode: "set" },
		put: (name, body) => run(name, { mode: "set", value: null, ...rule, ...body }) });
}

const takeAway = (slug, { name }) => act({ method: "DELETE", where: where(slug) + path`/${name}`, title: `Remove the rule of ${name}?`,
	text: ["Requests then go on as they come."], verb: "Remove", done: `${name} has no rule any more` });

export const ask = ({ id }) => ({ rules: where(id), known: { path: "parameters", every: 600 } });

export const draw = (at, data, { slug }) => part(data.rules, ({ items }) => part(data.known, ({ items: known }) => [
	panel(slug === "*" ? "Rules for all tenants" : "Rules", null, slug === "*" ? note("They hold where a tenant has no rule of that name itself.") : null, items.length ? grid("Rules of parameters", [["Parameter"], ["Effect"], ["", "act"]],
		items.map((rule) => [rule.name, effect(typeOf(known, rule.name), rule),
		can("configure") ? [button("Edit", () => put(slug, typeOf(known, rule.name), rule), "small"),
			button("Remove", () => takeAway(slug, rule), "small")] : null]))
		: empty("No rule", "Every create and join goes on to the node as the platform asks.")),
	can("configure") ? panel("Add a rule", null, h("div", { class: "narrowform" },
		keep(`rule ${slug}`, () => form([{ name: "name", label: "Parameter", type: "select",
		choices: known.map((p) => [p.name, `${p.name} (${p.calls.join(", ")})`]) }],
		{ verb: "Set it", submit: ({ name }) => put(slug, typeOf(known, name), data.rules.value.items.find((rule) => rule.name === name)) })))) : null]));
