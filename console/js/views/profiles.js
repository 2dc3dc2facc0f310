/* SPDX-License-Identifier: ISC */
/* How videos are made of recordings, by kind. */
import { h } from "../dom.js";
import { can, path } from "../api.js";
import { int } from "../format.js";
import { button, grid, note, panel, part } from "../parts.js";
import { edit, remove, NAME } from "./object.js";

const where = (name) => path`profiles/${name}`;
const box = (name, label, help) => ({ name, label, type: "checkbox", help });
const listed = (type) => [{ name: "type", label: "Format", value: type, help: "What getRecordings calls it." },
	box("listed", "Listed by getRecordings"), box("preset", "Preset", "For secrets without a profile of their own.")];
const DOWNLOAD = box("download", "To be saved", "Browsers save the video and do not play it.");
const size = (name, label, value) => ({ name, label, type: "number", min: 320, max: 3840, step: 2, value });

/* kind -> title, what it needs, its fields, what of it stands in the list */
const KINDS = {
	player: ["Played in the browser", "Needs the format presentation on the nodes, and nothing else: it is there as soon as the recording has arrived.",
		listed("presentation"), () => "slides, chat, webcams, screen"],
	copy: ["The node's own video", "Needs a node that makes videos itself, such as with bbb-playback-video. Costs no time here.",
		[{ name: "source", label: "Taken from", type: "select", choices: [["any", "the best there is"], "video", "podcast", "deskshare", "webcams"] },
			...listed("video"), DOWNLOAD], (p) => (p.source === "any" ? "the best there is" : p.source)],
	presentation: ["Drawn video", "Needs the format presentation on the nodes, ffmpeg here, and time of a processor for each recording.",
		[size("width", "Width", 1280), size("height", "Height", 720),
			{ name: "fps", label: "Pictures a second", type: "number", min: 1, max: 60, step: 1, value: 15 },
			{ name: "crf", label: "Quality", type: "number", min: 0, max: 51, step: 1, value: 25, help: "0 to 51; less is better and larger." },
			{ name: "speed", label: "Speed of the coder", type: "select",
				choices: ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"], value: "superfast",
				help: "Slower makes smaller files." },
			{ name: "container", label: "Container", type: "select", choices: ["mp4", "webm"] },
				{ name: "webcams", label: "Webcams", type: "select", choices: [["side", "beside the slides"], ["none", "not shown"]] },
			box("cursor", "With the pointer"), box("annotations", "With what is drawn on slides"), box("captions", "With captions"), ...listed("video"),
				DOWNLOAD], (p) => `${p.width} x ${p.height}, ${p.fps} a second, ${p.container}`],
};
const fieldsOf = (kind) => [NAME, { name: "description", label: "Description" }, ...KINDS[kind][2]];
const PRESENT = { listed: true, cursor: true, annotations: true, captions: true };

const change = (kind, object) => {
	const fields = fieldsOf(kind);

	return object ? edit({ title: `Profile ${object.name}`, fields, object, where }) : edit({ title: `New profile: ${KINDS[kind][0].toLowerCase()}`,
		text: [KINDS[kind][1]], fields, values: PRESENT, where, more: { kind } });
};
const yes = (is) => (is ? "yes" : h("span", { class: "none" }, "no"));

const draft = (kind, items) => panel(KINDS[kind][0], can("configure") ? button("Add", () => change(kind), "small", "plus") : null,
	note(KINDS[kind][1]), items.length ? grid(`Profiles: ${KINDS[kind][0]}`,
	[["Profile"], ["What"], ["Format", "opt"], ["Listed"], ["Preset"], ["Secrets", "num"], ["", "act"]],
		items.map((p) => [[p.name, h("span", { class: "sub" }, p.description)], KINDS[kind][3](p), p.type, yes(p.listed), yes(p.preset),
		int(p.secrets),
		can("configure") ? [button("Edit", () => change(kind, p), "small"),
			button("Remove", () => remove({ name: p.name, where: where(p.name), etag: p.etag, text: "Videos that were made with it stay." }),
			"small")] : null])) : h("p", null, "None."));

export const ask = () => ({ profiles: "profiles?limit=500" });
export const draw = (at, data) => part(data.profiles, ({ items }) => Object.keys(KINDS).map((kind) => draft(kind,
	items.filter((p) => p.kind === kind))));
