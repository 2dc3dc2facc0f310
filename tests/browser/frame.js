// Shows the player in a frame of another site, where cookies of third parties are blocked: frame.js URL PROFILE-DIRECTORY
// Prints one JSON object: what is to be seen in the frame at nine seconds, and where it came to.
const chromium = require("./chromium.js");
const http = require("http");

// A page of that other site, and nothing else.
function platform(url) {
	return new Promise((done) => {
		const server = http.createServer((request, answer) => {
			answer.writeHead(200, { "Content-Type": "text/html" });
			answer.end(request.url === "/" ? `<iframe src="${url}" width=900 height=600></iframe>` : "");
		});

		server.listen(0, "127.0.0.1", () => done(server));
	});
}

async function main(url, profile) {
	const server = await platform(url);
	const browser = await chromium.open(profile, "--test-third-party-cookie-phaseout");
	try {
		const page = await browser.newPage(), complaints = [];

		page.on("console", (m) => m.type() === "error" && complaints.push(m.text()));
		page.on("pageerror", (e) => complaints.push(String(e)));
		await page.goto(`http://lms.localhost:${server.address().port}/`);
		let frame;

		for (let i = 0; !frame && i < 300; i++) {
			frame = page.frames().find((f) => /\/b3lb\/p\//.test(f.url()));
			if (!frame)
				await new Promise((done) => setTimeout(done, 100));
		}
		if (!frame)
			throw new Error(`there are only ${page.frames().map((f) => f.url().slice(0, 60))}; ${complaints}`);

		await frame.waitForFunction(() => document.documentElement.dataset.ready, { timeout: 30000 });
		await frame.evaluate(() => window.player.seek(9.5));
		await frame.waitForFunction(() => document.getElementById("main").readyState >= 2 && !document.getElementById("main").seeking, { timeout: 30000 });
		// The track that was uploaded, and the video to keep, are there too.
		await frame.evaluate(() => window.player.setCaption(1));
		await frame.waitForFunction(() => document.getElementById("captions").textContent, { timeout: 30000 });
		console.log(JSON.stringify({ ...await frame.evaluate(async () => ({
			caption: document.getElementById("captions").textContent,
			download: (await fetch(document.querySelector("a[aria-label='Download the video']").href, { headers: { Range: "bytes=0-9" } })).status,
			slide: [...document.querySelectorAll("#slide > g:first-of-type > g")].find((node) => node.style.display !== "none")
				.querySelector("image").getAttribute("href").replace(/.*\//, ""),
			width: document.getElementById("main").videoWidth,
			chat: [...document.querySelectorAll(".chat .message")].filter((node) => !node.hidden).map((node) => node.querySelector("b").textContent),
		})), address: frame.url(), complaints }));
	} finally {
		await browser.close();
		server.close();
	}
}

main(...process.argv.slice(2)).catch((e) => {
	console.error(e.stack || String(e));
	process.exit(1);
});
