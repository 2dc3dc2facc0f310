// What a person does with the console, and what can be found out about a page of it; for console.js.
const fs = require("fs");

const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const PATIENCE = 30000;

class Console {
	constructor(page, shots) {
		Object.assign(this, { page, shots, violations: [], complaints: [] });
	}

	// From the first script on: what the policy of the page forbids is remembered.
	async begin() {
		await this.page.exposeFunction("reportViolation", (text) => this.violations.push(text));
		await this.page.evaluateOnNewDocument(() => addEventListener("securitypolicyviolation", (e) => window.reportViolation(`${e.violatedDirective} ${e.sourceFile}:${e.lineNumber}`)));
		// What is to be done minutes later, so that nobody waits for it: c.later("setInterval").
		await this.page.evaluateOnNewDocument(() => {
			window.clocks = {};
			for (const name of ["setTimeout", "setInterval"]) {
				const real = window[name];

				window[name] = (run, ms, ...rest) => {
					if (ms >= 60e3)
						window.clocks[name] = { run, ms };
					return real(run, ms, ...rest);
				};
			}
		});
		this.page.on("pageerror", (e) => this.complaints.push(String(e)));
		// A refusal that the console shows itself stands in the browser's log too.
		this.page.on("console", (m) => m.type() === "error" && !/v1\/.*|favicon/.test(m.location().url || "") && this.complaints.push(m.text()));
	}

	// Does at once what was put off last by that function.
	later(name) {
		return this.page.evaluate((n) => void window.clocks[n].run(), name);
	}

	wait(condition, ...args) {
		return this.page.waitForFunction(condition, { timeout: PATIENCE, polling: 50 }, ...args);
	}

	// An element with that text, for a person to see.
	async see(selector, text = "") {
		try {
			return await this.wait((s, t) => [...document.querySelectorAll(s)].find((el) => el.checkVisibility() && el.textContent.includes(t)), selector, text);
		} catch (e) {
			const there = await this.page.evaluate((s) => [...document.querySelectorAll(s)].map((el) => el.textContent.slice(0, 60)), selector);

			throw new Error(`no ${selector} with "${text}" at ${this.page.url()}; there are ${JSON.stringify(there)}`);
		}
	}

	async click(selector, text = "") {
		await (await this.see(selector, text)).asElement().click();
	}

	async type(selector, text) {
		const el = (await this.see(selector)).asElement();

		// Not by three clicks, which are none on a machine that is slow between them.
		await el.click();
		await el.evaluate((e) => e.select?.());
		await el.type(text);
	}

	// Two pictures later everything that was known has been drawn.
	drawn() {
		return this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
	}

	// A screen at its address, with what it asked for.
	async go(hash) {
		await this.page.evaluate((h) => (location.hash = h), hash);
		await this.drawn();
		await this.wait(() => document.querySelector("main > div") && !document.querySelector(".loading, [aria-busy]"));
		await this.drawn();
	}

	async theme(name) {
		await this.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: name }, { name: "prefers-reduced-motion", value: "reduce" }]);
	}

	// Rules that the page breaks, each with an element; rules: only these.
	async axe(rules) {
		if (!await this.page.evaluate(() => !!window.axe))
			await this.page.evaluate(AXE);
		return this.page.evaluate(async (only) => (await window.axe.run({ runOnly: only || ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })).violations
			.map((v) => `${v.id}: ${v.nodes[0].target} ${v.nodes[0].any[0]?.message || ""}`), rules);
	}

	// Elements that no code of ours makes.
	foreign() {
		return this.page.evaluate(() => [...document.querySelectorAll("img:not([src='icon.svg'], .preview img), iframe, object, embed, style, marquee, script:not([src$='js/main.js'], [src$='chart.min.js'])")].map((el) => el.outerHTML.slice(0, 80)));
	}

	// How much wider than the window the page is, in pixels.
	sideways() {
		return this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	}

	async shot(name) {
		await this.page.screenshot({ path: `${this.shots}/${name}.png` });
	}

	// Tab until what has the focus matches; how often that took.
	async tabTo(selector, text = "", most = 120) {
		for (let i = 1; i <= most; i++) {
			await this.page.keyboard.press("Tab");
			if (await this.page.evaluate((s, t) => document.activeElement.matches(s) && document.activeElement.textContent.includes(t), selector, text))
				return i;
		}
		throw new Error(`Tab does not come to ${selector} ${text}`);
	}
}

module.exports = { Console };
