/* SPDX-License-Identifier: ISC */
/* What stands beside the picture: slides, chat, search, notes, polls. Each gets the time, and seeks by a click. */
import { formatTime } from "./timeline.js";

/* An element: node("button", {title: "x", click: f}, children...); keys of functions are events, texts become text. */
export function node(name, attributes = {}, ...children) {
	const element = document.createElement(name);

	for (const [key, value] of Object.entries(attributes)) {
		if (typeof value === "function")
			element.addEventListener(key, value);
		else if (value === true || (value !== false && value !== null && value !== undefined))
			element.setAttribute(key, value === true ? "" : value);
	}
	element.append(...children.filter((child) => child !== null));
	return element;
}

/* Text with its http(s) addresses as links. */
export function linked(text) {
	const parts = [];
	let at = 0;

	for (const found of text.matchAll(/https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}']/g)) {
		parts.push(text.slice(at, found.index),
			node("a", { href: found[0], target: "_blank", rel: "noopener noreferrer nofollow" }, found[0]));
		at = found.index + found[0].length;
	}
	parts.push(text.slice(at));
	return parts;
}

/* Brings a child into sight of its box, and moves nothing else on the page. */
function reveal(box, child) {
	const top = child.offsetTop - box.offsetTop, bottom = top + child.offsetHeight;

	if (top < box.scrollTop)
		box.scrollTop = top;
	else if (bottom > box.scrollTop + box.clientHeight)
		box.scrollTop = bottom - box.clientHeight;
}

function timeButton(t, seek, ...children) {
	return node("button", { type: "button", class: "entry", click: () => seek(t) }, node("time", {}, formatTime(t)), ...children);
}

function slidesPanel({ timeline, url, seek }) {
	const chapters = timeline.chapters();
	const box = node("div", { class: "list thumbs" });
	const entries = chapters.map(({ t, image }, i) => {
		const [file, , , thumb, text] = timeline.images[image] || [];
		const shown = thumb || file;

		return timeButton(t, seek, shown ? node("img", { src: url(shown), loading: "lazy", alt: "" }) : node("span", { class: "blank" }),
			node("span", { class: "label" }, text ? text.slice(0, 80) : `Slide ${i + 1}`));
	});
	let now = -1;

	box.append(...entries);
	return {
		name: "Slides", box, empty: chapters.length < 1,
		show(state) {
			let at = chapters.length - 1;

			while (at >= 0 && chapters[at].t > state.t)
				at--;
			if (at === now)
				return;
			if (entries[now])
				entries[now].removeAttribute("aria-current");
			now = at;
			if (entries[at]) {
				entries[at].setAttribute("aria-current", "true");
				reveal(box, entries[at]);
			}
		},
	};
}

function message([t, , name, moderator, text, extra = {}], seek, chat) {
	const answered = extra.reply && chat.find((other) => other[5] && other[5].id === extra.reply);
	const marks = (extra.reactions || []).map(([emoji, count]) => node("span", { class: "reaction" }, `${emoji} ${count}`));

	return node("div", { class: `message${moderator ? " moderator" : ""}${extra.strong ? " strong" : ""}` },
		node("button", { type: "button", class: "entry", click: () => seek(t) },
			node("time", {}, formatTime(t)), node("b", {}, name), extra.edited ? node("small", {}, " (edited)") : null),
		answered ? node("blockquote", {}, `${answered[2]}: ${answered[4].slice(0, 120)}`) : null,
		node("p", {}, ...linked(text)), ...marks);
}

function chatPanel({ timeline, seek }) {
	const box = node("div", { class: "list chat", tabindex: 0 });
	const nodes = timeline.chat.map((entry) => message(entry, seek, timeline.chat));
	let shown = "";

	for (const entry of nodes)
		entry.hidden = true;
	box.append(...nodes);
	return {
		name: "Chat", box, empty: nodes.length === 0,
		show(state) {
			const on = timeline.chatAt(state.t), key = `${on[0]} ${on.length} ${on[on.length - 1]}`;
			/* Who has scrolled up reads there. */
			const follow = box.scrollHeight - box.scrollTop - box.clientHeight < 40;

			if (key === shown)
				return;
			shown = key;
			for (const entry of nodes)
				entry.hidden = true;
			for (const i of on)
				nodes[i].hidden = false;
			if (follow)
				box.scrollTop = box.scrollHeight;
		},
	};
}

function searchPanel({ timeline, seek }) {
	const results = node("div", { class: "list", "aria-live": "polite" });
	const find = () => {
		const found = timeline.search(field.value);

		results.replaceChildren(...found.slice(0, 200).map(({ t, kind, text }) =>
			timeButton(t, seek, node("span", { class: "label" }, `${kind === "chat" ? "Chat" : "Slide"}: ${text.slice(0, 160)}`))));
		if (!found.length && field.value.trim())
			results.append(node("p", { class: "none" }, "Nothing found"));
	};
	const field = node("input", { type: "search", placeholder: "Words on slides and in the chat", "aria-label": "Search", input: find });

	return { name: "Search", box: node("div", { class: "search" }, field, results), empty: false, show() {}, focus: () => field.focus() };
}

function notesPanel({ timeline, url }) {
	/* The page of others, without any right. */
	const frame = node("iframe", { sandbox: "", title: "Shared notes", loading: "lazy", referrerpolicy: "no-referrer" });

	return {
		name: "Notes", box: node("div", { class: "notes" }, frame), empty: !timeline.notes, show() {},
		open() {
			if (!frame.src)
				frame.src = url(timeline.notes);
		},
	};
}

function pollPanel({ timeline, seek }) {
	const box = node("div", { class: "list polls" });

	for (const [t, , question, responders, , answers] of timeline.polls) {
		const most = Math.max(1, responders, ...answers.map(([, votes]) => votes));

		box.append(node("section", {}, timeButton(t, seek, node("b", {}, question || "Poll")),
			...answers.map(([text, votes]) => node("label", {}, `${text}: ${votes}`, node("meter", { min: 0, max: most, value: votes })))));
	}
	for (const [t, address] of timeline.videos)
		box.append(node("section", {}, timeButton(t, seek, node("b", {}, "External video")), node("p", {}, ...linked(address))));
	return { name: timeline.videos.length && !timeline.polls.length ? "Videos" : "Polls", box, empty: !box.firstChild, show() {} };
}

/* Tabs of all panels that have something to show. context: {timeline, url, seek}. */
export function makePanels(root, context) {
	const panels = [slidesPanel, chatPanel, searchPanel, notesPanel, pollPanel].map((make) => make(context)).filter((p) => !p.empty);
	const tabs = node("div", { role: "tablist", class: "tabs", keydown: move });
	let open = 0;

	function select(i, focus) {
		open = (i + panels.length) % panels.length;
		panels.forEach((panel, n) => {
			panel.tab.setAttribute("aria-selected", n === open ? "true" : "false");
			panel.tab.tabIndex = n === open ? 0 : -1;
			panel.box.hidden = n !== open;
		});
		if (focus)
			panels[open].tab.focus();
		if (panels[open].open)
			panels[open].open();
	}
	function move(event) {
		const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];

		if (step) {
			event.preventDefault();
			event.stopPropagation();
			select(open + step, true);
		}
	}
	panels.forEach((panel, n) => {
		const id = `panel-${panel.name.toLowerCase()}`;

		panel.tab = node("button", { type: "button", role: "tab", id: `${id}-tab`, "aria-controls": id, click: () => select(n) }, panel.name);
		panel.box.id = id;
		panel.box.setAttribute("role", "tabpanel");
		panel.box.setAttribute("aria-labelledby", `${id}-tab`);
		tabs.append(panel.tab);
	});
	root.replaceChildren(tabs, ...panels.map((panel) => panel.box));
	select(0);
	return {
		/* Every panel of the state, the hidden ones too: they are at the right place when they are opened. */
		show: (state) => panels.forEach((panel) => panel.show(state)),
		openSearch() {
			select(panels.findIndex((panel) => panel.focus));
			panels[open].focus();
		},
	};
}
