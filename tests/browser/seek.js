// Plays a video in Chromium as a page of another site does: seek.js URL PROFILE-DIRECTORY [SECONDS...]
// Prints one JSON line: what the video element knows, and the frame that it shows after each seek.
const chromium = require("./chromium.js");

async function main(url, profile, seconds) {
	const browser = await chromium.open(profile);
	try {
		const page = await browser.newPage();
		const statuses = [];
		page.on("response", (r) => r.url() === url && statuses.push(r.status()));
		await page.setContent("<video muted preload=metadata></video>");
		const seen = await page.evaluate(async (src, times) => {
			const video = document.querySelector("video");
			const once = (event) => new Promise((done, failed) => {
				video.addEventListener(event, done, { once: true });
				video.addEventListener("error", () => failed(new Error(video.error.message)), { once: true });
			});
			let ready = once("loadedmetadata");
			video.src = src;
			await ready;
			const at = [];
			for (const t of times) {
				ready = once("seeked");
				video.currentTime = t;
				await ready;
				at.push(Math.round(video.currentTime));
			}
			return { duration: Math.round(video.duration), width: video.videoWidth, at };
		}, url, seconds);
		console.log(JSON.stringify({ ...seen, statuses: [...new Set(statuses)] }));
	} finally {
		await browser.close();
	}
}

const [url, profile, ...seconds] = process.argv.slice(2);
main(url, profile, seconds.map(Number)).catch((e) => {
	console.error(String(e));
	process.exit(1);
});
