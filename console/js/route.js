/* SPDX-License-Identifier: ISC */
/* The address is the only state of a screen: #/nodes/bbb001/edit?health=offline&sort=-load. A link shows a colleague the same. */

/* { name, id, sub, query }: names are decoded, query is a plain object. */
export function here() {
	const [path, query] = (location.hash.slice(2) || "overview").split("?");
	const [name, id = "", sub = ""] = path.split("/").map((part) => {
		try {
			return decodeURIComponent(part);
		} catch {
			return "";
		}
	});

	return { name, id, sub, query: Object.fromEntries(new URLSearchParams(query || "")) };
}

/* to("nodes", "bbb001", "edit", { health: "offline" }): empty ones are left out. */
export function to(name, id = "", sub = "", query = {}) {
	const used = new URLSearchParams(Object.entries(query).filter(([,
		value]) => value !== "" && value !== 0 && value !== null && value !== undefined));

	return `#/${[name, id, sub].filter(Boolean).map(encodeURIComponent).join("/")}${String(used) ? `?${used}` : ""}`;
}

/* The same screen with another thing opened beside it: its filters stay. */
export const beside = (id, sub = "") => to(here().name, id, sub, here().query);

/* The same place with some of the query changed; replace: no new step for Back. */
export function go(changes, { replace = false } = {}) {
	const { name, id, sub, query } = here();

	open(to(name, id, sub, { ...query, ...changes }), replace);
}

export function open(hash, replace = false) {
	if (!replace)
		location.hash = hash;
	else {
		history.replaceState(null, "", hash);
		dispatchEvent(new Event("hashchange"));
	}
}

/* Draws the screen anew from what is known; refresh() asks for everything again, after something was done. */
export const redraw = () => dispatchEvent(new Event("redraw"));
export const refresh = () => dispatchEvent(new Event("refresh"));
