/* SPDX-License-Identifier: ISC */
/* Entry of the player: gets the data, puts the parts together, moves them once a picture. */
import { Timeline, formatTime, parseTime } from "./timeline.js";
import { Stage } from "./stage.js";
import { Media } from "./media.js";
import { makePanels, node } from "./panels.js";
import { Controls } from "./controls.js";

const byId = (id) => document.getElementById(id);
const root = byId("player");

/* Text tracks that were uploaded, and a video, stand beside the recording, by addresses of their own. */
const { beside, video, tracks } = document.documentElement.dataset;
const uploaded = () => JSON.parse(tracks || "[]").map(([lang, label, nonce]) => [lang, label, beside + nonce, true]);

/* The address of a file of the recording. */
const fileUrl = (name) => "f/" + name.split("/").map(encodeURIComponent).join("/");

/* Frames of other sites may refuse to remember. */
const memory = {
	get(key) {
		try {
			return localStorage.getItem(`b3lb ${key}`);
		} catch {
			return null;
		}
	},
	set(key, value) {
		try {
			localStorage.setItem(`b3lb ${key}`, value);
		} catch { /* then it is forgotten */ }
	},
};

function say(text, kind = "") {
	const box = byId("message");

	box.className = `message-box ${kind}`;
	box.textContent = text;
	box.hidden = !text;
}

/* What cannot be played here can be seen as a video, where there is one. */
function offerVideo(text) {
	say(text, "error");
	if (video)
		byId("message").append(" ", node("a", { href: beside + video }, "Watch the video instead"));
}

class Player {
	constructor(timeline) {
		const query = new URLSearchParams(location.search), hash = new URLSearchParams(location.hash.slice(1));

		this.timeline = timeline;
		timeline.captions = [...timeline.captions, ...uploaded()];
		this.key = location.pathname;
		this.stage = new Stage(byId("slide"), timeline, fileUrl);
		this.media = new Media(timeline, byId("main"), byId("share"), fileUrl);
		this.panels = makePanels(byId("panels"), { timeline, url: fileUrl, seek: (t) => this.seek(t) });
		this.controls = new Controls(this, byId("controls"), byId("tools"), memory);
		this.arrange(query.get("l") || hash.get("l"));
		this.addCaptions();
		this.media.addEventListener("lost", () => offerVideo("Sound and webcams of this recording cannot be played here."));
		this.media.addEventListener("wait", () => root.classList.add("waiting"));
		this.media.addEventListener("change", () => this.changed());
		for (const name of ["playing", "canplay", "seeked", "timeupdate"])
			byId("main").addEventListener(name, () => root.classList.remove("waiting"));
		addEventListener("hashchange", () => this.seekTo(new URLSearchParams(location.hash.slice(1)).get("t")));
		addEventListener("pagehide", () => this.remember());
		const asked = parseTime(query.get("t") || hash.get("t"));

		this.media.seek(asked !== null ? asked : Number(memory.get(`at ${this.key}`)) || 0);
		this.draw();
	}

	/* Parts that are not there take no room. */
	arrange(layout) {
		const sound = this.timeline.media.main.length > 0, pictures = sound && !this.timeline.media.main[0][1].startsWith("audio/");

		root.classList.toggle("no-cam", !pictures);
		root.classList.toggle("no-slides", this.timeline.slides.length === 0);
		if (["content", "media", "webcams"].includes(layout))
			root.dataset.layout = layout;
		byId("title").textContent = this.timeline.title || "Recording";
		document.title = this.timeline.title || "Recording";
		for (const name of ["cam", "stage"])
			byId(name).addEventListener("click", (event) => event.target.closest("a") || this.media.toggle());
	}

	/* Shown over the slide, where they can be read, and not in the small picture. */
	addCaptions() {
		const box = byId("captions");

		this.tracks = this.timeline.captions.map(([lang, label, file, whole]) => {
			const track = node("track", { kind: "captions", srclang: lang, label, src: whole ? file : fileUrl(file) });

			byId("main").append(track);
			track.track.mode = "disabled";
			track.track.addEventListener("cuechange", () => {
				const cues = [...(track.track.activeCues || [])].map((cue) => cue.getCueAsHTML().textContent);

				if (track.track.mode === "hidden")
					box.textContent = cues.join("\n");
				box.hidden = !box.textContent;
			});
			return { lang, label, track: track.track };
		});
		this.caption = -1;
	}

	setCaption(wanted) {
		this.caption = wanted < this.tracks.length ? wanted : -1;
		this.tracks.forEach(({ track }, i) => { track.mode = i === this.caption ? "hidden" : "disabled"; });
		byId("captions").hidden = true;
		byId("captions").textContent = "";
		this.controls.update();
	}

	seek(t) {
		this.media.seek(t);
		this.draw();
	}

	seekTo(text) {
		const t = parseTime(text);

		if (t !== null)
			this.seek(t);
	}

	/* To the slide before or behind. */
	turn(step) {
		const chapters = this.timeline.chapters(), t = this.media.time;
		let at = chapters.length - 1;

		while (at > 0 && chapters[at].t > t)
			at--;
		/* Back at first goes to the begin of this one. */
		if (step < 0 && chapters[at] && t - chapters[at].t > 3)
			step = 0;
		const to = chapters[at + step];

		if (to)
			this.seek(to.t);
	}

	remember() {
		const t = this.media.time;

		memory.set(`at ${this.key}`, t < this.timeline.duration - 5 ? String(Math.floor(t)) : "0");
	}

	link() {
		const url = new URL(location.href);

		url.hash = "";
		url.searchParams.set("t", `${Math.floor(this.media.time)}s`);
		return url.href;
	}

	changed() {
		root.classList.toggle("playing", this.media.playing);
		if (!this.media.playing)
			root.classList.remove("waiting");
		this.draw();
		if (this.media.playing && !this.going) {
			this.going = true;
			requestAnimationFrame(() => this.frame());
		}
	}

	frame() {
		this.going = this.media.playing;
		this.draw();
		if (!this.going)
			return;
		requestAnimationFrame(() => this.frame());
		if (!(this.saved && performance.now() - this.saved < 5000)) {
			this.saved = performance.now();
			this.remember();
		}
	}

	draw() {
		const state = this.timeline.stateAt(this.media.time);

		root.classList.toggle("shared", Boolean(state.share && this.media.share));
		root.classList.toggle("hidden-slides", state.hidden);
		this.stage.show(state);
		this.media.follow(Boolean(state.share), this.timeline.nextShare(state.t));
		this.panels.show(state);
		this.controls.update();
	}
}

async function start() {
	const answer = await fetch("timeline.json", { credentials: "same-origin" });

	if (!answer.ok)
		throw new Error(answer.status === 404 ? "This recording is not there any more." : `The recording cannot be loaded (${answer.status}).`);
	const player = new Player(new Timeline(await answer.json()));

	say("");
	root.classList.remove("loading");
	/* For tests, and for who is curious. */
	window.player = player;
	document.documentElement.dataset.ready = formatTime(player.timeline.duration);
}

start().catch((error) => offerVideo(error.message || "The recording cannot be shown."));
