/* SPDX-License-Identifier: ISC */
/* The sign-in: over the page, so that what was typed there stays. */
import { h } from "./dom.js";
import { send, loadSession, signIn as askOnce, whoAmI, Problem } from "./api.js";
import { time } from "./format.js";
import { form } from "./form.js";

const FIELDS = [
	{ name: "name", label: "Name", required: true, autocomplete: "username" },
	{ name: "password", label: "Password", type: "password", required: true, autocomplete: "current-password" },
];
const NO_COOKIE = { title: "The browser kept no cookie",
	detail: "Without it nobody stays signed in. The console needs https; without it some browsers sign in at localhost alone." };

function reason(before, isSoon) {
	if (!before)
		return "The console of the load balancer. An account is made by b3lb-admin account add.";
	return isSoon ? `Your session ends at ${time(before.ends)}. Sign in again to go on: what you typed stays.`
		: "Your session has ended. What you typed is still there.";
}

/* Resolves once somebody is signed in. Another account than before begins with a new page: it may see other things. Who means to show
 * it says so by api.js, signIn(): there is one at a time. */
export function signIn(isSoon) {
	const before = whoAmI();

	dispatchEvent(new Event("signin"));
	return new Promise((done) => {
		let isDone = false;
		const submit = async ({ name, password }) => {
			await send("POST", "session", { name, password });
			const now = await loadSession();

			if (!now)
				throw new Problem(401, NO_COOKIE);
			if (before && before.name !== now.name)
				return location.reload();
			isDone = true;
			box.close();
			box.remove();
			done();
		};
		const open = () => {
			box.showModal();
			box.querySelector(before ? "[name=password]" : "[name=name]").focus();
		};
		/* Browsers close a dialog at the second Escape whatever is said to the first. */
		const box = h("dialog", { class: "signin", "aria-labelledby": "signin-title", oncancel: (e) => e.preventDefault(),
			onclose: () => isDone || open() },
			h("h2", { id: "signin-title" }, h("img", { src: "icon.svg", alt: "", width: 28, height: 28 }), "Sign in"), h("p", null, reason(before, isSoon)),
			form(FIELDS, { values: { name: before?.name }, verb: "Sign in", submit }));

		document.body.append(box);
		open();
	});
}

/* Asks for the password two minutes before the session ends (WCAG 2.2.1); called with each session that begins. Whoever works puts the
 * end off, so it is looked at again; a page that nobody sees does not. */
const BEFORE = 120e3, LONGEST = 2 ** 31 - 1;
let timer = 0;

const left = ({ ends }) => (ends === null ? LONGEST : ends - Date.now() - BEFORE);

export function watchEnd(session) {
	clearTimeout(timer);
	if (session.via !== "password")
		return;
	timer = setTimeout(async () => {
		const now = document.hidden ? null : await loadSession().catch(() => null);

		if (now && left(now) <= 1000)
			await askOnce(true);
		watchEnd(whoAmI());
	}, Math.min(LONGEST, Math.max(60e3, left(session))));
}
