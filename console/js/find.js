/* SPDX-License-Identifier: ISC */
/* The field that finds anything: a combobox over the API's search. */
import { h, put, say } from "./dom.js";
import { icon } from "./icons.js";
import { get, address } from "./api.js";

const TYPING = 200;
const SIGNS = { node: "nodes", tenant: "tenants", meeting: "meetings", recording: "recordings", request: "requests" };

export function findBox() {
	let timer = 0, found = [], at = -1, asked = "";
	const list = h("ul", { id: "found", role: "listbox", "aria-label": "Found", hidden: true });
	const input = h("input", { type: "search", role: "combobox", "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list",
		autocomplete: "off", spellcheck: "false",
		placeholder: "Meeting, tenant, node, request id" });
	const close = () => {
		list.hidden = true;
		at = -1;
		input.setAttribute("aria-expanded", "false");
		input.removeAttribute("aria-activedescendant");
	};
	const mark = (i) => {
		at = i;
		[...list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === at)));
		input.setAttribute("aria-activedescendant", at < 0 ? "" : `found-${at}`);
		list.children[at]?.scrollIntoView({ block: "nearest" });
	};
	const take = (hit) => {
		close();
		input.value = "";
		input.blur();
		location.hash = hit.link;
	};
	const show = (hits) => {
		found = hits;
		put(list, hits.length ? hits.map((hit, i) => h("li", { id: `found-${i}`, role: "option", "aria-selected": "false", onpointerdown: (e) => {
			e.preventDefault();
			take(hit);
		} }, icon(SIGNS[hit.kind] || "find"), h("span", null, hit.name, h("span", { class: "sub" }, hit.detail)),
			h("span", { class: "sub" }, hit.kind)))
			: h("li", { role: "option", "aria-disabled": "true", class: "sub" }, "Nothing found"));
		list.hidden = false;
		input.setAttribute("aria-expanded", "true");
		say(`${hits.length} found`);
	};
	const ask = async () => {
		const q = (asked = input.value.trim());

		if (q.length < 2)
			return close();
		try {
			const { value } = await get(address("search", { q }));

			if (asked === q && document.activeElement === input)
				show(value.items);
		} catch {
			close();
		}
	};
	const keys = {
		ArrowDown: () => mark(Math.min(found.length - 1, at + 1)), ArrowUp: () => mark(Math.max(-1, at - 1)), Escape: () => close(),
		Enter: () => found[Math.max(0, at)] && !list.hidden && take(found[Math.max(0, at)]),
	};

	input.addEventListener("input", () => {
		clearTimeout(timer);
		timer = setTimeout(ask, TYPING);
	});
	input.addEventListener("keydown", (e) => {
		if (!keys[e.key] || (e.key !== "Enter" && list.hidden))
			return;
		e.preventDefault();
		keys[e.key]();
	});
	input.addEventListener("blur", close);
	return h("div", { class: "find" }, h("label", null, h("span", { class: "sr" }, "Find anything"), icon("find"), input, h("kbd", null, "/")), list);
}
