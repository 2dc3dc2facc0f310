// Opens the player of a recording in Chromium and does what a viewer does: player.js URL PROFILE-DIRECTORY SCREENSHOT-DIRECTORY
// Prints one JSON object: what was to be seen after each step, what was asked for, and what went wrong.
const chromium = require("./chromium.js");
const path = require("path");

// What is on the screen, as a viewer tells it.
function look() {
	const shown = (node) => node && getComputedStyle(node).display !== "none" && getComputedStyle(node).visibility !== "hidden";
	const slide = [...document.querySelectorAll("#slide > g:first-of-type > g")].find(shown);
	const image = slide && slide.querySelector("image");
	const share = document.getElementById("share"), main = document.getElementById("main");

	return {
		time: Math.round(window.player.media.time * 10) / 10,
		slide: image ? image.getAttribute("href").replace(/.*\//, "") : null,
		view: document.getElementById("slide").getAttribute("viewBox"),
		// Where each begins and ends.
		paths: [...document.querySelectorAll("#slide .shapes path")].map((node) => [0, node.getTotalLength()].map((at) => {
			const { x, y } = node.getPointAtLength(at);

			return `${Math.round(x)} ${Math.round(y)}`;
		}).join(" to ")),
		texts: [...document.querySelectorAll("#slide .shapes text")].map((node) => node.textContent),
		pointer: shown(document.querySelector("#slide .pointer")),
		share: shown(share), shareAt: Math.round(share.currentTime), shareWidth: share.videoWidth,
		main: Math.round(main.currentTime), mainWidth: main.videoWidth,
		chat: [...document.querySelectorAll(".chat .message")].filter((node) => !node.hidden).map((node) => node.querySelector("b").textContent),
		caption: document.getElementById("captions").hidden ? "" : document.getElementById("captions").textContent,
		playing: document.getElementById("player").classList.contains("playing"),
		message: document.getElementById("message").textContent,
	};
}

async function visit(page, url, shots) {
	const seen = {};
	const wait = (condition, ...args) => page.waitForFunction(condition, { timeout: 30000 }, ...args);
	const settled = () => wait(() => ["main", "share"].every((id) => !document.getElementById(id).seeking) && document.getElementById("main").readyState >= 2);
	const seek = async (name, t) => {
		await page.evaluate((to) => window.player.seek(to), t);
		await settled();
		if (name === "share")
			await wait(() => Math.abs(document.getElementById("share").currentTime - window.player.media.time) < 0.3 && !document.getElementById("share").seeking);
		seen[name] = await page.evaluate(look);
	};

	await page.goto(url);
	await wait(() => document.documentElement.dataset.ready);
	await settled();
	seen.first = await page.evaluate(look);
	// What was asked for only when a script had run that wants it: a round trip before the first picture.
	seen.late = await page.evaluate(() => performance.getEntriesByType("resource").filter(({ name, initiatorType }) =>
		/(timeline\.json|\.js)$/.test(name) && !name.endsWith("/player.js") && ["script", "fetch"].includes(initiatorType)).map(({ name }) => name));
	seen.title = await page.title();
	await page.screenshot({ path: path.join(shots, "light.png") });
	await seek("drawn", 3.5);
	await page.screenshot({ path: path.join(shots, "drawn.png") });
	await seek("zoomed", 5.5);
	await seek("second", 9.5);
	await seek("share", 13);
	await page.screenshot({ path: path.join(shots, "share.png") });
	await seek("back", 1.2);
	// Plays by the button, and the time goes on by itself.
	await page.click("#play");
	await wait(() => window.player.media.time > 2);
	seen.playing = await page.evaluate(look);
	await page.keyboard.press("k");
	await wait(() => !window.player.media.playing);
	// The share goes with the sound.
	await page.evaluate(() => { window.player.seek(11.5); window.player.media.play(); });
	await wait(() => window.player.media.time > 12.5 && window.player.media.time < 16 && !document.getElementById("share").paused &&
		Math.abs(document.getElementById("share").currentTime - document.getElementById("main").currentTime) < 0.3);
	await page.evaluate(() => window.player.media.pause());
	// A click on a slide and on a message leads there; captions are shown.
	await page.keyboard.press("c");
	await page.evaluate(() => document.querySelectorAll(".thumbs .entry")[1].click());
	await settled();
	seen.thumb = await page.evaluate(look);
	await page.evaluate(() => document.querySelectorAll(".chat .entry")[1].click());
	await wait(() => document.getElementById("captions").textContent);
	seen.message = await page.evaluate(look);
	// The one that was uploaded stands behind those of the recording.
	seen.tracks = await page.evaluate(() => window.player.tracks.map(({ lang, label }) => `${lang} ${label}`));
	if (seen.tracks.length > 1) {
		await page.evaluate(() => window.player.setCaption(1));
		await wait(() => document.getElementById("captions").textContent);
		seen.uploaded = await page.evaluate(look);
		await page.evaluate(() => window.player.setCaption(0));
	}
	await page.evaluate(() => [...document.querySelectorAll(".tabs button")].find((tab) => tab.textContent === "Search").click());
	await page.type(".search input", "moon");
	seen.found = await page.evaluate(() => [...document.querySelectorAll(".search .entry")].map((node) => node.textContent));
	await page.screenshot({ path: path.join(shots, "search.png") });
	seen.tabs = await page.evaluate(() => [...document.querySelectorAll(".tabs button")].map((tab) => tab.textContent));
	await page.evaluate(() => document.activeElement.blur());
	await page.keyboard.press("5");
	seen.half = await page.evaluate(look);
	return seen;
}

// Other screens, and the moment in the address.
async function look_elsewhere(page, url, shots) {
	const ready = () => page.waitForFunction(() => document.documentElement.dataset.ready && document.getElementById("main").readyState >= 2, { timeout: 30000 });

	await page.goto(`${url}?t=9s`);
	await ready();
	const asked = await page.evaluate(look);
	await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
	await page.screenshot({ path: path.join(shots, "dark.png") });
	await page.setViewport({ width: 390, height: 844, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
	await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
	await page.goto(`${url}?t=0h0m4s`);
	await ready();
	await page.screenshot({ path: path.join(shots, "phone.png") });
	return { asked, phone: await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, time: Math.round(window.player.media.time) })) };
}

async function main(url, profile, shots) {
	const browser = await chromium.open(profile, "--autoplay-policy=no-user-gesture-required");
	try {
		const page = await browser.newPage(), complaints = [], asked = new Set(), statuses = new Set(), origin = new URL(url).origin;

		await page.setViewport({ width: 1280, height: 720 });
		page.on("console", (m) => ["error", "warn"].includes(m.type()) && complaints.push(m.text()));
		page.on("pageerror", (e) => complaints.push(String(e)));
		page.on("response", (r) => {
			if (!r.url().startsWith("data:") && new URL(r.url()).origin !== origin)
				asked.add(r.url());
			if (/webcams/.test(r.url()))
				statuses.add(r.status());
		});
		await page.evaluateOnNewDocument(() => {
			window.violations = [];
			document.addEventListener("securitypolicyviolation", (e) => window.violations.push(`${e.violatedDirective} ${e.blockedURI}`));
		});
		const seen = await visit(page, url, shots);
		const elsewhere = await look_elsewhere(page, url, shots);

		console.log(JSON.stringify({ ...seen, ...elsewhere, violations: await page.evaluate(() => window.violations),
			complaints, foreign: [...asked], statuses: [...statuses] }));
	} finally {
		await browser.close();
	}
}

main(...process.argv.slice(2)).catch((e) => {
	console.error(e.stack || String(e));
	process.exit(1);
});
