/* SPDX-License-Identifier: ISC */
/* Curves over time. Chart.js draws them where it is installed; the figures stand beside them as a table for who cannot see them. */
import { h, lazy } from "./dom.js";
import { int, time, date } from "./format.js";

const DAY = 86400;
const ROWS = 26; /* of the table of figures, at most */

/* A colour of the sheet as it is now: a canvas knows no light-dark(). */
function css(name) {
	document.body.style.outlineColor = `var(${name})`;
	return getComputedStyle(document.body).outlineColor;
}

/* The library comes with the first chart: what is seen before need not wait for it. It makes itself known as window.Chart. */
let library = null;
const arrives = () => (library ??= import("../vendor/chart.min.js").then(() => !!window.Chart, () => false));
let drawn = [];

/* A short name for these figures: a chart is drawn anew only when it is another. */
const digest = (text) => [...text].reduce((sum, c) => (sum * 33 + c.charCodeAt(0)) | 0, 5381);

/* A chart whose canvas has left the page gives its memory back. */
function track(entry) {
	drawn = drawn.filter((one) => one.canvas.isConnected || void one.chart.destroy());
	drawn.push(entry);
}
addEventListener("themechange", () => {
	for (const one of drawn.filter((entry) => entry.canvas.isConnected)) {
		one.chart.destroy();
		one.chart = one.build();
	}
});

/* How the lines of a chart look: name -> settings of Chart.js. */
const LOOKS = {
	now: () => ({ borderColor: css("--accent"), borderWidth: 2, fill: true, backgroundColor: css("--accent-fade") }),
	before: () => ({ borderColor: css("--muted-line"), borderWidth: 1.5, borderDash: [4, 4] }),
	second: () => ({ borderColor: css("--info-line"), borderWidth: 2 }),
	third: () => ({ borderColor: css("--warn-line"), borderWidth: 2 }),
};

/* Full hours and midnights of the browser's zone. */
function ticks(from, to, step) {
	const zone = new Date(from * 1000).getTimezoneOffset() * 60, list = [];

	for (let at = Math.ceil((from - zone) / step) * step + zone; at <= to; at += step)
		list.push({ value: at });
	return list;
}
const tick = (span) => (value) => (span > 2 * DAY ? date(value * 1000).slice(5) : time(value * 1000));

function settings({ at, lines, from, to, format }, type) {
	const font = { family: getComputedStyle(document.body).fontFamily, size: 11 }, muted = css("--muted"), span = to - from;
	const steps = [300, 900, 1800, 3600, 7200, 14400, 21600, 43200, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 56 * DAY];
	const step = steps.find((n) => span / n <= 8) || 56 * DAY;

	return {
		type,
		data: { datasets: lines.map((line) => ({ label: line.name, pointRadius: 0, tension: 0.2, ...LOOKS[line.look || "now"](),
			...(line.color ? { backgroundColor: css(line.color), borderWidth: 0 } : {}),
			data: at.map((x, i) => ({ x, y: line.values[i] })) })) },
		options: {
			animation: false, responsive: true, maintainAspectRatio: false, parsing: false, normalized: true,
				interaction: { mode: "index", intersect: false, axis: "x" },
			scales: {
				x: { type: "linear", min: from, max: to, stacked: type === "bar", offset: false, grid: { display: false }, border: { display: false },
					afterBuildTicks: (axis) => (axis.ticks = ticks(from, to, step)),
					ticks: { font, color: muted, maxRotation: 0, autoSkip: false, callback: tick(span) } },
				y: { beginAtZero: true, stacked: type === "bar", grid: { color: css("--line"), drawTicks: false, drawBorder: false },
					ticks: { maxTicksLimit: 6, precision: 0, padding: 8, font, color: muted, callback: format || int } },
			},
			plugins: { legend: { display: false }, tooltip: { backgroundColor: css("--tip"), titleColor: css("--tip-text"),
				bodyColor: css("--tip-text"), padding: 10, cornerRadius: 6, boxPadding: 4, usePointStyle: true,
				filter: (item) => type !== "bar" || item.parsed.y > 0,
				callbacks: { title: ([item]) => (item ? `${date(item.parsed.x * 1000)} ${time(item.parsed.x * 1000)}` : ""),
					label: (item) => ` ${item.dataset.label}: ${(format || int)(item.parsed.y)}` } } },
		},
	};
}

function figures(title, { at, lines, format }, stamp) {
	const every = Math.max(1, Math.ceil(at.length / ROWS)), rows = at.map((_, i) => i).filter((i) => i % every === 0 || i === at.length - 1);

	return lazy("details", { class: "figures" }, `figures ${title}`, stamp, () => [h("summary", null, "Figures as a table"), h("table", null,
		h("caption", { class: "sr" }, title), h("thead", null,
			h("tr", null, ["Time", ...lines.map((line) => line.name)].map((name) => h("th", { scope: "col" }, name)))),
		h("tbody", null, rows.map((i) => h("tr", null, h("th", { scope: "row" }, `${date(at[i] * 1000).slice(5)} ${time(at[i] * 1000)}`),
			lines.map((line) => h("td", null, (format || int)(line.values[i]))))))) ]);
}

/* chart("Attendees", { at: [seconds], lines: [{ name, values, look: now before second third, color: "--bad-line" of a bar }], from, to, format }, "bar")
 * from and to are seconds; without them the chart is as long as its figures. stamp: the tag of the answer that the figures are from;
 * without it they are compared themselves. */
export function chart(title, data, type = "line") {
	const whole = { from: data.at[0], to: data.at.at(-1), ...data };
	const most = Math.max(0, ...data.lines[0]?.values.filter((v) => v !== null) || []);
	const stamp = data.stamp ?? digest(JSON.stringify([data.at, data.lines]));
	const label = `${title}: at most ${(data.format || int)(most)}. The table below has the figures.`;

	return [lazy("div", { class: "chart" }, `chart ${title} ${stamp}`, "drawn", () => {
		const canvas = h("canvas", { role: "img", "aria-label": label });
		const build = () => new window.Chart(canvas, settings(whole, type));

		arrives().then((isThere) => {
			if (!isThere)
				canvas.closest(".chart")?.setAttribute("hidden", "");
			else if (canvas.isConnected)
				track({ canvas, build, chart: build() });
		});
		return canvas;
	}), figures(title, data, stamp)];
}
