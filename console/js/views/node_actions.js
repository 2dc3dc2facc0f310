/* SPDX-License-Identifier: ISC */
/* What can be done with nodes: taken out and in, spoken to, emptied, removed. Each says first what it touches. */
import { h } from "../dom.js";
import { send, path } from "../api.js";
import { open, refresh, to } from "../route.js";
import { count } from "../format.js";
import { copyable, facts, outside, toast, HEALTH } from "../parts.js";
import { confirm } from "../confirm.js";

const sum = (nodes, name) => nodes.reduce((total, node) => total + node.live[name], 0);
const call = (nodes) => (nodes.length === 1 ? nodes[0].slug : count(nodes.length, "node"));
const running = (nodes) => `${count(sum(nodes, "meetings"), "meeting")} with ${count(sum(nodes, "attendees"), "person", "people")}`;

const MESSAGE = { name: "message", label: "Message to its rooms", type: "area", rows: 2,
	help: "Stands in the public chat of each meeting there. Empty: nothing is said." };
const TEXTS = {
	draining: (nodes) => ({
		title: `Drain ${call(nodes)}?`, verb: "Drain",
		text: [sum(nodes, "meetings") ? `New meetings go elsewhere. ${running(nodes)} go on until they end.` : "New meetings go elsewhere. Nothing runs there now."],
		fields: [{ name: "then", label: "Then maintenance", type: "checkbox",
			help: "As soon as the last meeting has ended, without anybody looking." }, MESSAGE], values: { then: true },
	}),
	maintenance: (nodes) => ({
		title: `Set ${call(nodes)} to maintenance?`, verb: "Set to maintenance",
		text: [sum(nodes, "meetings") ? `${running(nodes)} are still there; they go on.` : "Nothing runs there.",
			"It stays out until somebody enables it, and its failures are no alarm."],
	}),
	enabled: (nodes) => ({ title: `Enable ${call(nodes)}?`, verb: "Enable", text: ["It gets new meetings with the next create."] }),
};

/* One call each; what failed is told by name. */
async function each(nodes, run) {
	const results = await Promise.allSettled(nodes.map(run)),
		wrong = results.map((r, i) => r.reason && `${nodes[i].slug}: ${r.reason.detail || r.reason}`).filter(Boolean);

	if (wrong.length)
		toast(`${nodes.length - wrong.length} of ${nodes.length} done. ${wrong.slice(0, 5).join("; ")}`, "bad");
	return wrong.length === 0;
}

/* Those that are so already, or further out than that, stay as they are. */
const differ = (all, state) => all.filter((node) => node.state !== state && !(state === "draining" && node.state === "maintenance"));

/* All of them get this state; true when they have it. */
export async function take(all, state) {
	const nodes = differ(all, state), stay = all.length - nodes.length;

	if (!nodes.length)
		return true;
	const asked = TEXTS[state](nodes), text = [...asked.text, stay ? `${count(stay, "other stays as it is", "others stay as they are")}.` : null];
	const isDone = await confirm({ ...asked, text: text.filter(Boolean), run: async ({ then, message }) => {
		const body = state === "draining" ? { state, drain_to: then ? "maintenance" : null } : { state };

		if (nodes.length === 1)
			await send("PATCH", path`nodes/${nodes[0].slug}`, body);
		else if (!await each(nodes, (node) => send("PATCH", path`nodes/${node.slug}`, body)))
			return false;
		if (message)
			await each(nodes.filter((node) => node.live.meetings), (node) => send("POST", path`nodes/${node.slug}/message`, { text: message }));
		return true;
	} });

	if (isDone)
		toast(`${call(nodes)}: ${state === "enabled" ? "enabled" : HEALTH[state][1].toLowerCase()}`);
	if (isDone !== null)
		refresh();
	return isDone === true;
}

const failures = (list) => (list.length ? `; ${list.length} failed: ${list.slice(0, 3).map((f) => f.error).join("; ")}` : "");

export async function speak(node) {
	const sent = await confirm({ title: `Message to the rooms of ${node.slug}`,
		text: [`It stands in the public chat of ${count(node.live.meetings, "meeting")}.`], verb: "Send",
		fields: [{ ...MESSAGE, name: "text", label: "Message", help: "", required: true }],
			run: ({ text }) => send("POST", path`nodes/${node.slug}/message`, { text }) });

	if (sent)
		toast(`Said in ${count(sent.sent, "meeting")}${failures(sent.failed)}`, sent.failed.length ? "bad" : "ok");
}

export async function endAll(node) {
	const result = await confirm({ title: `End all meetings of ${node.slug}?`,
		text: [`${running([node])} are thrown out now.`, "This cannot be undone."], verb: "End meetings", isDanger: true, type: node.slug,
		fields: [{ ...MESSAGE, help: "Said before they end. Empty: nothing is said." }],
			run: ({ message }) => send("POST", path`nodes/${node.slug}/end-meetings`, message ? { message } : {}) });

	if (result)
		toast(`${count(result.ended, "meeting")} ended${failures(result.failed)}`, result.failed.length ? "bad" : "ok");
	refresh();
}

export async function remove(node) {
	const isDone = await confirm({ title: `Remove ${node.slug}?`, text: ["The load balancer forgets it; the server itself is not touched."],
		verb: "Remove", isDanger: true, type: node.slug,
		run: () => send("DELETE", path`nodes/${node.slug}`, null, { etag: node.etag }) });

	if (!isDone)
		return;
	toast(`${node.slug} is removed`);
	open(to("nodes"), true);
	refresh();
}

/* The node's secret and the way into API Mate; shown only when asked for, and written down by the server. */
export async function reveal(node) {
	const secret = await confirm({ title: `Show the secret of ${node.slug}?`,
		text: ["Who has it can do everything on that node. That you looked is written in the audit."], verb: "Show",
		run: () => send("POST", path`nodes/${node.slug}/reveal`) });

	if (!secret)
		return;
	const box = h("dialog", { "aria-labelledby": "reveal-title" }, h("h2", { id: "reveal-title" }, node.slug),
		facts([["Secret", copyable(secret.secret)], secret.api_mate ? ["API Mate", outside("Open it with this secret", secret.api_mate)] : null]),
		h("div", { class: "buttons" }, h("button", { class: "button primary", onclick: () => box.close() }, "Close")));

	box.addEventListener("close", () => box.remove());
	document.body.append(box);
	box.showModal();
}
