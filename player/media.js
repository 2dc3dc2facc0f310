/* SPDX-License-Identifier: ISC */
/* The clock of a recording: its sound and webcams lead, the shared screen follows; without any, time itself leads. */

/* Seconds that the follower may be off before it is put right at once, and before its rate is changed for it. */
const JUMP = 1;
const DRIFT = 0.15;
/* How often an element is loaded anew when it breaks off: addresses may last for a while only. */
const RETRIES = 5;

/* The first that the browser plays, the address with it; null: none. */
export function choose(element, files) {
	for (const sure of ["probably", "maybe"])
		for (const [name, type] of files)
			if (element.canPlayType(type) === sure || (sure === "maybe" && element.canPlayType(type)))
				return name;
	return null;
}

export class Media extends EventTarget {
	/* main, share: video elements. Events: "change" (playing or not, time jumped, rate), "wait", "lost" (it can not be played). */
	constructor(timeline, main, share, url) {
		super();
		this.timeline = timeline;
		this.duration = timeline.duration;
		this.wanted = false; /* what the viewer wants */
		this.rate = 1;
		this.base = 0;       /* the time at since, when nothing leads */
		this.since = null;   /* null: time stands still */
		this.inShare = false;
		this.jumped = false; /* to another time, which follow() has not seen */
		this.seen = 0;       /* where it was last */
		this.main = this.begin(main, timeline.media.main, url, () => this.lose());
		this.share = this.begin(share, timeline.share.length ? timeline.media.share : [], url, () => {
			this.share = null;
			this.release();
		});
		if (timeline.media.main.length && !this.main)
			queueMicrotask(() => this.lose());
		if (this.main)
			this.lead();
		if (this.share) {
			share.muted = true;
			share.addEventListener("waiting", () => this.hold());
			share.addEventListener("playing", () => this.release());
			share.addEventListener("canplay", () => this.release());
		}
	}

	begin(element, files, url, lost) {
		const name = files.length ? choose(element, files) : null;
		let tries = 0;

		if (!name)
			return null;
		element.preload = "metadata";
		element.src = url(name);
		element.addEventListener("error", () => {
			const at = this.seen;

			if (tries++ >= RETRIES || !element.error || (element.error.code === 4 && tries > 2)) {
				lost();
				this.tell("change");
				return;
			}
			setTimeout(() => {
				element.load();
				element.currentTime = at;
				if (this.wanted)
					this.start(element);
			}, 500 * tries);
			this.base = at;
			this.tell("wait");
		});
		element.addEventListener("playing", () => { tries = 0; });
		return element;
	}

	lead() {
		for (const event of ["play", "pause", "seeked", "loadedmetadata"])
			this.main.addEventListener(event, () => this.tell("change"));
		this.main.addEventListener("waiting", () => {
			this.tell("wait");
			if (this.share)
				this.share.pause();
		});
		this.main.addEventListener("playing", () => this.tell("change"));
		/* It may be shorter than the recording: then time itself goes on from there. */
		this.main.addEventListener("ended", () => {
			this.base = Math.min(this.main.duration, this.duration);
			this.since = this.wanted ? performance.now() : null;
			this.tell("change");
		});
	}

	tell(event) {
		this.dispatchEvent(new Event(event));
	}

	lose() {
		this.base = this.time;
		this.main = null;
		this.since = this.wanted ? performance.now() : null;
		this.tell("lost");
	}

	/* Whether the element leads at this time. */
	leads(t = this.base) {
		return this.main && !(t > 0 && t >= this.main.duration - 0.05);
	}

	get behind() {
		return !this.main || this.main.ended || !this.leads();
	}

	get time() {
		let t = this.base;

		if (this.main && !this.behind && this.main.readyState > 0 && !this.main.error)
			t = this.main.currentTime;
		else if (this.since !== null)
			t = this.base + (performance.now() - this.since) / 1000 * this.rate;
		return Math.min(Math.max(t, 0), this.duration);
	}

	/* From the first time that something is wanted of it: until then a browser reads no more than it needs for the first picture, and
	   afterwards it would go on asking for a piece at a time. */
	load(element) {
		if (element.preload !== "auto")
			element.preload = "auto";
	}

	get playing() {
		return this.wanted && this.time < this.duration;
	}

	start(element) {
		this.load(element);
		const going = element.play();

		/* Refused: browsers want a touch first. */
		if (going)
			going.catch((error) => {
				if (error.name === "NotAllowedError" && element === this.main)
					this.pause();
			});
	}

	play() {
		if (this.time >= this.duration - 0.05)
			this.seek(0);
		this.wanted = true;
		if (!this.behind) {
			this.main.playbackRate = this.rate;
			this.start(this.main);
		} else {
			this.base = this.time;
			this.since = performance.now();
		}
		this.tell("change");
	}

	pause() {
		this.base = this.time;
		this.wanted = false;
		this.since = null;
		if (this.main)
			this.main.pause();
		if (this.share)
			this.share.pause();
		this.tell("change");
	}

	toggle() {
		if (this.playing)
			this.pause();
		else
			this.play();
	}

	seek(t) {
		const to = Math.min(Math.max(t, 0), this.duration);

		this.base = to;
		this.since = null;
		this.jumped = true;
		if (this.main && this.leads(to)) {
			if (to > 0)
				this.load(this.main);
			this.main.currentTime = to;
			if (this.wanted)
				this.start(this.main);
		} else {
			if (this.main)
				this.main.pause();
			this.since = this.wanted ? performance.now() : null;
		}
		this.tell("change");
	}

	setRate(rate) {
		this.base = this.time;
		if (this.since !== null)
			this.since = performance.now();
		this.rate = rate;
		for (const element of [this.main, this.share])
			if (element)
				element.playbackRate = rate;
		this.tell("change");
	}

	/* The shared screen is not ready: all wait for it, so that sound and picture stay together. */
	hold() {
		if (!this.inShare || !this.playing || !this.main || this.held)
			return;
		this.held = true;
		this.main.pause();
		this.tell("wait");
	}

	release() {
		if (!this.held)
			return;
		this.held = false;
		if (this.wanted && this.main && !this.behind)
			this.start(this.main);
	}

	/* Once a picture: brings the shared screen to where the recording is. on: it is shown now; else next is when it will be, where it
	   waits, so that it is there in time. */
	follow(on, next) {
		const t = this.time;

		this.seen = t;
		if (this.wanted && t >= this.duration)
			this.pause();
		if (!this.share)
			return;
		const entered = on && !this.inShare, jumped = this.jumped;

		this.inShare = on;
		this.jumped = false;
		if (on) {
			this.sync(t, entered ? DRIFT : JUMP, jumped);
			return;
		}
		this.release();
		if (!this.share.paused)
			this.share.pause();
		/* What is shown now comes first. */
		if (next === null || this.share.readyState === 0 || this.share.seeking || (this.main && (this.main.seeking || this.main.readyState < 2)))
			return;
		if (Math.abs(this.share.currentTime - next) > DRIFT)
			this.place(next);
	}

	place(t) {
		this.load(this.share);
		this.share.currentTime = t;
	}

	/* jump: how far it may be off before it is put right at once, while both go. jumped: it does not get first to where it was sent before. */
	sync(t, jump, jumped) {
		/* One that was cut off stands at its last picture. */
		const end = this.share.duration || Infinity, to = Math.min(t, end - 0.05), off = to - this.share.currentTime;
		const going = this.playing && t < end && !(this.main && this.main.seeking);

		if (this.share.readyState === 0 || (this.share.seeking && !jumped))
			return;
		if (Math.abs(off) > (going ? jump : 0.04))
			this.place(to);
		this.share.playbackRate = this.rate * (going && Math.abs(off) > DRIFT ? 1 + Math.sign(off) * 0.05 : 1);
		if (going && this.share.paused && !this.held && !this.share.ended)
			this.start(this.share);
		else if (!going && !this.share.paused)
			this.share.pause();
	}
}
