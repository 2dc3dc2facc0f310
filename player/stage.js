/* SPDX-License-Identifier: ISC */
/* The slide with all that is drawn on it, as SVG. What stands in the data is put in as text and attributes only. */

const SVG = "http://www.w3.org/2000/svg";
const FAMILIES = [
	'"Liberation Sans", Arial, Helvetica, sans-serif',
	'"Liberation Serif", "Times New Roman", serif',
	'"Liberation Mono", "Courier New", monospace',
	'"Comic Neue", "Comic Sans MS", cursive, sans-serif',
];
/* Slides that stay loaded. */
const KEPT = 8;

export function svgNode(name, attributes = {}) {
	const node = document.createElementNS(SVG, name);

	for (const [key, value] of Object.entries(attributes))
		node.setAttribute(key, value);
	return node;
}

function setExtra(node, extra, x, y) {
	if (extra && extra.o !== undefined)
		node.setAttribute("opacity", extra.o);
	if (extra && extra.a)
		node.setAttribute("transform", `rotate(${extra.a} ${x} ${y})`);
}

function pathNode([, , , stroke, width, fill, extra]) {
	const node = svgNode("path", {
		"stroke": stroke || "none", "stroke-width": width, "fill": fill || "none",
		"stroke-linecap": "round", "stroke-linejoin": "round",
	});

	if (extra && extra.dash)
		node.setAttribute("stroke-dasharray", extra.dash.join(" "));
	setExtra(node, extra, 0, 0);
	return node;
}

function textNode([, x, y, angle, size, family, weight, colour, lines, extra]) {
	const node = svgNode("text", {
		"font-size": size, "font-family": FAMILIES[family] || FAMILIES[0], "font-weight": weight, "fill": colour,
	});

	for (const [dx, dy, text] of lines) {
		const line = svgNode("tspan", { x: x + dx, y: y + dy });

		line.textContent = text;
		node.append(line);
	}
	setExtra(node, extra, x, y);
	if (angle)
		node.setAttribute("transform", `rotate(${angle} ${x} ${y})`);
	return node;
}

function imageNode([, x, y, width, height, file, extra], url) {
	const node = svgNode("image", { x, y, width, height, href: url(file), preserveAspectRatio: "none" });

	setExtra(node, extra, x, y);
	return node;
}

export class Stage {
	/* url: makes a file's address of its name. */
	constructor(svg, timeline, url) {
		this.svg = svg;
		this.timeline = timeline;
		this.url = url;
		this.clips = 0;
		this.images = new Map(); /* index: node, the one used last at the end */
		this.shapes = new Map(); /* key: {i, node} */
		this.ground = svgNode("rect");
		this.slides = svgNode("g");
		this.drawn = svgNode("g", { class: "shapes" });
		this.pointer = svgNode("circle", { class: "pointer", fill: "#c70039", opacity: 0.6 });
		svg.replaceChildren(this.ground, this.slides, this.drawn, this.pointer);
	}

	show(state) {
		this.showView(state);
		this.showSlide(state.image);
		this.showShapes(state.shapes);
		this.pointer.style.display = state.cursor ? "" : "none";
		if (state.cursor) {
			this.pointer.setAttribute("cx", state.cursor[0]);
			this.pointer.setAttribute("cy", state.cursor[1]);
		}
	}

	showView({ view, board }) {
		const [x, y, width, height] = view, text = view.join(" ");

		if (this.view === text && this.board === board)
			return;
		this.view = text;
		this.board = board;
		this.svg.setAttribute("viewBox", text);
		this.svg.style.setProperty("--w", width);
		this.svg.style.setProperty("--h", height);
		for (const [key, value] of Object.entries({ x, y, width, height, fill: board ? "#f9fafb" : "#fff" }))
			this.ground.setAttribute(key, value);
		this.pointer.setAttribute("r", 0.005 * Math.hypot(width, height) + 0.002 * width);
	}

	showSlide(image) {
		if (this.image === image)
			return;
		this.image = image;
		for (const node of this.images.values())
			node.style.display = "none";
		this.load(image, true);
		this.load(image + 1, false);
	}

	load(image, shown) {
		const [file, width, height, , text] = this.timeline.images[image] || [];
		let node = this.images.get(image);

		if (shown)
			this.svg.setAttribute("aria-label", text ? `Slide: ${text}` : "Slide");
		if (file === undefined)
			return;
		if (!node) {
			node = svgNode("g");
			node.append(svgNode("rect", { width, height, fill: "#fff" }));
			if (file)
				node.append(svgNode("image", { width, height, href: this.url(file), preserveAspectRatio: "none" }));
			this.slides.append(node);
		}
		node.style.display = shown ? "" : "none";
		this.images.delete(image);
		this.images.set(image, node);
		for (const [old, oldNode] of this.images) {
			if (this.images.size <= KEPT)
				break;
			oldNode.remove();
			this.images.delete(old);
		}
	}

	showShapes(on) {
		const shapes = this.timeline.shapes, keys = new Set(on.map((i) => shapes[i][2]));
		let next = this.drawn.firstChild;

		for (const [key, { node }] of this.shapes) {
			if (keys.has(key))
				continue;
			if (next === node)
				next = node.nextSibling;
			node.remove();
			this.shapes.delete(key);
		}
		for (const i of on) {
			const shape = this.shape(i);

			if (shape.node === next)
				next = next.nextSibling;
			else
				this.drawn.insertBefore(shape.node, next);
		}
	}

	/* The node of a shape's version: of the version before, only what differs is changed. */
	shape(i) {
		const key = this.timeline.shapes[i][2], parts = this.timeline.shapes[i][4];
		const known = this.shapes.get(key) || { i: -1, node: svgNode("g") };

		if (known.i === i)
			return known;
		const paths = this.timeline.pathsOf(i), before = known.i >= 0 ? this.timeline.shapes[known.i][4] : [];
		const nodes = parts.map((part, n) => {
			const same = before[n] && part[0] === 0 && before[n][0] === 0 && JSON.stringify(part.slice(3)) === JSON.stringify(before[n].slice(3));
			const node = same ? known.nodes[n] : this.part(part);

			if (part[0] === 0)
				(node.localName === "g" ? node.firstChild : node).setAttribute("d", paths[n]);
			return node;
		});

		known.node.replaceChildren(...nodes);
		known.nodes = nodes;
		known.i = i;
		this.shapes.set(key, known);
		return known;
	}

	part(part) {
		const makers = [pathNode, textNode, imageNode], extra = part[[6, 9, 6][part[0]]];
		const node = makers[part[0]] ? makers[part[0]](part, this.url) : svgNode("g");

		if (!extra || !extra.clip)
			return node;
		/* In the slide's own coordinates, whatever turns the part itself. */
		const points = [];

		for (let n = 0; n + 1 < extra.clip.length; n += 2)
			points.push(`${extra.clip[n]},${extra.clip[n + 1]}`);
		const clip = svgNode("clipPath", { id: `clip${++this.clips}` }), group = svgNode("g", { "clip-path": `url(#clip${this.clips})` });

		clip.append(svgNode("polygon", { points: points.join(" ") }));
		group.append(node, clip);
		return group;
	}
}
