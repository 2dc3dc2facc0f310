/* SPDX-License-Identifier: ISC */
/* The sign-in: over the page, so that what was typed there stays. */
import { h } from "./dom.js";
import { send, loadSession, whoAmI } from "./api.js";
import { form } from "./form.js";

const FIELDS = [
	{ name: "name", label: "Name", required: true, autocomplete: "username" },
	{ name: "password", label: "Password", type: "password", required: true, autocomplete: "current-password" },
];

/* Resolves once somebody is signed in. Another account than before begins with a new page: it may see other things. */
export function signIn() {
	const before = whoAmI();

	return new Promise((done) => {
		const text = h("p", null, before ? "Your session has ended. What you typed is still there."
			: "The console of the load balancer. An account is made by b3lb-admin account add.");
		const submit = async ({ name, password }) => {
			await send("POST", "session", { name, password });
			const now = await loadSession();

			if (before && before.name !== now?.name)
				return location.reload();
			box.close();
			box.remove();
			done();
		};
		const box = h("dialog", { class: "signin", "aria-labelledby": "signin-title", oncancel: (e) => e.preventDefault() },
			h("h2", { id: "signin-title" }, h("img", { src: "icon.svg", alt: "", width: 28, height: 28 }), "Sign in"), text,
			form(FIELDS, { values: { name: before?.name }, verb: "Sign in", submit }));

		document.body.append(box);
		box.showModal();
		box.querySelector(before ? "[name=password]" : "[name=name]").focus();
	});
}

/* Asks for the password two minutes before the session ends (WCAG 2.2.1); called with each session that begins. Whoever works puts the
 * end off, so it is looked at again; a page that nobody sees does not. */
const BEFORE = 120e3, LONGEST = 2 ** 31 - 1;
let timer = 0;

export function watchEnd(session) {
	const left = session.expires_at ? new Date(session.expires_at) - Date.now() - BEFORE : LONGEST;

	clearTimeout(timer);
	if (session.via !== "password")
		return;
	timer = setTimeout(async () => {
		const now = document.hidden ? null : await loadSession().catch(() => null);

		if (now && new Date(now.expires_at) - Date.now() <= BEFORE + 1000)
			await signIn();
		if (whoAmI())
			watchEnd(whoAmI());
	}, Math.min(LONGEST, Math.max(60e3, left)));
}
