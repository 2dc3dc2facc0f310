/* SPDX-License-Identifier: ISC */
/* The last hours of one row, small: a line without axes; a gap where there is no figure. */
import { s } from "./dom.js";

const WIDTH = 76, HEIGHT = 22;

export function spark(values, label) {
	const top = Math.max(1, ...values), step = WIDTH / Math.max(1, values.length - 1), runs = [];
	let run = [];

	for (const [i, value] of [...values, null].entries()) {
		if (value !== null && value !== undefined && i < values.length) {
			run.push(`${(i * step).toFixed(1)},${(HEIGHT - 2 - Math.max(0, value) / top * (HEIGHT - 4)).toFixed(1)}`);
			continue;
		}
		if (run.length)
			runs.push(run);
		run = [];
	}
	return s("svg", { class: "spark", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: "img", "aria-label": label },
		runs.map((points) => [
		s("polygon", { points: `${points[0].split(",")[0]},${HEIGHT} ${points.join(" ")} ${points.at(-1).split(",")[0]},${HEIGHT}` }),
			s("polyline", { points: points.join(" ") })]));
}
