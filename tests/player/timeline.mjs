// Tests of player/timeline.js: node --test timeline.mjs. States are compared with the dumps in states/.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const here = new URL(".", import.meta.url);
const read = (name) => readFileSync(new URL(name, here), "utf8");
// As a module whatever package.json stands above it.
const { Timeline, lastAt, parseTime, formatTime } = await import(`data:text/javascript,${encodeURIComponent(read("../../player/timeline.js"))}`);

/* A state as one line, as the dumps have it. */
function dump(timeline, t) {
	const s = timeline.stateAt(t);
	const shapes = s.shapes.map((i) => {
		const paths = timeline.pathsOf(i);

		return `${timeline.shapes[i][2]}:` + timeline.shapes[i][4].map((part, n) => paths[n] ?? part[0]).join(",");
	});

	return [t, `slide ${s.slide} image ${s.image} board ${s.board}`, `view ${s.view.join(" ")}`, `shapes ${shapes.join(" | ") || "-"}`,
		`cursor ${s.cursor ? s.cursor.join(" ") : "-"}`, `share ${s.share ? s.share.join(" ") : "-"}`, `hidden ${s.hidden}`,
		`chat ${timeline.chatAt(t).join(" ") || "-"}`].join("; ");
}

for (const name of ["lesson", "edges"]) {
	test(`states of ${name}`, () => {
		const timeline = new Timeline(JSON.parse(read(`states/${name}.json`)));
		const lines = read(`states/${name}.txt`).trim().split("\n");
		const times = lines.map((line) => Number(line.split(";")[0]));

		assert.deepEqual(times.map((t) => dump(timeline, t)), lines);
		// Backwards, and at random: what was made before plays no part.
		assert.deepEqual([...times].reverse().map((t) => dump(timeline, t)), [...lines].reverse());
		for (const i of [3, 0, 4, 1, 2].filter((n) => n < lines.length))
			assert.equal(dump(timeline, times[i]), lines[i]);
	});
}

test("the last entry at or before a time", () => {
	assert.equal(lastAt([], 1), -1);
	assert.equal(lastAt([[1], [2], [2], [3]], 0.9), -1);
	assert.equal(lastAt([[1], [2], [2], [3]], 2), 2);
	assert.equal(lastAt([[1], [2], [2], [3]], 9), 3);
});

test("times are read and written", () => {
	for (const [text, seconds] of [["75", 75], ["1h2m3s", 3723], ["2m", 120], ["90s", 90], ["1:15", 75], ["1:01:01.5", 3661.5], ["0", 0]])
		assert.equal(parseTime(text), seconds, text);
	for (const text of ["", null, "x", "-5", "s", "1:2:3:4", "5 m"])
		assert.equal(parseTime(text), null, String(text));
	assert.deepEqual([0, 59.9, 61, 3600, 36061].map(formatTime), ["0:00", "0:59", "1:01", "1:00:00", "10:01:01"]);
});

test("a version continues the one before, and many of them are quick", () => {
	const shapes = [], step = "L1 1";

	for (let i = 0; i < 20000; i++)
		shapes.push([i, i + 1, 0, 0, [[0, i ? 4 + (i - 1) * 4 : 0, i ? step : "M0 0", "#000000", 1, null]]]);
	const timeline = new Timeline({ v: 1, duration: 20000, images: [[null, 10, 10, null, ""]], slides: [[0, 20000, 0, 0]], shapes });

	for (let i = 0; i < 2000; i++)
		assert.equal(timeline.pathsOf(i)[0], "M0 0" + step.repeat(i));
	assert.equal(timeline.pathsOf(19999)[0].length, 4 + 19999 * 4);
	assert.equal(timeline.pathsOf(5)[0], "M0 0" + step.repeat(5));
	assert.deepEqual(timeline.stateAt(15000.5).shapes, [15000]);
});

test("words are found on slides and in messages, by time", () => {
	const timeline = new Timeline(JSON.parse(read("states/lesson.json")));

	assert.deepEqual(timeline.search("  SECOND ").map(({ t, kind }) => [t, kind]), [[10, "slide"]]);
	assert.deepEqual(timeline.search("line two").map(({ t, kind }) => [t, kind]), [[7, "chat"]]);
	assert.deepEqual(timeline.search("lesson ada"), []);
	assert.deepEqual(timeline.search(" "), []);
});

test("at the end stays what was there last", () => {
	const timeline = new Timeline({ v: 1, duration: 9, slides: [[0, 9, 0, 0]], shapes: [[1, 9, 0, 0, []], [2, 8.99, 1, 1, []]],
		share: [[5, 9, 4, 3]], hidden: [[6, 9]] });

	for (const t of [8.995, 9, 10]) {
		const state = timeline.stateAt(t);

		assert.deepEqual([state.t, state.shapes, state.share, state.hidden], [t, [0], [5, 9, 4, 3], true]);
	}
	assert.deepEqual(timeline.stateAt(-1).shapes, []);
});

test("slides that follow each other with one image are one chapter", () => {
	const timeline = new Timeline({ v: 1, duration: 9, slides: [[0, 2, 0, 0], [2, 4, 0, 0], [4, 6, 1, 0], [6, 9, 0, 0]] });

	assert.deepEqual(timeline.chapters().map(({ t, to, image }) => [t, to, image]), [[0, 4, 0], [4, 6, 1], [6, 9, 0]]);
});

test("what is no timeline is refused, and one without anything is none to fear", () => {
	for (const data of [null, {}, { v: 2, duration: 1 }, { v: 1 }, { v: 1, duration: -1 }])
		assert.throws(() => new Timeline(data));
	const empty = new Timeline({ v: 1, duration: 0 });

	assert.deepEqual([empty.stateAt(0).shapes, empty.stateAt(0).view, empty.chapters(), empty.nextShare(0)], [[], [0, 0, 1600, 900], [], null]);
});
