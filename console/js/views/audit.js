/* SPDX-License-Identifier: ISC */
/* Who changed what, and when. */
import { h } from "../dom.js";
import { isBound } from "../api.js";
import { go } from "../route.js";
import { instant, when, whenFull } from "../format.js";
import { list, listPath, tenantSelect, TENANTS } from "../table.js";

const SHOWN = 3;
const lines = (all) => h("ul", { class: "lines" }, all.map((line) => h("li", null, line)));
const changes = ({ changes: all, done }) => [done === false ? h("b", { class: "bad" }, "refused") : null, lines(all.slice(0, SHOWN)),
	all.length > SHOWN ? h("details", null, h("summary", null, `${all.length - SHOWN} more`), lines(all.slice(SHOWN))) : null];

const day = (name, title, query, end) => h("label", { class: "field" }, title,
	h("input", { type: "date", value: query[name] || "", onchange: (e) => go({ [name]: e.target.value, offset: "" }) }), end);

const spec = (query, data) => ({
	name: "audit", one: "change", many: "changes", key: (a) => a.id, sort: "-at", find: "Text of a change, request id",
	selects: [{ name: "object", all: "All objects" }, { name: "actor", all: "Everybody" },
		...(isBound() ? [] : [tenantSelect(data)])], filters: ["name", "from", "to"],
	toApi: (q) => ({ ...q, from: q.from && instant(q.from), to: q.to && instant(q.to, "00:00", 1) }),
	columns: [
		{ key: "at", title: "When", down: true, cell: (a) => h("time", { datetime: a.at, title: whenFull(a.at) }, when(a.at)) },
		{ title: "Who", kind: "name", cell: (a) => [h("b", null, a.actor),
			h("span", { class: "sub" }, [a.via, a.remote_addr].filter(Boolean).join(", "))] },
		{ title: "What", kind: "name", cell: (a) => [h("span", null, a.object), h("span", { class: "sub" }, a.name)] },
		{ title: "Change", kind: "long", cell: changes },
		{ title: "Request", kind: "opt", cell: (a) => (a.request_id ? h("code", null, a.request_id) : "–") },
	],
	tools: [day("from", "From ", query), day("to", "To ", query)],
	none: ["Nothing was changed yet", "Each change by console, API, command or job stands here, with who did it."],
});

export const ask = ({ query }) => ({ list: listPath(spec(query), query), tenants: isBound() ? null : TENANTS });
export const draw = ({ query }, data) => list(spec(query, data), query, data.list);
