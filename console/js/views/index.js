/* SPDX-License-Identifier: ISC */
/* The screens, in the order of the navigation, one line each.
 *
 * A screen is a module of views/ that exports
 *	ask(at)			what it needs from the API at this address (route.js, here()): { name: path or { path, every: seconds } }
 *	draw(at, data)		its elements; data.name is a slot of poll.js: value (undefined until it comes), etag, error, at
 *	drawer(at, data)	{ title, badge, body } of what stands beside it at #/screen/id, or null
 * It is drawn anew after each answer that changed something: it keeps nothing itself, and leaves listening to h().
 * isGlobal: not for accounts that are bound to tenants; permission: who lacks it does not see it; badge(overview): [number, level]. */
export const screens = [
	{ group: "Operate", name: "overview", title: "Overview", load: () => import("./overview.js") },
];
