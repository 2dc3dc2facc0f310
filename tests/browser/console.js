// A day with the console in Chromium: console.js URL PROFILE-DIRECTORY SHOTS-DIRECTORY FACTS
// FACTS is JSON: { name, password, node, meeting (its only one), sim (that meeting at the simulator), address (of a node to be added), host (whose callback was given up), recording (one that has failed) }.
// Prints one JSON object: what was seen at each station.
const http = require("http");
const chromium = require("./chromium.js");
const { Console } = require("./console_page.js");

const SCREENS = JSON.parse(process.env.CONSOLE_SCREENS || JSON.stringify(["overview", "nodes", "meetings", "recordings", "callbacks", "requests",
	"tenants", "clusters", "profiles", "state", "usage", "health", "audit", "access"]));
const seen = { axe: {}, foreign: [], sideways: {}, steps: [] };

async function signIn(c, { name, password }) {
	await c.see("dialog.signin");
	seen.axe.signin = await c.axe();
	await c.type("[name=name]", name);
	await c.type("[name=password]", "not the password");
	await c.click("dialog .go");
	await c.see("dialog .failed, dialog .wrong");
	seen.refused = await c.page.evaluate(() => document.querySelector("dialog .failed p").textContent);
	await c.type("[name=password]", password);
	await c.click("dialog .go");
	await c.see("h1", "Overview");
	await c.see(".tile");
	seen.tiles = await c.page.evaluate(() => [...document.querySelectorAll(".tile")].map((t) => `${t.children[0].textContent}: ${t.children[1].textContent}`));
}

// Every screen: rules of accessibility in both themes, foreign elements, the smallest phone.
async function lookAt(c, name, hash) {
	const page = c.page;

	await page.setViewport({ width: 1440, height: 900 });
	for (const theme of ["light", "dark"]) {
		await c.theme(theme);
		await c.go(hash);
		// What differs between the themes is colours.
		const broken = await c.axe(theme === "dark" ? ["color-contrast"] : null);

		if (broken.length)
			seen.axe[`${name} ${theme}`] = broken;
		seen.foreign.push(...await c.foreign());
		await c.shot(`${name}-${theme}`);
	}
	await page.setViewport({ width: 320, height: 700 });
	await c.go(hash);
	if (await c.sideways() > 0)
		seen.sideways[name] = await c.sideways();
	await c.shot(`${name}-phone`);
	await page.setViewport({ width: 1440, height: 900 });
}

// Keys alone: to the node's button, through the dialog.
async function drain(c, { node }) {
	await c.go(`#/nodes?q=${node}`);
	await c.page.evaluate(() => document.activeElement.blur());
	const tabs = await c.tabTo("tbody .button", "Drain");

	await c.page.keyboard.press("Enter");
	await c.see("dialog h2", `Drain ${node}?`);
	seen.drain = await c.page.evaluate(() => document.querySelector("dialog p").textContent);
	seen.axe.drain = await c.axe();
	await c.tabTo("dialog .go");
	await c.page.keyboard.press("Enter");
	await c.see("tbody .badge", "Draining");
	await c.see("tbody td", "1 of 1");
	seen.steps.push("drained");
	seen.nearby = tabs < 60;
}

// One of two nodes fails, and so does the message to the other: all of it is said, what failed stays chosen. It is shown although figures stand still.
async function many(c, { node }) {
	const { page } = c, other = node === "n1" ? "n2" : "n1";
	const json = (status, body) => ({ status, contentType: "application/json", body: JSON.stringify(body) });
	const refuse = (request) => (request.url().endsWith(`/nodes/${other}`) && request.method() === "PATCH" ? request.respond(json(503, { title: "Not now" }))
		: request.url().endsWith("/message") ? request.respond(json(200, { sent: 0, failed: [{ error: "it is deaf" }] })) : request.continue());

	await c.go("#/nodes");
	await c.click(".live");
	await c.click("thead input");
	await page.setRequestInterception(true);
	page.on("request", refuse);
	await c.click(".chosenbar .button", "Drain");
	await c.type("dialog [name=message]", "Hello");
	await c.click("dialog .go");
	await c.see(".toast.bad", `1 of 2 done. ${other}: Not now; ${node}: message not said in 1 meeting: it is deaf`);
	await c.see(".chosenbar b", "1 chosen");
	await c.see("tbody .badge", "Draining");
	await c.shot("many");
	page.off("request", refuse);
	await page.setRequestInterception(false);
	// What is chosen is known as it is now, not as it was when it was chosen.
	await c.click("thead input");
	await c.see(".chosenbar b", "2 chosen");
	await c.click("tbody .button", "Enable");
	await c.click("dialog .go");
	await c.wait(() => ![...document.querySelectorAll("tbody .badge")].some((el) => el.textContent === "Draining"));
	await c.click(".chosenbar .button", "Enable");
	await c.see(".toast", "All are so already");
	await c.wait(() => document.querySelector(".chosenbar").hidden);
	await c.click(".live");
	seen.steps.push("many");
}

// So many people are in the meeting now, for the node and on this page.
async function fill(c, { sim }, people) {
	await new Promise((done, fail) => http.request(`${sim}&participants=${people}`, { method: "POST" }, (answer) => answer.resume().on("end", done)).on("error", fail).end());
	await c.wait((n) => {
		dispatchEvent(new Event("refresh"));
		return [...document.querySelectorAll(".drawer dd")].some((el) => parseInt(el.textContent, 10) === n);
	}, people);
}

// People come while somebody looks at the buttons: they speak of all that are there, and the focus stays.
async function crowd(c, facts) {
	await c.go(`#/nodes/${facts.node}`);
	await c.see(".drawer .button", "End its meetings");
	await fill(c, facts, 21);
	await c.click(".drawer .button", "End its meetings");
	await c.see("dialog p", "with 21 people");
	await c.click("dialog .leave");
	await c.go(`#/meetings/${facts.meeting}`);
	await (await c.see(".drawer .button", "End")).asElement().focus();
	await fill(c, facts, 22);
	await c.page.keyboard.press("Enter");
	await c.see("dialog p", "22 people");
	await c.click("dialog .leave");
	await c.wait(() => document.querySelector("main select[name=tenant] option[value=BETA]"));
	seen.steps.push("crowd");
}

// Its name is typed as the page shows it, whatever blanks it has.
async function end(c, { node }) {
	await c.go("#/meetings");
	await c.click("tbody tr .button", "End");
	await c.see("dialog h2", "End ");
	await c.type("dialog [name=typed]", await c.page.evaluate(() => document.querySelector("dialog h2").innerText.slice(4, -1)));
	await c.click("dialog .go");
	await c.see(".toast", "is ended");
	await c.go(`#/nodes?q=${node}`);
	await c.see("tbody .badge", "Maintenance");
	seen.steps.push("ended", "maintenance");
	await c.click("tbody .button", "Enable");
	await c.click("dialog .go");
	await c.see("tbody .badge", "Healthy");
	seen.steps.push("enabled");
}

// A node that is there for a moment.
async function add(c, { address }) {
	await c.go("#/nodes/new");
	await c.click(".drawer .go");
	await c.see(".drawer .wrong", "must be given");
	await c.type(".drawer [name=slug]", "n9");
	await c.type(".drawer [name=url]", address);
	await c.type(".drawer [name=secret]", "wrong");
	await c.click(".drawer .button", "Test connection");
	await c.see(".drawer .alarm");
	await c.type(".drawer [name=secret]", "node-secret");
	await c.click(".drawer .button", "Test connection");
	await c.see(".drawer .fine", "Answers in");
	await c.click(".drawer .go");
	await c.see(".drawer h2", "n9");
	await c.see(".drawer dd", address);
	seen.steps.push("added");
	await c.click(".drawer .button", "Remove");
	await c.type("dialog [name=typed]", "n");
	await c.click("dialog .go");
	await c.see("dialog .wrong", "must be n9");
	await c.type("dialog [name=typed]", "n9");
	await c.click("dialog .go");
	await c.see(".toast", "n9 is removed");
	seen.steps.push("removed");
}

async function mend(c, { host, recording }) {
	await c.go(`#/recordings/${recording}`);
	await c.see(".drawer th", "slides");
	seen.dead = await c.page.evaluate(() => document.querySelectorAll(".drawer td a:not([href])").length);
	await c.go("#/recordings?status=failed");
	await c.click("tbody input[type=checkbox]");
	await c.click(".chosenbar .button", "Re-render");
	await c.click("dialog .go");
	await c.see(".toast", "waiting to be rendered");
	await c.see(".empty", "Nothing fits");
	seen.steps.push("rendered anew");
	await c.go("#/callbacks?state=failed");
	await c.see("table.plain a", host);
	await c.click("table.plain .button", "Retry all");
	await c.click("dialog .go");
	await c.see(".toast", "waiting again");
	seen.steps.push("told anew");
}

// Two minutes before a session ends, by the server's clock, it is asked for anew: once, until it is there.
async function ends(c, { name, password }) {
	seen.wait = await c.page.evaluate(async () => {
		const { loadSession, whoAmI } = await import(new URL("js/api.js", location.href)), { watchEnd } = await import(new URL("js/signin.js", location.href));
		const { now } = Date;

		Date.now = () => now() + 5400e3;
		await loadSession();
		watchEnd(whoAmI());
		Date.now = now;
		return window.clocks.setTimeout.ms;
	});
	const session = await c.page.evaluate(async () => (await fetch("v1/session")).json());
	const answers = { GET: { status: 200, contentType: "application/json", body: JSON.stringify({ ...session, expires_in: 100 }) } };
	const answer = (request) => {
		const mine = /v1\/session$/.test(request.url()) && answers[request.method()];

		return mine ? request.respond(mine) : request.continue();
	};

	await c.page.setRequestInterception(true);
	c.page.on("request", answer);
	await c.later("setTimeout");
	await c.see("dialog.signin", "Your session ends at");
	delete answers.GET;
	await c.page.deleteCookie(...await c.page.cookies());
	await c.page.evaluate(async () => {
		const { get } = await import(new URL("js/api.js", location.href));

		get("nodes?limit=1");
		await fetch("v1/overview");
	});
	await c.drawn();
	await c.page.keyboard.press("Escape");
	await c.page.keyboard.press("Escape");
	await c.drawn();
	seen.dialogs = await c.page.evaluate(() => document.querySelectorAll("dialog[open]").length);
	// As a browser answers that takes no cookie over plain http.
	answers.POST = { status: 204 };
	await c.type("dialog [name=name]", name);
	await c.type("dialog [name=password]", password);
	await c.click("dialog .go");
	await c.see("dialog .failed", "needs https");
	delete answers.POST;
	await c.click("dialog .go");
	await c.wait(() => !document.querySelector("dialog"));
	c.page.off("request", answer);
	await c.page.setRequestInterception(false);
}

// Left open over midnight the overview shows the new day; a week in which clocks change is a week by midnights. The last station: the clock stays ahead.
async function tomorrow(c) {
	await c.page.emulateTimezone("Europe/Berlin");
	seen.week = await c.page.evaluate(async () => {
		const [overview, { h, put }] = await Promise.all(["views/overview.js", "dom.js"].map((name) => import(new URL(`js/${name}`, location.href))));
		const Now = Date, value = await (await fetch("v1/overview")).json();

		window.Date = class extends Now {
			constructor(...args) {
				super(...(args.length ? args : ["2026-03-31T12:00:00+02:00"]));
			}
		};
		const asked = overview.ask(), slot = ({ path }, n) => ({ path, etag: n, value: { at: [Now.parse(new URLSearchParams(path.split("?")[1]).get("from")) / 1000 + 36000],
			series: { attendees: [n] } } });
		const drawn = put(h("div"), overview.draw({ query: {} }, { overview: { value }, today: slot(asked.today, 7), before: slot(asked.before, 5) }));

		window.Date = Now;
		return [...drawn.querySelectorAll(".figures tbody tr")].map((tr) => [...tr.children].slice(1).map((td) => td.textContent));
	});
	await c.go("#/overview");
	const from = await c.page.evaluate(() => {
		const Now = Date, began = Now.now(), day = new Now();

		/* Noon of tomorrow: whatever the hour is, and in a night in which clocks change. */
		day.setDate(day.getDate() + 1);
		day.setHours(12, 0, 0, 0);
		window.Date = class extends Now {
			constructor(...args) {
				super(...(args.length ? args : [window.Date.now()]));
			}
			static now() {
				return day.getTime() + Now.now() - began;
			}
		};
		return new Now(day.getFullYear(), day.getMonth(), day.getDate()).toISOString().replace(/\.\d+/, "");
	});

	await Promise.all([c.page.waitForRequest((request) => new URL(request.url()).searchParams.get("from") === from, { timeout: 10000 }), c.later("setInterval")]);
	seen.steps.push("tomorrow");
}

// The session ends while somebody types; the database goes away and comes back.
async function interruptions(c, { name, password, node }) {
	await c.go(`#/nodes/${node}/edit`);
	await c.type(".drawer [name=weight]", "3");
	await c.page.deleteCookie(...await c.page.cookies());
	await c.page.evaluate(() => dispatchEvent(new Event("refresh")));
	await c.see("dialog.signin", "has ended");
	await c.type("dialog [name=name]", name);
	await c.type("dialog [name=password]", password);
	await c.click("dialog .go");
	await c.wait(() => !document.querySelector("dialog"));
	seen.typed = await c.page.evaluate(() => document.querySelector(".drawer [name=weight]").value);
	await c.type(".drawer [name=weight]", "-1");
	await c.click(".drawer .go");
	await c.see(".drawer .wrong", "");
	seen.wrong = await c.page.evaluate(() => document.activeElement.name);
	await c.go("#/overview");
	await c.page.setRequestInterception(true);
	const away = (request) => (/\/v1\//.test(request.url()) ? request.respond({ status: 503, contentType: "application/problem+json", body: '{"title":"Not now","detail":"The database is away."}' }) : request.continue());

	c.page.on("request", away);
	await c.see(".banner", "The database is away.");
	seen.kept = await c.page.evaluate(() => document.querySelectorAll(".tile").length);
	c.page.off("request", away);
	await c.page.setRequestInterception(false);
	await c.click(".live");
	await c.click(".banner .button");
	await c.wait(() => document.querySelector(".banner").hidden);
	await c.click(".live");
	seen.steps.push("came back");
}

async function main(url, profile, shots, facts) {
	const browser = await chromium.open(profile);
	try {
		const c = new Console(await browser.newPage(), shots);

		await c.begin();
		await c.page.setViewport({ width: 1440, height: 900 });
		await c.page.goto(url);
		await signIn(c, facts);
		for (const name of SCREENS)
			await lookAt(c, name, `#/${name}`);
		for (const [name, hash] of Object.entries(facts.drawers || {}))
			await lookAt(c, name, hash);
		await many(c, facts);
		await drain(c, facts);
		await crowd(c, facts);
		await end(c, facts);
		await add(c, facts);
		await mend(c, facts);
		await interruptions(c, facts);
		await ends(c, facts);
		await tomorrow(c);
		for (const [name, broken] of Object.entries(seen.axe))
			if (!broken.length)
				delete seen.axe[name];
		console.log(JSON.stringify({ ...seen, violations: [...new Set(c.violations)], complaints: [...new Set(c.complaints)], hacked: await c.page.evaluate(() => !!window.hacked) }));
	} finally {
		await browser.close();
	}
}

const [url, profile, shots, facts] = process.argv.slice(2);

main(url, profile, shots, JSON.parse(facts)).catch((e) => {
	console.error(JSON.stringify(seen), e.stack || String(e));
	process.exit(1);
});
