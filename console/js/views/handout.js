/* SPDX-License-Identifier: ISC */
/* What a platform is given: URLs and the secret, on a page to be copied or printed. */
import { h } from "../dom.js";
import { path, send } from "../api.js";
import { here, redraw, to } from "../route.js";
import { button, copyable, empty, facts, link, note, outside, panel } from "../parts.js";

let last = null; /* { slug, sub, ...the answer }: asked for once, and not again for a reload */

export async function reveal(slug, sub) {
	last = { ...await send("POST", path`tenants/${slug}/secrets/${sub}/reveal`), slug, sub };
	return last;
}
export const ask = () => ({});

/* Shown again only by being asked for, which is written down: it is gone with the page, and with the session that asked. */
addEventListener("hashchange", () => {
	const { id, sub } = here();

	if (sub !== "handout" || id !== last?.slug)
		last = null;
});
addEventListener("signin", () => {
	last = null;
	redraw();
});

/* Where each platform wants what, and which form of the URL. */
const slash = (url) => url.replace(/api\/?$/, ""), api = (url) => `${slash(url)}api`;
const PLATFORMS = [
	["Moodle", "Site administration > Plugins > Activity modules > BigBlueButton > General settings", "Server URL", slash, "Shared secret"],
	["Greenlight", "The file .env; restart it afterwards", "BIGBLUEBUTTON_ENDPOINT", api, "BIGBLUEBUTTON_SECRET"],
	["Nextcloud", "Administration settings > Additional settings > BigBlueButton", "API URL", slash, "API secret"],
];

function sheet({ slug, sub, secret, secret2, stats_token: token, urls, api_mate: mate }) {
	const main = urls.name || urls.path, name = `${slug}-${sub}`;

	return h("div", { class: "handout" }, h("h2", { class: "subject" }, name,
		h("small", null, "This page shows a secret. It is not shown again without being asked for.")),
		panel("URL and secret", [button("Print", () => print(), "small"), link("Done", to("tenants", slug, "secrets"), "small primary")], facts([
			urls.name ? ["URL by name", copyable(urls.name)] : null, urls.path ? ["URL by path", copyable(urls.path)] : null,
				["Secret", copyable(secret)], secret2 ? ["Still good", copyable(secret2)] : null,
			...[["Statistics", urls.stats], ["Metrics", urls.metrics]].map(([title, url]) => (url ? [title,
				copyable(url.includes("?") || !token ? url : `${url}?token=${token}`)] : null))]),
		note(urls.name && urls.path ? "Both URLs do the same; by path is for who has no wildcard in DNS." : null),
			mate ? h("p", { class: "buttons left" }, outside("Try it in API Mate", mate, "button")) : null),
		PLATFORMS.map(([title, place, asksUrl, form, asksSecret]) => panel(title, null, h("p", { class: "muted" }, place),
			facts([[asksUrl, copyable(form(main))], [asksSecret, copyable(secret)]]))),
		note("Elsewhere: where BigBlueButton's URL and shared secret are asked for, as bbb-conf --secret prints them."));
}

export function draw(at, data, { slug }) {
	if (last?.slug === slug)
		return sheet(last);
	return empty("Nothing to show any more", "A secret is shown when it is asked for, and forgotten when one leaves this page.",
		link("Secrets and URLs", to("tenants", slug, "secrets"), "primary"));
}
