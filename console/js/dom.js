/* SPDX-License-Identifier: ISC */
/* Elements made of data, and the page patched to look like them: text is always text, no string is ever markup. */
const SVG = "http://www.w3.org/2000/svg";
const HEARS = Symbol("listeners"), MAKE = Symbol("make"), STAMP = Symbol("stamp");

const isShown = (child) => child !== null && child !== undefined && child !== false && child !== "";

/* Listeners stand in a table of the element, so that a patch can put newer ones in their place. */
function hear(event) {
	event.currentTarget[HEARS][event.type]?.(event);
}

function listen(el, type, listener) {
	el[HEARS] ??= {};
	if (!(type in el[HEARS]))
		el.addEventListener(type, hear);
	el[HEARS][type] = listener;
}

function fill(el, attrs, children) {
	for (const [name, value] of Object.entries(attrs || {})) {
		if (value === null || value === undefined || value === false)
			continue;
		if (name.startsWith("on"))
			listen(el, name.slice(2), value);
		else if (name === "css")
			for (const [property, size] of Object.entries(value))
				el.style.setProperty(property, size);
		else if (name === "data")
			Object.assign(el.dataset, value);
		else
			el.setAttribute(name, value === true ? "" : value);
	}
	el.append(...children.flat(Infinity).filter(isShown));
	return el;
}

/* h("a", { href, onclick, data: { key }, css: { width } }, children...): children are elements, texts, lists of them, or nothing.
 * A button does nothing to its form unless it says type: "submit". */
export const h = (tag, attrs, ...children) => fill(document.createElement(tag), tag === "button" ? { type: "button", ...attrs } : attrs, children);
export const s = (tag, attrs, ...children) => fill(document.createElementNS(SVG, tag), attrs, children);

/* An element that is made only when there is none yet with this key and stamp: rows that did not change, forms that are being
 * filled in, curves. make() gives its children. */
export function lazy(tag, attrs, key, stamp, make) {
	const el = h(tag, { ...attrs, data: { ...attrs?.data, key, lazy: "" } });

	el[MAKE] = make;
	el[STAMP] = stamp;
	return el;
}
/* What is made once and then left alone for as long as it is on the page: typed text, focus and selection stay. */
export const keep = (key, make) => lazy("div", { class: "kept" }, key, "kept", make);

function make(el) {
	const build = el[MAKE];

	delete el[MAKE];
	el.append(...[build()].flat(Infinity).filter(isShown));
}

/* Makes what is still to be made in something that comes onto the page. */
function settle(node) {
	if (node[MAKE])
		make(node);
	for (const inner of node.querySelectorAll?.("[data-lazy]") || [])
		if (inner[MAKE])
			make(inner);
	return node;
}

const isSame = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && a.dataset?.key === b.dataset?.key;

function patchAttributes(old, next) {
	for (const { name } of [...old.attributes])
		if (!next.hasAttribute(name) && name !== "open")
			old.removeAttribute(name);
	for (const { name, value } of next.attributes) {
		if (old.getAttribute(name) === value)
			continue;
		if (name === "style") /* as an attribute the policy of the page forbids it */
			old.style.cssText = next.style.cssText;
		else
			old.setAttribute(name, value);
	}
	for (const [type, listener] of Object.entries(next[HEARS] || {}))
		listen(old, type, listener);
	for (const type of Object.keys(old[HEARS] || {}))
		if (!next[HEARS]?.[type])
			old[HEARS][type] = undefined;
}

/* What people set themselves is not in attributes. Who types is not disturbed. */
function patchState(old, next) {
	if (old.nodeName === "INPUT" && /checkbox|radio/.test(old.type)) {
		old.checked = next.checked;
		old.indeterminate = next.indeterminate;
	} else if (old.nodeName === "INPUT" && old !== document.activeElement && old.value !== next.value) {
		old.value = next.value;
	} else if (old.nodeName === "SELECT" && old.value !== next.value) {
		old.value = next.value;
	}
}

function patchNode(old, next) {
	if (old.nodeType !== Node.ELEMENT_NODE) {
		if (old.data !== next.data)
			old.data = next.data;
		return;
	}
	if (next[MAKE]) {
		if (old[STAMP] === next[STAMP])
			return;
		make(next);
		old[STAMP] = next[STAMP];
	}
	patchAttributes(old, next);
	patch(old, [...next.childNodes]);
	patchState(old, next);
}

/* Makes the children of an element look like these, changing as little as possible: elements with the same data-key are the same. */
export function patch(parent, ...list) {
	const children = list.flat(Infinity).filter(isShown).map((child) => (child instanceof Node ? child : document.createTextNode(child)));
	const keyed = new Map([...parent.children].filter((c) => c.dataset.key).map((c) => [c.dataset.key, c]));
	let at = parent.firstChild;

	for (const next of children) {
		const key = next.dataset?.key;
		let old = key ? keyed.get(key) : at;

		if (!old || !isSame(old, next)) {
			parent.insertBefore(settle(next), at);
			continue;
		}
		if (old === at)
			at = at.nextSibling;
		else
			parent.insertBefore(old, at);
		keyed.delete(key);
		patchNode(old, next);
	}
	while (at) {
		const gone = at;

		at = at.nextSibling;
		gone.remove();
	}
	return parent;
}

/* The same without any memory of what was there. */
export const put = (el, ...children) => {
	el.replaceChildren(...children.flat(Infinity).filter(isShown));
	return settle(el);
};

/* What a screen reader hears of a change that the eye sees by itself (WCAG 4.1.3). */
export function say(text) {
	document.getElementById("said").textContent = text;
}
