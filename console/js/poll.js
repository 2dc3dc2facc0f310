/* SPDX-License-Identifier: ISC */
/* What a screen asked for, asked for again and again: every 5 seconds while the page is in front, more seldom after failures. */
import { get, isSigning } from "./api.js";

const EVERY = 5;
const SLOWEST = 60;

/* One path: its newest value, the error of the last try, and when the value was good. */
class Slot {
	constructor(path, every, { value, etag = null, at = 0, isAsked = false, stop = null } = {}) {
		Object.assign(this, { path, every, value, etag, error: null, at, due: 0, isAsked: isAsked || !!stop, failures: 0, stop: null });
	}

	/* True: what there is to be seen has changed. */
	async ask() {
		const hadError = this.error;

		this.isAsked = false; /* whoever asks from now on wants a newer answer than this one */
		this.stop = new AbortController();
		try {
			const { value, etag } = await get(this.path, { signal: this.stop.signal });
			const isNew = value !== this.value;

			Object.assign(this, { value, etag, error: null, at: Date.now(), failures: 0, due: Date.now() + this.every * 1000 });
			return isNew || !!hadError;
		} catch (error) {
			if (error.name === "AbortError")
				return false;
			const pause = Math.min(SLOWEST, Math.max(this.every * 2 ** ++this.failures, error.retryAfter || 0));

			Object.assign(this, { error, due: Date.now() + pause * 1000 });
			return hadError?.detail !== error.detail || !hadError;
		} finally {
			this.stop = null;
		}
	}
}

/* The slots of the screen that is shown. changed() after each answer that changed something, asked() after each round. */
export class Poll {
	constructor({ changed, asked }) {
		this.changed = changed;
		this.asked = asked;
		this.slots = new Map();
		this.names = {};
		this.timer = 0;
		this.isPaused = false;
		document.addEventListener("visibilitychange", () => this.turn());
	}

	/* From now on these: { name: path or { path, every } }, empty ones left out. What is known of a path stays; isLater: only time went
	 * on, so that what a name stood for stays until its newer path is answered. */
	want(asks, { isLater = false } = {}) {
		const slots = new Map(), before = isLater ? this.data : {};

		this.names = {};
		for (const [name, what] of Object.entries(asks)) {
			if (!what)
				continue;
			const { path, every = EVERY } = typeof what === "string" ? { path: what } : what;

			const slot = this.slots.get(path) || new Slot(path, every, before[name]);

			this.names[name] = path;
			slot.every = slots.has(path) ? Math.min(slot.every, every) : every;
			if (!slot.error)
				slot.due = Math.min(slot.due, slot.at + slot.every * 1000);
			slots.set(path, slot);
		}
		for (const [path, slot] of this.slots)
			if (!slots.has(path))
				slot.stop?.abort();
		this.slots = slots;
		this.turn();
	}

	/* { name: slot } */
	get data() {
		return Object.fromEntries(Object.entries(this.names).map(([name, path]) => [name, this.slots.get(path)]));
	}

	/* Everything again now, also while figures stand still: something was done. */
	refresh() {
		for (const slot of this.slots.values())
			slot.isAsked = true;
		return this.turn();
	}

	pause(isPaused) {
		this.isPaused = isPaused;
		this.turn();
	}

	/* When a slot is to be asked for; while figures stand still: when somebody wants it, or when nothing is known of it yet. */
	dueOf(slot) {
		if (slot.stop || this.isPaused && slot.at && !slot.isAsked)
			return Infinity;
		return slot.isAsked ? 0 : slot.due;
	}

	/* Asks for what is due, and comes again when the next is. */
	async turn() {
		clearTimeout(this.timer);
		if (document.hidden || isSigning())
			return;
		const now = Date.now(), due = [...this.slots.values()].filter((slot) => this.dueOf(slot) <= now);

		await Promise.all(due.map(async (slot) => {
			if (await slot.ask() && this.slots.get(slot.path) === slot)
				this.changed();
		}));
		if (due.length)
			this.asked();
		clearTimeout(this.timer);
		const next = Math.min(...[...this.slots.values()].map((slot) => this.dueOf(slot)));

		if (next < Infinity)
			this.timer = setTimeout(() => this.turn(), Math.max(250, next - Date.now()));
	}
}
