/* SPDX-License-Identifier: ISC */
/* A list that the server filters, sorts and pages: filters, chips with counts, sortable columns, choice of many, pages, CSV. */
import { h, lazy, say } from "./dom.js";
import { icon } from "./icons.js";
import { address, href } from "./api.js";
import { go, here, to, redraw } from "./route.js";
import { int } from "./format.js";
import { button, empty, note, part } from "./parts.js";

const LIMITS = [25, 50, 100, 200, 500];
const LIMIT = 50;
const TYPING = 250;
const OWN = ["limit", "offset", "sort"];

/* path -> { chosen: Map(key -> row), filter, where, order: [keys], rows: Map, shown: the answer drawn last } */
const lists = new Map();
const memory = ({ name, path = name }) => lists.get(path) || lists.set(path, { chosen: new Map(), filter: "", where: "", order: [],
	rows: new Map(), shown: null, typing: 0 }).get(path);

/* What a list is: {
 *	name: its path in the API and on the page, one: "node", many: "nodes", key: (row) => its key, sort: the order without a word,
 *	columns: [{ key (of sorting, none: not sortable), title, kind (classes), cell: (row) => content, down: first by the largest, if: shown at all }],
 *	find: what stands in the empty search field (none: no field), chips: { name, states: { value: [sign, word, level] } },
 *	selects: [{ name, all: "All clusters", options: [values] beside those of the facet of that name }],
 *	stamp: (row) => a text that changes when the row looks otherwise (JSON of the row, if none),
 *	actions: [{ title, run: async (rows) => those that it was done to, kind }], tools: elements at the right, noCsv: the API has none of it,
 *	none: [title, text, element] when there is nothing at all }
 * Filters are names of the query, as the API has them; filters: more of them than those of chips and selects; toApi(query): as the API
 * has them, where the address says it in another way. */
const filterNames = (spec) => ["q", spec.chips?.name, ...(spec.selects || []).map((one) => one.name), ...(spec.filters || [])];
const only = (query, names) => Object.fromEntries(Object.entries(query).filter(([name]) => names.includes(name)));

/* Lists count the commonest tenants alone, or none; all are asked for beside it: ask { tenants: TENANTS }, then selects: [tenantSelect(data)]. */
export const TENANTS = { path: address("tenants", { limit: 500, sort: "slug" }), every: 300 };
export const tenantSelect = (data) => ({ name: "tenant", all: "All tenants",
	options: (data?.tenants?.value?.items || []).map((tenant) => tenant.slug) });

const filtersOf = (spec, query) => only(query, filterNames(spec));
const asked = (spec, query) => {
	const known = only(query, [...OWN, ...filterNames(spec)]);

	return { limit: LIMIT, sort: spec.sort, ...(spec.toApi ? spec.toApi(known) : known) };
};
export const listPath = (spec, query) => address(spec.path || spec.name, asked(spec, query));
const refilter = (changes) => go({ ...changes, offset: "" });

function search(spec, query, mind) {
	const input = (event) => {
		const { value } = event.target;

		clearTimeout(mind.typing);
		mind.typing = setTimeout(() => go({ q: value.trim(), offset: "" }, { replace: true }), TYPING);
	};

	return h("label", { class: "field search" }, h("span", { class: "sr" }, `Find ${spec.many}`), icon("find"),
		h("input", { type: "search", value: query.q || "", placeholder: spec.find, autocomplete: "off", spellcheck: "false", oninput: input }));
}

function select({ name, all, options }, query, facets) {
	const values = [...new Set([...(options || []), ...Object.keys(facets?.[name] || {})])].sort(), now = query[name] || "";
	const known = now && !values.includes(now) ? [now, ...values] : values;
	const count = (value) => (facets?.[name]?.[value] === undefined ? "" : ` (${int(facets[name][value])})`);

	return h("label", { class: "field" }, h("span", { class: "sr" }, all),
		h("select", { name, onchange: (e) => refilter({ [name]: e.target.value }) },
		h("option", { value: "" }, all), known.map((value) => h("option", { value, selected: value === now }, value + count(value)))));
}

function chips({ name, states }, query, facets, loaded) {
	const counts = facets?.[name] || {}, now = query[name] || "", all = Object.values(counts).reduce((a, n) => a + n, 0);
	const chip = (value, sign, word, level, n) => h("button",
		{ class: `chip ${level}`, "aria-pressed": String(now === value), onclick: () => refilter({ [name]: value }) },
		sign ? icon(sign) : null, word, loaded ? h("b", null, int(n)) : null);

	return h("div", { class: "chips", role: "group", "aria-label": name }, chip("", null, "All", "", all),
		Object.entries(states).map(([value, [sign, word, level]]) => chip(value, sign, word, level, counts[value] || 0)));
}

function filters(spec, query, slot, mind) {
	const facets = (slot.value || mind.shown)?.facets, csv = { ...asked(spec, query), limit: "", offset: "", format: "csv" };

	return h("div", { class: "filters" }, spec.find ? search(spec, query, mind) : null, (spec.selects || []).map((one) => select(one, query, facets)),
		spec.chips ? chips(spec.chips, query, facets, !!facets) : null,
		h("span", { class: "tools" }, spec.noCsv ? null : h("a",
			{ class: "button", href: href(spec.path || spec.name, csv), download: `${spec.name}.csv` }, icon("csv"), "CSV"), spec.tools));
}

/* While the pointer or the focus is in the table nothing changes its place: new rows come at the end, vanished ones turn grey. */
function steady(spec, items, where, mind) {
	const isHeld = mind.where === where && document.querySelector("table.grid tbody:hover, table.grid tbody:focus-within");
	let rows = items;

	if (isHeld) {
		const fresh = new Map(items.map((row) => [spec.key(row), row]));
		const stay = mind.order.map((key) => fresh.get(key) || { ...mind.rows.get(key), gone: true });

		rows = [...stay, ...items.filter((row) => !mind.rows.has(spec.key(row)))];
	}
	mind.where = where;
	mind.order = rows.map(spec.key);
	mind.rows = new Map(rows.map((row) => [spec.key(row), row]));
	return rows;
}

function head(spec, columns, sort) {
	const by = sort.replace(/^-/, "").split(",")[0], isDown = sort.startsWith("-");

	return columns.map(({ key, title, kind, down }) => {
		if (!key)
			return h("th", { scope: "col", class: kind }, title);
		const next = key === by ? (isDown ? key : `-${key}`) : down ? `-${key}` : key;

		return h("th", { scope: "col", class: kind, "aria-sort": key === by ? (isDown ? "descending" : "ascending") : null },
			h("button", { class: "sort", onclick: () => go({ sort: next, offset: "" }) }, title,
				key === by ? icon(isDown ? "down" : "up", "tiny") : h("span", { class: "tiny" })));
	});
}

/* The two checkboxes of choosing: one a row, one for the page. */
function choosing(spec, mind, rows) {
	const set = (some, isOn) => {
		for (const row of some)
			if (isOn)
				mind.chosen.set(spec.key(row), row);
			else
				mind.chosen.delete(spec.key(row));
		redraw();
	};
	const live = rows.filter((row) => !row.gone), isAll = live.length > 0 && live.every((row) => mind.chosen.has(spec.key(row)));
	const all = h("input", { type: "checkbox", "aria-label": "Choose all on this page", checked: isAll,
		onchange: (e) => set(live, e.target.checked) });

	all.indeterminate = !isAll && live.some((row) => mind.chosen.has(spec.key(row)));
	return { all, one: (row) => h("input", { type: "checkbox", "aria-label": `Choose ${spec.title?.(row) || spec.key(row)}`,
		checked: mind.chosen.has(spec.key(row)), disabled: row.gone,
		onchange: (e) => set([row], e.target.checked) }) };
}

function table(spec, rows, query, mind) {
	const columns = spec.columns.filter((column) => column.if !== false), canChoose = spec.actions?.length > 0;
	const choose = canChoose ? choosing(spec, mind, rows) : null;
	const cells = (row) => [canChoose ? h("td", { class: "tick" }, choose.one(row)) : null,
		columns.map(({ kind, cell }, i) => h(i ? "td" : "th", { class: kind, scope: i ? null : "row" }, cell(row)))];

	return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": spec.title_of || spec.many },
		h("table", { class: "grid", onpointerleave: redraw }, h("caption", { class: "sr" }, spec.many),
			h("thead", null, h("tr", null, canChoose ? h("th", { class: "tick", scope: "col" }, choose.all) : null,
				head(spec, columns, query.sort || spec.sort))),
			h("tbody", null, rows.map((row) => {
				const isChosen = mind.chosen.has(spec.key(row));

				return lazy("tr", { class: row.gone ? "gone" : isChosen ? "chosen" : "", inert: row.gone }, spec.key(row),
					`${isChosen} ${row.gone} ${spec.stamp ? spec.stamp(row) : JSON.stringify(row)}`, () => cells(row));
			}))));
}

function chosenBar(spec, mind) {
	const rows = [...mind.chosen.values()];
	const run = async (action) => {
		for (const row of await action.run(rows))
			mind.chosen.delete(spec.key(row));
		redraw();
	};

	return h("div", { class: "chosenbar", hidden: !rows.length, role: "group", "aria-label": "With what is chosen" },
		h("b", null, `${rows.length} chosen`),
		(spec.actions || []).map((action) => button(action.title, () => run(action), `small ${action.kind || ""}`)),
		button("Clear", () => {
			mind.chosen.clear();
			redraw();
		}, "small plain"));
}

function pager({ offset, limit, total, items }) {
	const last = offset + items.length, pages = Math.ceil(total / limit), page = Math.floor(offset / limit) + 1;
	const turn = (n) => go({ offset: (Math.max(1, Math.min(pages, n)) - 1) * limit });

	return h("nav", { class: "pager", "aria-label": "Pages" }, h("span", null, total ? `${int(offset + 1)}–${int(last)} of ${int(total)}` : "none"),
		h("label", null, "Rows ", h("select", { onchange: (e) => go({ limit: e.target.value, offset: "" }) },
			LIMITS.map((n) => h("option", { value: n, selected: n === limit }, n)))),
		pages > 2 ? h("label", null, "Page ", h("input", { type: "number", min: 1, max: pages, value: page,
			onchange: (e) => turn(Number(e.target.value) || 1) }), ` of ${int(pages)}`) : null,
		h("button", { class: "button", disabled: page <= 1, onclick: () => turn(page - 1) }, "Previous"),
		h("button", { class: "button", disabled: page >= pages, onclick: () => turn(page + 1) }, "Next"));
}

/* The same place without filters; a list of a tenant stands on that tenant's page. */
function showAll(spec) {
	const { name, id, sub } = here();

	return h("a", { href: to(name, id, sub) }, `Show all ${spec.many}`);
}

/* Nothing there: because of the filters, or at all. */
function nothing(spec, query) {
	const [title, text, more] = spec.none || [`No ${spec.one}`, "There is none yet."];

	if (!Object.keys(filtersOf(spec, query)).length && !Number(query.offset))
		return empty(title, text, more);
	return empty(`No ${spec.one} matches`, ["Nothing fits these filters. ", showAll(spec)]);
}

/* What was chosen stays chosen over pages, not over other filters, and is what it is now, not what it was when it was chosen. */
function remember(spec, query, mind, fresh) {
	const filter = JSON.stringify(filtersOf(spec, query));

	if (mind.filter !== filter)
		mind.chosen.clear();
	mind.filter = filter;
	for (const row of fresh)
		if (mind.chosen.has(spec.key(row)))
			mind.chosen.set(spec.key(row), row);
}

/* The whole list, of the answer to listPath(spec, query). between: what stands above the table, of the answer. */
export function list(spec, query, slot, between = () => null) {
	const mind = memory(spec), answer = slot.value || (slot.error ? null : mind.shown);

	remember(spec, query, mind, slot.value?.items || []);
	if (slot.value && mind.said !== mind.filter)
		say(`${int(slot.value.total)} ${slot.value.total === 1 ? spec.one : spec.many}`);
	if (slot.value) {
		mind.said = mind.filter;
		mind.shown = slot.value;
	}
	const show = (page) => [between(page), page.items.length ? table(spec, slot.value ? steady(spec, page.items, slot.path, mind) : page.items, query,
		mind) : nothing(spec, query), pager(page)];

	return [filters(spec, query, slot, mind), chosenBar(spec, mind),
		h("div", { class: "list", "aria-busy": answer && !slot.value ? "true" : null }, answer && !slot.error ? show(answer) : part(slot, show),
		slot.error && !slot.error.passes ? h("p", null, showAll(spec)) : null)];
}

/* A row that has no answer of its own, for what stands beside the list. */
export const onPage = (slot, is) => slot.value?.items.find(is);
export const missing = (slot) => part(slot, () => note("It is not on this page of the list."));
