/* SPDX-License-Identifier: ISC */
/* The whole configuration: taken out as a file, put in after a look at what would change; and the keys of b3lb.conf. */
import { h, keep, put } from "../dom.js";
import { can, href, send } from "../api.js";
import { go, refresh } from "../route.js";
import { count } from "../format.js";
import { button, choice, copyable, failed, grid, note, panel, part, toast } from "../parts.js";
import { confirm } from "../confirm.js";
import { once } from "./object.js";
import * as parameters from "./parameters.js";

const FILE = "b3lb-state.json";
const download = (query) => h("a", { href: href("state", query), download: FILE }).click();

async function withSecrets() {
	if (await confirm({ title: "Export with secrets?", text: ["Whoever has the file can act as each tenant and on each node. That it was taken is written in the audit."], verb: "Export" }))
		download({ secrets: 1 });
}

async function apply(doc, place) {
	const { changes, secrets = [] } = await send("POST", "state", doc);

	put(place, note(`${count(changes.length, "change")} made.`));
	toast(`${count(changes.length, "change")} made`);
	refresh();
	if (secrets.length)
		once("Secrets that were made", grid("Secrets", [["Name"], ["Secret"]], secrets.map((s) => [s.name, copyable(s.secret)])));
}

/* What a file would change; nothing is done before Apply. */
async function look(file, place) {
	put(place, note("Reading it ..."));
	try {
		let doc;

		try {
			doc = JSON.parse(await file.text());
		} catch (error) {
			return put(place, failed({ title: "The file is not JSON", detail: error.message }));
		}
		const { changes } = await send("POST", "state", doc, { query: { dry_run: 1 } });
		const run = () => apply(doc, place).catch((error) => put(place, failed(error)));

		put(place, changes.length ? [h("h3", null, `${count(changes.length, "change")} in ${file.name}`),
			h("ul", { class: "lines" }, changes.map((line) => h("li", null, line))),
			h("div", { class: "buttons" }, button(`Apply ${count(changes.length, "change")}`, run,
				"primary"))] : note("Nothing would change: all of it is there."));
	} catch (error) {
		put(place, failed(error), error.errors?.length ? h("ul", { class: "lines" },
			error.errors.map((e) => h("li", null, `${e.pointer}: ${e.detail}`))) : null);
	}
}

function importer() {
	const place = h("div", { "aria-live": "polite" });
	const pick = h("input", { type: "file", id: "state-file", accept: ".json,application/json",
		onchange: (e) => e.target.files[0] && look(e.target.files[0], place) });

	return [h("p", { class: "muted" }, "A file as exported, or a part of one. What it does not name stays as it is. First it is shown what would change."), h("label", { for: "state-file" }, "File "), pick, place];
}

const keys = (items, isAll) => grid("Keys of b3lb.conf", [["Key"], ["Value"], ["What it is", "opt"]],
	items.filter((k) => isAll || !k.default).map((k) => [h("code", null, k.key),
	[h("code", null, String(k.value ?? "")), k.default ? h("span", { class: "sub" }, " as built in") : null], k.help]));

export const ask = () => ({ config: { path: "config", every: 60 }, ...parameters.ask({ id: "*" }) });
export const draw = (at, data) => [h("div", { class: "cards" },
	panel("Export", null, note("Clusters, groups, nodes, profiles and tenants in one file: to keep, to compare, to move."),
		h("div", { class: "buttons left" }, button("Export", () => download(), "", "csv"),
		can("access") ? button("Export with secrets", withSecrets, "", "lock") : null)),
	can("access") ? panel("Import", null, keep("import", importer)) : null),
parameters.draw(at, data, { slug: "*" }),
panel("b3lb.conf", choice("Keys shown", [["", "Set here"], ["all", "All"]], at.query.keys || "", (value) => go({ keys: value }, { replace: true })),
	note("In force on this host; to be changed in /etc/b3lb/b3lb.conf, which is read at the next start."),
	part(data.config, ({ items }) => keys(items, at.query.keys === "all")))];
