/* SPDX-License-Identifier: ISC */
/* Elements made of data, and the page patched to look like them: text is always text, no string is ever markup. */
const SVG = "http://www.w3.org/2000/svg";
const HEARS = Symbol("listeners"), KEY = Symbol("key"), MAKE = Symbol("make"), STAMP = Symbol("stamp");

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

function add(el, child) {
	if (Array.isArray(child))
		for (const one of child)
			add(el, one);
	else if (child !== null && child !== undefined && child !== false && child !== "")
		el.append(child);
}

function fill(el, attrs, children) {
	for (const name in attrs) {
		const value = attrs[name];

		if (value === null || value === undefined || value === false)
			continue;
		if (name.startsWith("on"))
			listen(el, name.slice(2), value);
		else if (name === "data")
			el[KEY] = value.key;
		else if (name === "css")
			for (const property in value)
				el.style.setProperty(property, value[property]);
		else
			el.setAttribute(name, value === true ? "" : value);
	}
	add(el, children);
	return el;
}

/* h("a", { href, onclick, data: { key }, css: { width } }, children...): children are elements, texts, lists of them, or nothing. Elements
 * with the same key are the same at the next drawing. A button does nothing to its form unless it says type: "submit". */
export const h = (tag, attrs, ...children) => fill(document.createElement(tag), tag === "button" ? { type: "button", ...attrs } : attrs, children);
export const s = (tag, attrs, ...children) => fill(document.createElementNS(SVG, tag), attrs, children);

/* An element that is made only when there is none yet with this key and stamp: rows that did not change, forms that are being
 * filled in, curves. make() gives its children. */
export function lazy(tag, attrs, key, stamp, make) {
	const el = h(tag, { ...attrs, data: { key }, "data-lazy": "" });

	el[MAKE] = make;
	el[STAMP] = stamp;
	return el;
}
/* What is made once and then left alone for as long as it is on the page: typed text, focus and selection stay. */
export const keep = (key, make) => lazy("div", { class: "kept" }, key, "kept", make);
export const keyOf = (el) => el[KEY];

function make(el) {
	const build = el[MAKE];

	delete el[MAKE];
	add(el, build());
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

function patchAttributes(old, next) {
	for (const { name, value } of next.attributes) {
		if (old.getAttribute(name) === value)
			continue;
		if (name === "style") /* as an attribute the policy of the page forbids it */
			old.style.cssText = next.style.cssText;
		else
			old.setAttribute(name, value);
	}
	if (old.attributes.length > next.attributes.length)
		for (const { name } of [...old.attributes])
			if (!next.hasAttribute(name) && name !== "open")
				old.removeAttribute(name);
}

function patchListeners(old, next) {
	for (const type in next[HEARS])
		listen(old, type, next[HEARS][type]);
	for (const type in old[HEARS])
		if (!next[HEARS]?.[type])
			old[HEARS][type] = undefined;
}

/* What people set themselves is not in attributes. Who types is not disturbed. */
function patchState(old, next) {
	if (old.nodeName === "INPUT" && /checkbox|radio/.test(old.type)) {
		old.checked = next.checked;
		old.indeterminate = next.indeterminate;
	} else if (/^(INPUT|SELECT)$/.test(old.nodeName) && old.value !== next.value && (old.nodeName === "SELECT" || old !== document.activeElement)) {
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
	if (old[HEARS] || next[HEARS])
		patchListeners(old, next);
	patchChildren(old, next);
	patchState(old, next);
}

function patchChildren(parent, source) {
	let at = parent.firstChild, keyed = null, following;

	for (let next = source.firstChild; next; next = following) {
		const key = next[KEY];
		let old = at;

		following = next.nextSibling;
		if (key !== undefined) {
			keyed ??= new Map([...parent.children].filter((child) => child[KEY] !== undefined).map((child) => [child[KEY], child]));
			old = keyed.get(key);
			keyed.delete(key);
		}
		if (!old || old.nodeName !== next.nodeName || old[KEY] !== key) {
			parent.insertBefore(settle(next), at);
			continue;
		}
		if (old === at)
			at = at.nextSibling;
		else
			parent.insertBefore(old, at);
		patchNode(old, next);
	}
	while (at) {
		const gone = at;

		at = at.nextSibling;
		gone.remove();
	}
}

/* Makes the children of an element look like these, changing as little as possible. */
export function patch(parent, ...children) {
	const source = document.createDocumentFragment();

	add(source, children);
	patchChildren(parent, source);
	return parent;
}

/* The same without any memory of what was there. */
export function put(el, ...children) {
	el.replaceChildren();
	add(el, children);
	return settle(el);
}

/* What a screen reader hears of a change that the eye sees by itself (WCAG 4.1.3). */
export function say(text) {
	document.getElementById("said").textContent = text;
}
