/* SPDX-License-Identifier: ISC */
/* What is to be seen at a time of a recording: data in, state out; no DOM and no clock. */

/* Index of the last entry whose first element, a time, is at or before t; -1: none. low: where to begin. */
export function lastAt(list, t, low = 0) {
	let high = list.length;

	while (low < high) {
		const mid = (low + high) >> 1;

		if (list[mid][0] <= t)
			low = mid + 1;
		else
			high = mid;
	}
	return low - 1;
}

/* Index of the interval [from, to) that holds t; -1: none. Intervals do not overlap. */
export function intervalAt(list, t) {
	const i = lastAt(list, t);

	return i >= 0 && t < list[i][1] ? i : -1;
}

/* Seconds of "75", "1:15", "1h2m3s"; null: it is no time. */
export function parseTime(text) {
	const units = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/.exec(text || "");
	const clock = /^(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text || "");
	const found = clock || (text && units);

	return found ? Number(found[1] || 0) * 3600 + Number(found[2] || 0) * 60 + Number(found[3] || 0) : null;
}

export function formatTime(seconds) {
	const s = Math.max(0, Math.floor(seconds)), h = Math.floor(s / 3600);
	const two = (n) => String(n).padStart(2, "0");

	return (h ? `${h}:${two(Math.floor(s / 60) % 60)}` : `${Math.floor(s / 60)}`) + `:${two(s % 60)}`;
}

const LISTS = ["images", "slides", "shapes", "views", "cursor", "share", "hidden", "chat", "captions", "polls", "videos"];

export class Timeline {
	constructor(data) {
		if (!data || data.v !== 1 || !(data.duration >= 0))
			throw new Error("this is no timeline that this player knows");
		this.duration = data.duration;
		this.title = data.title || "";
		this.notes = data.notes || null;
		this.broken = data.broken || [];
		this.media = { main: [], share: [], ...data.media };
		for (const name of LISTS)
			this[name] = data[name] || [];
		/* The version before, of the same shape: paths continue it. */
		const last = new Map();

		this.before = this.shapes.map(([, , key], i) => {
			const before = last.has(key) ? last.get(key) : -1;

			last.set(key, i);
			return before;
		});
		this.made = new Map(); /* key: the version whose paths were made last */
	}

	/* A time at which there is something to see: at the end what was there last. */
	within(t) {
		return Math.max(0, Math.min(t, this.duration - 0.005));
	}

	/* Everything at a time. shapes: their indices, the lowest first. */
	stateAt(time) {
		const t = this.within(time);
		const slide = lastAt(this.slides, t);
		const [from, , image, board] = this.slides[slide] || [0, 0, -1, 0];
		const view = this.views[lastAt(this.views, t)];
		const share = intervalAt(this.share, t);
		const cursor = this.cursor[lastAt(this.cursor, t)];
		const [, w, h] = this.images[image] || [null, 1600, 900];

		return {
			t: time, slide, image, board,
			view: view ? view.slice(1) : [0, 0, w, h],
			shapes: slide >= 0 ? this.shapesAt(t, from) : [],
			cursor: cursor && cursor.length === 3 && share < 0 ? cursor.slice(1) : null,
			share: share >= 0 ? this.share[share] : null,
			hidden: intervalAt(this.hidden, t) >= 0,
		};
	}

	shapesAt(t, from) {
		const on = [];

		/* Only those of the slide that is shown: what began with it or later. */
		for (let i = lastAt(this.shapes, t); i >= 0 && this.shapes[i][0] >= from; i--)
			if (this.shapes[i][1] > t)
				on.push(i);
		return on.sort((a, b) => this.shapes[a][3] - this.shapes[b][3] || a - b);
	}

	/* When the screen is shared the next time; null: never again. */
	nextShare(t) {
		const next = this.share[lastAt(this.share, t) + 1];

		return next ? next[0] : null;
	}

	/* The d of each part of a shape's version; null for parts that are no paths. */
	pathsOf(i) {
		const key = this.shapes[i][2], made = this.made.get(key), chain = [];
		let paths = null;

		for (let at = i; at >= 0; at = this.before[at]) {
			if (made && made.i === at) {
				paths = made.paths;
				break;
			}
			chain.push(at);
			if (this.shapes[at][4].every((part) => part[0] !== 0 || part[1] === 0))
				break;
		}
		while (chain.length)
			paths = this.shapes[chain.pop()][4].map((part, n) =>
				part[0] === 0 ? (paths && paths[n] ? paths[n].slice(0, part[1]) : "") + part[2] : null);
		this.made.set(key, { i, paths });
		return paths;
	}

	/* Which messages are to be seen: [index, ...]. */
	chatAt(t) {
		const on = [];

		for (let i = 0; i <= lastAt(this.chat, t); i++)
			if (this.chat[i][1] === null || this.chat[i][1] > t)
				on.push(i);
		return on;
	}

	/* The slides in their order, each period once: [{t, to, image}]; periods of the same image that follow each other are one. */
	chapters() {
		const list = [];

		for (const [from, to, image] of this.slides) {
			const last = list[list.length - 1];

			if (last && last.image === image)
				last.to = to;
			else
				list.push({ t: from, to, image });
		}
		return list;
	}

	/* Where the words stand, in slides and messages, by time: [{t, kind, text, image}]. */
	search(words) {
		const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
		const has = (text) => wanted.every((word) => text.toLowerCase().includes(word));
		const found = [];

		if (!wanted.length)
			return found;
		for (const { t, image } of this.chapters())
			if (this.images[image] && has(this.images[image][4] || ""))
				found.push({ t, kind: "slide", text: this.images[image][4], image });
		for (const [t, , name, , text] of this.chat)
			if (has(`${name} ${text}`))
				found.push({ t, kind: "chat", text: `${name}: ${text}`, image: -1 });
		return found.sort((a, b) => a.t - b.t);
	}
}
