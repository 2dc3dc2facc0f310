// Debian's Chromium as all tests of pages start it: nothing of it asks the network for anything.
const puppeteer = require("puppeteer-core");

exports.open = (profile, ...more) => puppeteer.launch({
	executablePath: "/usr/bin/chromium",
	userDataDir: profile,
	args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync",
		// A colour on its way to another is no colour to judge.
		"--force-prefers-reduced-motion", ...more],
});
