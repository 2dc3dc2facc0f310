/* SPDX-License-Identifier: ISC */
/* Buttons, the seek bar and the keyboard. */
import { formatTime } from "./timeline.js";
import { node } from "./panels.js";
import { svgNode } from "./stage.js";

const ICONS = {
	play: "M7 4l14 8-14 8z",
	pause: "M6 4h4v16H6zM14 4h4v16h-4z",
	back: "M12 5V1L6 6l6 5V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z",
	forward: "M12 5V1l6 5-6 5V7a6 6 0 1 0 6 6h2a8 8 0 1 1-8-8z",
	loud: "M3 9v6h4l6 5V4L7 9zM15 8.5v7a4 4 0 0 0 0-7zM15 4v2.2a6 6 0 0 1 0 11.6V20a8 8 0 0 0 0-16z",
	silent: "M3 9v6h4l6 5V4L7 9zM16 9l2 2 2-2 1.4 1.4-2 2 2 2-1.4 1.4-2-2-2 2-1.4-1.4 2-2-2-2z",
	captions: "M3 5h18v14H3zM10 10a3 3 0 1 0 0 4l-1-1a1.5 1.5 0 1 1 0-2zM18 10a3 3 0 1 0 0 4l-1-1a1.5 1.5 0 1 1 0-2z",
	full: "M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z",
	theme: "M12 3a9 9 0 1 0 0 18zM12 1v2a9 9 0 0 1 0 18v2a11 11 0 0 0 0-22z",
	swap: "M7 4l-5 5 5 5v-4h8V8H7zM17 10v4H9v2h8v4l5-5z",
	side: "M3 4h18v16H3zM5 6v12h9V6z",
	link: "M9 15l6-6 1.4 1.4-6 6zM7 12l-2 2a3.5 3.5 0 0 0 5 5l2-2 1.4 1.4-2 2a5.5 5.5 0 0 1-7.8-7.8l2-2zM17 12l2-2a3.5 3.5 0 0 0-5-5l-2 2-1.4-1.4 2-2a5.5 5.5 0 0 1 7.8 7.8l-2 2z",
	download: "M11 3h2v9l4-4 1.4 1.4L12 16 5.600 9.400 7 8l4 4zM4 18h16v2H4z",
};
const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
const STEP = 15;

function icon(name) {
	const svg = svgNode("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });

	svg.append(svgNode("path", { d: ICONS[name], "fill-rule": "evenodd" }));
	return svg;
}

function button(name, title, click) {
	return node("button", { type: "button", title, "aria-label": title, click }, icon(name));
}

/* Another picture and name on a button; nothing is touched when it has them. */
function relabel(element, name, title) {
	if (element.title === title)
		return;
	element.title = title;
	element.setAttribute("aria-label", title);
	element.replaceChildren(icon(name));
}

export class Controls {
	constructor(player, bar, tools, memory) {
		this.player = player;
		this.media = player.media;
		this.root = document.getElementById("player");
		this.memory = memory;
		this.makeBar(bar);
		this.makeTools(tools);
		this.setRate(Number(memory.get("rate")) || 1);
		this.setVolume(memory.get("volume") === null ? 1 : Number(memory.get("volume")));
		this.setTheme(memory.get("theme"));
		document.addEventListener("keydown", (event) => this.key(event));
	}

	makeBar(bar) {
		const { duration } = this.player.timeline, media = this.media;

		this.playButton = button("play", "Play (space)", () => media.toggle());
		this.playButton.id = "play";
		this.bar = node("input", {
			type: "range", id: "seek", min: 0, max: duration, step: "any", value: 0, "aria-label": "Position",
			input: () => this.player.seek(Number(this.bar.value)),
		});
		this.clock = node("span", { class: "clock" });
		this.volume = node("input", {
			type: "range", class: "volume", min: 0, max: 1, step: 0.05, value: 1, "aria-label": "Volume",
			input: () => this.setVolume(Number(this.volume.value)),
		});
		this.mute = button("loud", "Mute (m)", () => this.toggleMute());
		this.rate = node("select", { title: "Speed", "aria-label": "Speed", change: () => this.setRate(Number(this.rate.value)) },
			...RATES.map((rate) => node("option", { value: rate }, `${rate}×`)));
		this.captions = node("select", { title: "Captions (c)", "aria-label": "Captions", change: () => this.player.setCaption(Number(this.captions.value)) },
			node("option", { value: -1 }, "No captions"), ...this.player.timeline.captions.map(([, label], i) => node("option", { value: i }, label)));
		bar.replaceChildren(
			node("div", { class: "seek" }, this.bar, this.makeMarks(duration)),
			node("div", { class: "row" },
				this.playButton, button("back", `${STEP} seconds back (j)`, () => this.step(-STEP)), button("forward", `${STEP} seconds on (l)`, () => this.step(STEP)),
				this.clock, node("span", { class: "gap" }),
				this.player.timeline.captions.length ? this.captions : null, this.rate,
				this.player.timeline.media.main.length ? node("span", { class: "sound" }, this.mute, this.volume) : null,
				this.makeFull()));
	}

	/* Where slides change. */
	makeMarks(duration) {
		const marks = node("div", { class: "marks", "aria-hidden": "true" });

		for (const { t } of this.player.timeline.chapters().slice(0, 500)) {
			if (t <= 0 || !duration)
				continue;
			const mark = node("i");

			mark.style.left = `${100 * t / duration}%`;
			marks.append(mark);
		}
		return marks;
	}

	makeFull() {
		const video = document.getElementById("main");

		if (document.fullscreenEnabled)
			return button("full", "Full screen (f)", () => this.toggleFull());
		return video.webkitEnterFullscreen ? button("full", "Full screen", () => video.webkitEnterFullscreen()) : null;
	}

	makeTools(tools) {
		const { beside, video, download } = document.documentElement.dataset;
		const pictures = !this.root.classList.contains("no-cam");

		tools.replaceChildren(
			button("link", "Copy a link to this moment", () => this.copyLink()),
			video && download ? node("a", { class: "button", href: `${beside}${video}?download=1`, title: "Download the video", "aria-label": "Download the video" }, icon("download")) : "",
			pictures ? button("swap", "Swap slides and webcams (s)", () => this.root.classList.toggle("swapped")) : "",
			button("side", "Show or hide what is beside the slides (h)", () => this.root.classList.toggle("no-side")),
			button("theme", "Light or dark", () => this.setTheme(this.isDark() ? "light" : "dark")));
		this.linkField = node("input", { class: "link", readonly: true, hidden: true, "aria-label": "Link to this moment", blur: () => { this.linkField.hidden = true; } });
		tools.prepend(this.linkField);
	}

	async copyLink() {
		const link = this.player.link();

		this.linkField.value = link;
		this.linkField.hidden = false;
		this.linkField.focus();
		this.linkField.select();
		try {
			await navigator.clipboard.writeText(link);
		} catch { /* a frame of another site may not: it stands there, selected */ }
	}

	isDark() {
		return (document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
	}

	setTheme(theme) {
		if (theme !== "light" && theme !== "dark")
			return;
		document.documentElement.dataset.theme = theme;
		this.memory.set("theme", theme);
	}

	setRate(rate) {
		const known = RATES.includes(rate) ? rate : 1;

		this.rate.value = String(known);
		this.media.setRate(known);
		this.memory.set("rate", known);
	}

	setVolume(volume) {
		const element = document.getElementById("main");

		element.volume = Math.min(Math.max(volume, 0), 1);
		element.muted = element.volume === 0;
		this.volume.value = element.volume;
		this.memory.set("volume", element.volume);
		this.update();
	}

	toggleMute() {
		const element = document.getElementById("main");

		element.muted = !element.muted;
		if (!element.muted && element.volume === 0)
			this.setVolume(1);
		this.update();
	}

	toggleFull() {
		if (document.fullscreenElement)
			document.exitFullscreen();
		else
			this.root.requestFullscreen().catch(() => {});
	}

	step(seconds) {
		this.player.seek(this.media.time + seconds);
	}

	update() {
		const t = this.media.time, text = `${formatTime(t)} / ${formatTime(this.player.timeline.duration)}`;
		const muted = document.getElementById("main").muted;

		if (!this.bar.matches(":active"))
			this.bar.value = t;
		if (this.clock.textContent !== text) {
			this.clock.textContent = text;
			this.bar.setAttribute("aria-valuetext", text);
			this.bar.style.setProperty("--done", `${100 * t / (this.player.timeline.duration || 1)}%`);
		}
		relabel(this.playButton, this.media.playing ? "pause" : "play", this.media.playing ? "Pause (space)" : "Play (space)");
		relabel(this.mute, muted ? "silent" : "loud", muted ? "Sound on (m)" : "Mute (m)");
		if (this.player.caption !== undefined)
			this.captions.value = String(this.player.caption);
	}

	key(event) {
		const { duration, captions } = this.player.timeline, target = event.target;
		const typing = target.matches("input:not([type=range]), textarea, select");
		const keys = {
			" ": () => this.media.toggle(), k: () => this.media.toggle(),
			ArrowLeft: () => this.step(-5), ArrowRight: () => this.step(5), j: () => this.step(-STEP), l: () => this.step(STEP),
			Home: () => this.player.seek(0), End: () => this.player.seek(duration),
			p: () => this.player.turn(-1), n: () => this.player.turn(1),
			f: () => this.toggleFull(), m: () => this.toggleMute(),
			c: () => captions.length && this.player.setCaption(this.player.caption + 1),
			s: () => this.root.classList.toggle("swapped"), h: () => this.root.classList.toggle("no-side"),
			"/": () => this.player.panels.openSearch(),
			"<": () => this.turnRate(-1), ">": () => this.turnRate(1),
		};
		let act = keys[event.key];

		if (event.ctrlKey || event.metaKey || event.altKey || typing || (event.key === " " && target.matches("button, a")))
			return;
		if (/^[0-9]$/.test(event.key))
			act = () => this.player.seek(duration * Number(event.key) / 10);
		if (!act)
			return;
		event.preventDefault();
		act();
	}

	turnRate(step) {
		this.setRate(RATES[Math.min(Math.max(RATES.indexOf(this.media.rate) + step, 0), RATES.length - 1)]);
	}
}
