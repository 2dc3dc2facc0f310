// A tenant's life in the console, from the form to the bill: console_manage.js URL PROFILE-DIRECTORY SHOTS-DIRECTORY FACTS
// FACTS is JSON: { admin, bound: accounts, whose passwords are "correct horse NAME", viewer: one to be made; files: directory of logo.svg and state.json; evil: a text }.
// Prints one JSON object: what was seen at each station.
const crypto = require("crypto");
const http = require("http");
const chromium = require("./chromium.js");
const { Console } = require("./console_page.js");

const seen = { axe: {}, steps: [], sees: {} };

// What the load balancer answers to a call that is signed with this secret, as a platform would ask.
function asPlatform(base, secret, call, query = "") {
	const url = new URL(base), checksum = crypto.createHash("sha256").update(call + query + secret).digest("hex");

	return new Promise((done, fail) => http.get({ host: "127.0.0.1", port: url.port, headers: { Host: url.host }, path: `${url.pathname}api/${call}?${query}${query ? "&" : ""}checksum=${checksum}` }, (response) => {
		let text = "";

		response.on("data", (some) => (text += some)).on("end", () => done(/<returncode>(\w+)/.exec(text)?.[1] || response.statusCode));
	}).on("error", fail));
}

async function look(c, name) {
	const broken = await c.axe();

	if (broken.length)
		seen.axe[name] = broken;
}

// What stands beside a word of a list of facts.
const fact = (c, name) => c.page.evaluate((n) => [...document.querySelectorAll(".handout dt")].find((dt) => dt.textContent === n)?.nextSibling.querySelector("code").textContent, name);

async function newTenant(c, { evil }) {
	await c.go("#/tenants");
	await c.click(".tools a", "New tenant");
	await c.type("main [name=slug]", "n e w");
	await c.type("main [name=description]", evil);
	await c.click("main .go");
	await c.see("main .wrong, main .failed");
	await look(c, "new tenant, refused");
	await c.type("main [name=slug]", "acme");
	await c.click("main .go");
	await c.see("main .wrong, main .failed", "exist");
	await c.type("main [name=slug]", "newt");
	await c.click("main .go");
	await c.see(".handout");
	await look(c, "handout");
	await c.shot("handout");
	seen.url = await fact(c, "URL by path");
	seen.server = await fact(c, "Server URL");
	await c.click(`.handout button[aria-label^="Copy"]:not([aria-label*="http"])`);
	await c.see(".toast", "Copied");
	seen.secret = await c.page.evaluate(() => navigator.clipboard.readText());
	seen.steps.push("made", await asPlatform(seen.url, seen.secret, "create", "meetingID=m1&name=m1"), await asPlatform(seen.url, "wrong", "getMeetings"));
}

async function cluster(c) {
	await c.go("#/clusters");
	await c.click(".panel .button", "Add cluster");
	await c.type(".drawer [name=name]", "south");
	await c.type(".drawer [name=load_m]", "40");
	await c.click(".drawer .go");
	await c.see("main th", "south");
	await c.click('[aria-label="all uses south"]');
	await c.see("dialog p", "2 tenants use this group");
	await c.click("dialog .leave");
	await c.drawn();
	seen.left = await c.page.evaluate(() => document.querySelector('[aria-label="all uses south"]').checked);
	await c.click('[aria-label="all uses south"]');
	await c.click("dialog .go");
	await c.see(".toast", "with south");
	await c.wait(() => document.querySelector('[aria-label="all uses south"]').checked);
	// What a change would do: by the formula, a meeting weighs twice as much.
	await c.go("#/clusters/main");
	await c.type(".drawer [name=load_m]", "60");
	seen.factor = await c.page.evaluate(() => [...document.querySelectorAll(".drawer tbody tr")].every((tr) => [2, 4, 5].map((i) => Number(tr.children[i].textContent.replace(",", ""))).reduce((m, n, i) => (i === 0 ? n * 30 : m + (i === 1 ? n : -n)), 0) === 0));
}

// The link leads away with the secret behind the #; what would stand there is not here.
async function apiMate(c, browser) {
	const opened = browser.waitForTarget((target) => /sharedSecret/.test(target.url()));

	await c.click(".handout a", "API Mate");
	const target = await opened, hash = decodeURIComponent(new URL(target.url()).hash);

	seen.mate = [hash.includes(seen.secret), /server=http/.test(hash)];
	await (await target.page()).close();
	await c.page.bringToFront();
	// It was shown once: who comes back has to ask anew.
	await c.go("#/tenants/NEWT");
	await c.go("#/tenants/NEWT/handout");
	await c.see("main h2", "Nothing to show any more");
}

async function roll(c) {
	await c.go("#/tenants/NEWT/secrets");
	await c.click("tbody .button", "Roll");
	await c.click("dialog .go");
	await c.see("dialog.once");
	await look(c, "rolled");
	const made = await c.page.evaluate(() => document.querySelector("dialog code").textContent);

	await c.click("dialog .primary", "Close");
	seen.steps.push("rolled", await asPlatform(seen.url, seen.secret, "getMeetings"), await asPlatform(seen.url, made, "getMeetings"));
	await c.click("tbody .button", "Finish");
	await c.click("dialog .go");
	await c.see("dialog .wrong", "must be");
	await c.type("dialog [name=typed]", "NEWT-0");
	await c.click("dialog .go");
	await c.see("tbody .button", "Roll");
	seen.steps.push("finished", await asPlatform(seen.url, seen.secret, "getMeetings"), await asPlatform(seen.url, made, "getMeetings"));
	await c.click(".tools .button", "Add secrets");
	await c.type("dialog [name=from]", "1");
	await c.type("dialog [name=to]", "3");
	await c.click("dialog .go");
	await c.see("dialog.once tbody tr:nth-child(3)");
	await c.click("dialog .primary", "Close");
	await c.see("tbody tr:nth-child(4)");
}

async function brand(c, { files }) {
	await c.go("#/tenants/NEWT/branding");
	await c.click(".panel:nth-child(2) .button", "Upload");
	await (await c.see("dialog [type=file]")).asElement().uploadFile(`${files}/logo.svg`);
	await c.click("dialog .go");
	await c.see(".preview img");
	await c.wait(() => document.querySelector(".preview img").naturalWidth > 0);
	await look(c, "branding");
	seen.steps.push("logo");
}

async function rule(c) {
	await c.go("#/tenants/NEWT/parameters");
	await c.page.select("main select[name=name]", "duration");
	await c.click("main .go");
	await c.see("dialog");
	await c.page.select("dialog [name=mode]", "max");
	await c.type("dialog [name=value]", "120");
	await look(c, "rule");
	await c.click("dialog .go");
	await c.see("tbody td", "duration is at most 120");
	// One whose name is free in part: made, refused where the server would, and changed.
	await c.page.select("main select[name=name]", "meta_");
	await c.click("main .go");
	await c.type("dialog [name=rest]", "a_b");
	await c.type("dialog [name=value]", "one");
	await c.click("dialog .go");
	await c.see("dialog .wrong", "letters, digits or hyphens");
	await c.type("dialog [name=rest]", "course-id");
	await c.click("dialog .go");
	await c.see("tbody td", "meta_course-id is one");
	await c.wait(() => !document.querySelector("dialog"));
	await c.page.evaluate(() => [...document.querySelectorAll("tbody tr")].find((tr) => tr.textContent.includes("meta_course-id")).querySelector("button").click());
	await c.see("dialog h2", "meta_course-id of NEWT");
	await c.type("dialog [name=value]", "two");
	await c.click("dialog .go");
	await c.see("tbody td", "meta_course-id is two");
	seen.steps.push("rule");
}

// Without filters one stays at the same tenant; what is another one's does not stand there until the answer comes.
async function lists(c) {
	const { page } = c, held = [], hold = (request) => (/BETA\/hooks/.test(request.url()) ? held.push(request) : request.continue());

	await c.go("#/tenants/ACME/hooks?q=zzz");
	await c.click(".empty a", "Show all webhooks");
	await c.see("tbody th");
	await page.setRequestInterception(true);
	page.on("request", hold);
	await page.evaluate(() => (location.hash = "#/tenants/BETA/hooks"));
	await c.see("h2.subject", "BETA");
	await c.drawn();
	seen.others = await page.evaluate(() => document.querySelectorAll("main tbody tr").length);
	page.off("request", hold);
	await Promise.all(held.map((request) => request.continue()));
	await page.setRequestInterception(false);
}

async function webhook(c) {
	await lists(c);
	await c.click("tbody .button", "Send a test");
	await c.click("dialog .go");
	await c.see(".toast", "on its way");
	await c.wait(() => [...document.querySelectorAll("tbody td.num")].some((td) => td.textContent === "1"));
	await c.click("tbody .button", "Remove");
	await look(c, "remove webhook");
	await c.click("dialog .danger", "Remove");
	await c.see("main h2", "No webhook");
	seen.steps.push("webhook");
}

const countTenants = (c) => c.page.evaluate(async () => (await (await fetch("v1/tenants")).json()).total);

async function importState(c, { files }) {
	await c.go("#/state");
	const before = await countTenants(c);

	await (await c.see("#state-file")).asElement().uploadFile(`${files}/state.json`);
	await c.see(".lines li", "IMPO");
	await look(c, "import");
	seen.dry = await countTenants(c) - before;
	await c.click(".panel .primary", "Apply");
	await c.see("dialog.once code");
	await c.click("dialog .primary", "Close");
	seen.applied = await countTenants(c) - before;
}

// A tenant with recordings goes when both are wanted.
async function removeTenant(c) {
	await c.go("#/tenants/GONE");
	await c.click(".panel .button", "Remove");
	await c.type("dialog [name=typed]", "GONE");
	await c.click("dialog .danger", "Remove");
	await c.see("dialog", "still in use");
	await c.click("dialog [name=recordings]");
	await look(c, "remove tenant");
	await c.click("dialog .danger", "Remove");
	await c.see("body", "GONE is removed");
	seen.steps.push("removed");
}

// The bill on the screen and in the file.
async function bill(c) {
	await c.go("#/usage");
	seen.usage = await c.page.evaluate(() => [...document.querySelectorAll("tbody tr:not(:last-child)")].map((tr) => [tr.querySelector("a").textContent, tr.querySelector(".measure span").textContent, tr.children[3].textContent].join(" ")).sort());
	seen.csv = await c.page.evaluate(async () => (await fetch([...document.querySelectorAll(".tools a")].find((a) => a.textContent === "CSV").href)).text());
}

// An account with a password and a token, both shown once.
async function access(c, url, { viewer }) {
	await c.go("#/access");
	await c.click(".panel .button", "Add account");
	await c.type("dialog [name=name]", viewer);
	await c.click("dialog .go");
	await c.see("dialog h2", "password");
	await c.click("dialog .go");
	await c.see("dialog.once");
	await look(c, "password");
	const password = await c.page.evaluate(() => document.querySelector("dialog code").textContent);

	await c.click("dialog .primary", "Close");
	await c.go("#/access?tab=tokens");
	await c.click(".panel .button", "Add token");
	await c.type("dialog [name=name]", "report");
	await c.page.evaluate(() => (document.querySelector("dialog [name=expires_at]").value = "2099-01-31"));
	await c.click("dialog .go");
	await c.see("dialog.once");
	const token = await c.page.evaluate(() => document.querySelector("dialog code").textContent), { host, port, pathname } = new URL(url);

	await c.click("dialog .primary", "Close");
	await c.see("tbody td", "2099-01-31");
	seen.days = await c.page.evaluate(async () => (await import(new URL("js/views/audit.js", location.href))).ask({ query: { from: "2026-01-30", to: "2026-01-31" } }).list);
	seen.token = await new Promise((done, fail) => http.get({ host: "127.0.0.1", port, headers: { Host: host, Authorization: `Bearer ${token}` }, path: `${pathname}v1/session` }, (response) => done(response.statusCode)).on("error", fail));
	return password;
}

// Where somebody comes to, and what can be pressed there.
async function sees(c, name) {
	seen.sees[name] = { screens: await c.page.evaluate(() => [...document.querySelectorAll("#side li a")].map((a) => a.textContent.replace(/\d+$/, ""))) };
	for (const hash of ["#/tenants", "#/tenants/ACME", "#/tenants/ACME/secrets", "#/tenants/ACME/branding", "#/access", "#/tenants/NEWT"]) {
		await c.go(hash);
		seen.sees[name][hash] = await c.page.evaluate(() => [...document.querySelectorAll("main .button:not(.plain), main .failed p, main .empty h2")].filter((el) => el.checkVisibility()).map((el) => el.textContent).filter((text) => !/^(CSV|Previous|Next|Try again)$/.test(text)));
	}
}

async function main(url, profile, shots, facts) {
	const browser = await chromium.open(profile);
	try {
		const c = new Console(await browser.newPage(), shots);
		const as = async (name, password = `correct horse ${name}`) => {
			await c.page.deleteCookie(...await c.page.cookies());
			await c.page.goto("about:blank");
			await c.page.goto(`${url}#/overview`);
			await c.type("dialog [name=name]", name);
			await c.type("dialog [name=password]", password);
			await c.click("dialog .go");
			await c.see(".tile");
		};

		await browser.defaultBrowserContext().overridePermissions(new URL(url).origin, ["clipboard-read", "clipboard-sanitized-write"]);
		await c.begin();
		await c.page.setViewport({ width: 1440, height: 900 });
		// Days are those of a browser that is not where UTC is.
		await c.page.emulateTimezone("Asia/Tokyo");
		await as(facts.admin);
		await cluster(c);
		await newTenant(c, facts);
		await apiMate(c, browser);
		await roll(c);
		await brand(c, facts);
		await rule(c);
		await webhook(c);
		await importState(c, facts);
		await removeTenant(c);
		await bill(c);
		const password = await access(c, url, facts);

		await c.go("#/tenants/NEWT/secrets");
		await c.click("tbody .button", "Show");
		await c.click("dialog .go");
		await c.see(".handout");
		await c.page.deleteCookie(...await c.page.cookies());
		await c.page.evaluate(() => dispatchEvent(new Event("refresh")));
		await c.see("dialog.signin");
		await c.see("main h2", "Nothing to show any more");
		await as(facts.viewer, password);
		await sees(c, facts.viewer);
		await as(facts.bound);
		await sees(c, facts.bound);
		console.log(JSON.stringify({ ...seen, foreign: await c.foreign(), violations: [...new Set(c.violations)], complaints: [...new Set(c.complaints)], hacked: await c.page.evaluate(() => !!window.hacked) }));
	} finally {
		await browser.close();
	}
}

const [url, profile, shots, facts] = process.argv.slice(2);

main(url, profile, shots, JSON.parse(facts)).catch((e) => {
	console.error(JSON.stringify(seen), e.stack || String(e));
	process.exit(1);
});
