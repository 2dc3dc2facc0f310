/* SPDX-License-Identifier: ISC */
/* The screens, in the order of the navigation, one line each.
 *
 * A screen is a module of views/ that exports
 *	ask(at)			what it needs from the API at this address (route.js, here()): { name: path or { path, every: seconds } }
 *	draw(at, data)		its elements; data.name is a slot of poll.js: value (undefined until it comes), etag, error, at
 *	drawer(at, data)	{ title, badge, body } of what stands beside it at #/screen/id, or null
 *	isPage			true: what has an id is a page of its own
 * It is drawn anew after each answer that changed something: it keeps nothing itself, and leaves listening to h().
 * isGlobal: not for accounts that are bound to tenants; permission: who lacks it does not see it; badge(overview): [number, level]. */
export const screens = [
	{ group: "Operate", name: "overview", title: "Overview", load: () => import("./overview.js") },
	{ group: "Operate", name: "nodes", title: "Nodes", load: () => import("./nodes.js"), isGlobal: true, badge: (o) => [o.nodes?.offline, "bad"] },
	{ group: "Operate", name: "meetings", title: "Meetings", load: () => import("./meetings.js") },
	{ group: "Operate", name: "recordings", title: "Recordings", load: () => import("./recordings.js"),
		badge: (o) => [o.recordings.failed + (o.recordings.late || 0), "warn"] },
	{ group: "Operate", name: "callbacks", title: "Callbacks", load: () => import("./callbacks.js"), badge: (o) => [o.callbacks.failed, "bad"] },
	{ group: "Operate", name: "requests", title: "Requests", load: () => import("./requests.js") },
	{ group: "Manage", name: "tenants", title: "Tenants", load: () => import("./tenants.js") },
	{ group: "Manage", name: "clusters", title: "Clusters and groups", load: () => import("./clusters.js"), isGlobal: true },
	{ group: "Manage", name: "profiles", title: "Video profiles", load: () => import("./profiles.js"), isGlobal: true },
	{ group: "Manage", name: "state", title: "Configuration", load: () => import("./state.js"), isGlobal: true },
	{ group: "Report", name: "usage", title: "Usage", load: () => import("./usage.js") },
	{ group: "System", name: "health", title: "Health", load: () => import("./health.js"), isGlobal: true,
		badge: (o) => [o.jobs?.filter((job) => job.late).length, "warn"] },
	{ group: "System", name: "audit", title: "Audit", load: () => import("./audit.js") },
	{ group: "System", name: "access", title: "Access", load: () => import("./access.js"), isGlobal: true, permission: "access" },
];
