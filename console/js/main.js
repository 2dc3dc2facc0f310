/* SPDX-License-Identifier: ISC */
/* The frame: who is signed in, where one is, what is asked for, how fresh it is; the screens stand in views/index.js. */
import { h, patch, put, say, keep } from "./dom.js";
import { icon } from "./icons.js";
import { loadSession, onSignIn, whoAmI, isBound, can, send } from "./api.js";
import { Poll } from "./poll.js";
import { here, to, beside, open } from "./route.js";
import { button, empty, failed, loading, complain } from "./parts.js";
import { time, when } from "./format.js";
import { findBox } from "./find.js";
import { signIn, watchEnd } from "./signin.js";
import { screens } from "./views/index.js";

const BADGES = 15; /* seconds between looks at the figures beside the navigation */
const root = document.documentElement, app = document.getElementById("app");
const views = new Map(); /* name of a screen -> its module, or the error of loading it */
const poll = new Poll({ changed: () => soon(), asked: () => drawAge() });
let shown = {}, opener = null, isDrawing = false;
let at = here(); /* the address that was asked for: the one of the window may be ahead of it for a moment */

const screenOf = (name) => screens.find((screen) => screen.name === name && maySee(screen));
const maySee = ({ isGlobal, permission }) => !(isGlobal && isBound()) && (!permission || can(permission));

/* Several answers in one turn are one picture. */
function soon() {
	if (!isDrawing)
		requestAnimationFrame(() => draw());
	isDrawing = true;
}

/* Light and dark: as the system has it until somebody says otherwise. */
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches);
function showTheme() {
	dispatchEvent(new Event("themechange"));
	drawTop();
}
function turnTheme() {
	root.dataset.theme = isDark() ? "light" : "dark";
	localStorage.setItem("b3lb theme", root.dataset.theme);
	showTheme();
}

const side = h("nav", { id: "side", "aria-label": "Main" }), top = h("header", { class: "top" }), main = h("main", { id: "main", tabindex: -1 });
const banner = h("div", { class: "banner", role: "alert", hidden: true }),
	drawer = h("aside", { class: "drawer", "aria-labelledby": "drawer-title", hidden: true });

const badgeOf = (screen) => (poll.data.badges?.value && screen.badge?.(poll.data.badges.value)) || [0];
function badge(screen) {
	const [n, level] = badgeOf(screen);

	return n ? h("b", { class: level, "aria-label": `${n} need attention` }, n) : null;
}

function drawSide(now) {
	const stamp = JSON.stringify([now, screens.map(badgeOf)]);

	if (shown.side === stamp)
		return;
	shown.side = stamp;
	const groups = [...new Set(screens.filter(maySee).map((screen) => screen.group))];

	patch(side, h("a", { class: "brand", href: "#/overview" }, h("img", { src: "icon.svg", alt: "", width: 28, height: 28 }),
		h("span", null, "b3lb", h("small", null, whoAmI().base_domain))),
		groups.map((group) => h("div", { class: "group" }, h("h2", null, group),
			h("ul", null, screens.filter((s) => s.group === group && maySee(s)).map((screen) =>
			h("li", null, h("a", { href: to(screen.name), "aria-current": screen.name === now ? "page" : null }, icon(screen.icon || screen.name),
				screen.title, badge(screen))))))),
		h("footer", null, `b3lb-fcgi ${whoAmI().version}`));
}

async function signOut() {
	try {
		await send("DELETE", "session");
		location.replace("./");
		location.reload();
	} catch (error) {
		complain(error);
	}
}

function pause() {
	poll.pause(!poll.isPaused);
	drawTop();
	say(poll.isPaused ? "Figures stand still" : "Figures are live");
}

/* How old the oldest figure of the screen is. */
function freshness() {
	const good = [...poll.slots.values()].filter((slot) => slot.at && slot.every <= BADGES).map((slot) => slot.at);

	return good.length ? Math.min(...good) : null;
}
/* By the clock, not by seconds that go by: the page is drawn when there is something new, not for this. */
function drawAge() {
	const at = freshness(), text = at === null ? "" : `${poll.isPaused ? "since" : "data of"} ${when(at)}`,
		place = document.querySelector(".live span");

	if (place && place.textContent !== text)
		place.textContent = text;
}

function drawTop(title = document.querySelector("h1")?.textContent) {
	const session = whoAmI();

	patch(top, h("button", { class: "button icononly burger", "aria-label": "Menu", "aria-expanded": String(document.body.classList.contains("menu")),
		onclick: turnMenu }, icon("menu")),
		h("h1", null, title), keep("find", findBox),
		h("button", { class: "live", "aria-pressed": String(!poll.isPaused),
			title: "Figures are asked for every 5 seconds while this page is in front", onclick: pause },
			h("i"), poll.isPaused ? "Paused" : "Live", keep("age", () => h("span"))),
		h("button", { class: "button icononly", "aria-label": isDark() ? "Light colours" : "Dark colours", onclick: turnTheme },
			icon(isDark() ? "sun" : "moon")),
		h("details", { class: "account" }, h("summary", { class: "button" }, h("span", { class: "face", "aria-hidden": "true" }, session.name[0]),
			h("span", { class: "who" }, session.name, " ", h("small", null, session.role))),
			h("div", null, h("p", null, `Signed in as ${session.name}`),
				h("p", { class: "sub" }, session.tenants ? `${session.role} of ${session.tenants.join(", ")}` : session.role),
				session.via === "remote_user" ? h("p", { class: "sub" }, "by the web server") : button("Sign out", signOut, "small"))));
	drawAge();
}
function turnMenu() {
	document.body.classList.toggle("menu");
	drawTop();
	if (document.body.classList.contains("menu"))
		side.querySelector("a[aria-current], a").focus();
}

/* One line for all when nobody answers; it goes by itself. */
function drawBanner() {
	const away = [...poll.slots.values()].find((slot) => slot.error?.passes), at = freshness();
	const text = away && [away.error.detail.replace(/[.]?$/, "."), poll.isPaused && away.at ? null : "Tried again by itself.",
		at ? `Figures are of ${time(at)}.` : null].filter(Boolean).join(" ");

	banner.hidden = !away;
	patch(banner, away ? [icon("warn"), h("span", null, text),
		button("Try now", () => poll.refresh(), "small")] : []);
}

const close = () => open(beside(""));
function drawDrawer(view, at, data) {
	const content = at.id && view.drawer?.(at, data), key = to(at.name, at.id, at.sub);

	if (content && drawer.hidden)
		opener = document.activeElement;
	drawer.hidden = !content;
	document.body.classList.toggle("beside", !!content);
	if (!content) {
		put(drawer);
		if (shown.drawer)
			(opener?.isConnected ? opener : main).focus({ preventScroll: true });
		shown.drawer = "";
		return;
	}
	patch(drawer, h("div", { data: { key } }, h("header", null,
		h("div", null, h("h2", { id: "drawer-title", tabindex: -1 }, content.title), content.badge),
		h("button", { class: "button icononly", "aria-label": "Close", onclick: close }, icon("close"))),
		content.body));
	if (shown.drawer !== key)
		(drawer.querySelector("form input:not([disabled]), form select") || drawer.querySelector("h2")).focus();
	shown.drawer = key;
}

/* A screen's code comes with its first visit. */
function viewOf(screen) {
	const view = views.get(screen.name);

	if (!view) {
		views.set(screen.name, {});
		screen.load().then((module) => views.set(screen.name, module),
			() => views.set(screen.name, { error: { title: "The screen could not be loaded", detail: "Reload the page." } })).then(arrive);
	}
	return view?.draw || view?.error ? view : null;
}

function draw() {
	const screen = screenOf(at.name), view = screen && viewOf(screen), data = poll.data;

	isDrawing = false;
	drawSide(at.name);
	drawTop(screen?.title || "Not found");
	drawBanner();
	document.title = `${at.id ? `${at.id} – ` : ""}${screen?.title || "Not found"} – b3lb`;
	if (!screen)
		patch(main, empty("There is no such page", ["The address leads nowhere. ", h("a", { href: "#/overview" }, "Overview")]));
	else
		patch(main, h("div", { data: { key: at.name } }, view?.error ? failed(view.error) : view ? view.draw(at, data) : loading()));
	if (view?.draw)
		drawDrawer(view, at, data);
	const page = view?.isPage ? to(at.name, at.id) : at.name;

	if (shown.page !== page) {
		scrollTo(0, 0);
		if (shown.page)
			main.focus({ preventScroll: true });
		say(screen?.title || "Not found");
	}
	Object.assign(shown, { name: at.name, page });
}

function ask(how) {
	const screen = screenOf(at.name), view = screen && viewOf(screen);

	poll.want({ ...view?.ask?.(at), badges: { path: "overview", every: BADGES } }, how);
}

/* At another address: other things are asked for, and what is known is drawn at once. */
function arrive() {
	at = here();
	if (shown.name !== at.name)
		document.body.classList.remove("menu");
	ask();
	draw();
}

/* Spans of time go on with the clock: today is another day after midnight. */
const LATER = 60e3;
function moveOn() {
	if (document.hidden)
		return;
	ask({ isLater: true });
	soon();
}

function keydown(event) {
	const isTyping = /INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName);

	if (document.querySelector("dialog[open]"))
		return;
	if (event.key === "Escape") {
		if (document.body.classList.contains("menu"))
			turnMenu();
		else if (!drawer.hidden && !event.defaultPrevented && !isTyping)
			close();
	} else if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
		event.preventDefault();
		top.querySelector(".find input").focus();
	}
}

/* Whoever points elsewhere is done with the menu of the account. */
function closeMenu(event) {
	const menu = top.querySelector("details[open]");

	if (menu && !menu.contains(event.target))
		menu.removeAttribute("open");
}

async function start() {
	const theme = localStorage.getItem("b3lb theme");

	if (theme)
		root.dataset.theme = theme;
	onSignIn(signIn, () => {
		watchEnd(whoAmI());
		/* What is asked for hangs on who asks. */
		ask();
		poll.refresh();
	});
	put(app, loading());
	try {
		if (!await loadSession())
			await signIn();
	} catch (error) {
		return put(app, failed(error, () => location.reload()));
	}
	watchEnd(whoAmI());
	put(app, side, h("div", { class: "page" }, top, banner, main), drawer);
	addEventListener("hashchange", arrive);
	document.addEventListener("visibilitychange", moveOn);
	setInterval(moveOn, LATER);
	addEventListener("redraw", soon);
	addEventListener("refresh", () => poll.refresh());
	addEventListener("keydown", keydown);
	systemDark.addEventListener("change", showTheme);
	addEventListener("pointerdown", closeMenu);
	side.addEventListener("click", (e) => e.target.closest("a") && document.body.classList.remove("menu"));
	document.querySelector(".skip").addEventListener("click", (e) => {
		e.preventDefault();
		main.focus();
	});
	arrive();
}
start();
