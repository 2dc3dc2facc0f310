/* SPDX-License-Identifier: ISC */
/* The signs: one path each on a field of 24 x 24, drawn as a line. */
import { s } from "./dom.js";

const paths = {
	overview: "M3 12h4l2-7 4 14 2-7h6", nodes: "M4 5h16v5H4zM4 14h16v5H4zM8 7.5h.01M8 16.5h.01",
	meetings: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 19c0-3 3-5 6-5s6 2 6 5M16 5a3 3 0 0 1 0 6M17 14c3 0 5 2 5 5",
	recordings: "M4 6h11v12H4zM15 10l5-3v10l-5-3", callbacks: "M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5",
	requests: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM6 18L18 6", find: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4",
	tenants: "M4 20V8l8-4 8 4v12M9 20v-6h6v6M4 20h16", clusters: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5",
	profiles: "M4 6h16M4 12h16M4 18h16M9 4v4M15 10v4M7 16v4", state: "M6 3h9l4 4v14H6zM14 3v5h5M9 13h7M9 17h7",
	usage: "M4 20V10M10 20V4M16 20v-7M21 20H3", health: "M12 21C6 16 3 13 3 9a5 5 0 0 1 9-3 5 5 0 0 1 9 3c0 4-3 7-9 12z",
	audit: "M5 4h14v16H5zM9 9h6M9 13h6M9 17h3", access: "M8 15a4 4 0 1 1 3.5-6H21v4h-3v3h-3v-3h-3.5A4 4 0 0 1 8 15z",
	sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M19 5l-1.5 1.5M6.5 17.5L5 19",
	moon: "M20 14A8 8 0 1 1 10 4a6.5 6.5 0 0 0 10 10z", down: "M6 9l6 6 6-6", up: "M6 15l6-6 6 6", right: "M9 6l6 6-6 6", left: "M15 6l-6 6 6 6",
	close: "M6 6l12 12M18 6L6 18", ok: "M5 12l5 5 9-10", warn: "M12 4l9 16H3zM12 10v4M12 17h.01", bad: "M7 7l10 10M17 7L7 17", wait: "M12 7v5l3 3M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
	drain: "M12 4v12M7 12l5 5 5-5M6 20h12", wrench: "M14 7a4 4 0 0 1 5-4l-2.5 2.5 2 2L21 5a4 4 0 0 1-5 5l-8 9-3-3 9-8", menu: "M4 7h16M4 12h16M4 17h16",
	external: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6", csv: "M12 4v11M7 11l5 5 5-5M5 20h14", plus: "M12 5v14M5 12h14", copy: "M9 9h11v11H9zM5 15H4V4h11v1", play: "M7 5l12 7-12 7z",
	hidden: "M3 12s3-6 9-6 9 6 9 6-3 6-9 6-9-6-9-6zM4 4l16 16", bin: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13", lock: "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
};

export const icon = (name, kind = "") => s("svg", { viewBox: "0 0 24 24", class: `icon ${kind}`, "aria-hidden": "true", focusable: "false" }, s("path", { d: paths[name] }));
