/* SPDX-License-Identifier: ISC */
/* What can be done with nodes: taken out and in, spoken to, emptied, removed. Each says first what it touches. */
import { h } from "../dom.js";
import { address, each, get, path, send } from "../api.js";
import { open, refresh, to } from "../route.js";
import { count } from "../format.js";
import { copyable, facts, outside, report, toast, HEALTH } from "../parts.js";
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

/* Those that are so already, or further out than that, stay as they are. */
const differ = (all, state) => all.filter((node) => node.state !== state && !(state === "draining" && node.state === "maintenance"));

const failures = (list) => (list.length ? `; ${list.length} failed: ${list.slice(0, 3).map((f) => f.error).join("; ")}` : "");
const slugOf = (node) => node.slug;
const tell = (node, text) => send("POST", path`nodes/${node.slug}/message`, { text });

async function mustTell(node, text) {
	const { failed } = await tell(node, text);

	if (failed.length)
		throw new Error(`message not said in ${count(failed.length, "meeting")}: ${failed[0].error}`);
}

/* One call each. The error of one alone is the dialog's. */
async function change(nodes, body, message) {
	const patch = (node) => send("PATCH", path`nodes/${node.slug}`, body);
	const alone = async () => (await patch(nodes[0]), { done: nodes, wrong: [] });
	const { done, wrong } = await (nodes.length === 1 ? alone() : each(nodes, slugOf, patch));
	const told = message ? await each(done.filter((node) => node.live.meetings), slugOf, (node) => mustTell(node, message)) : { wrong: [] };

	return { done, wrong: [...wrong, ...told.wrong] };
}

/* What was chosen may stand on another page, or be gone from the list: as it is now. Not known: as it was. */
async function asTheyAre(all) {
	const { value } = await get(address("nodes", { limit: 500 })), now = new Map(value.items.map((node) => [node.slug, node]));

	return all.map((node) => now.get(node.slug) || node);
}

/* All of them get this state; resolves to those that have it then. */
export async function take(chosen, state) {
	const all = await asTheyAre(chosen).catch(() => chosen);
	const nodes = differ(all, state), stay = all.length - nodes.length;

	if (!nodes.length) {
		toast(all.length === 1 ? "It is so already" : "All are so already");
		return all;
	}
	const asked = TEXTS[state](nodes), text = [...asked.text, stay ? `${count(stay, "other stays as it is", "others stay as they are")}.` : null];
	const result = await confirm({ ...asked, text: text.filter(Boolean), run: ({ then, message }) =>
		change(nodes, state === "draining" ? { state, drain_to: then ? "maintenance" : null } : { state }, message) });

	if (!result)
		return [];
	report(result.done.length < nodes.length ? `${result.done.length} of ${nodes.length} done`
		: `${call(nodes)}: ${state === "enabled" ? "enabled" : HEALTH[state][1].toLowerCase()}`, result.wrong);
	refresh();
	return all.filter((node) => !nodes.includes(node) || result.done.includes(node));
}

export async function speak(node) {
	const sent = await confirm({ title: `Message to the rooms of ${node.slug}`,
		text: [`It stands in the public chat of ${count(node.live.meetings, "meeting")}.`], verb: "Send",
		fields: [{ ...MESSAGE, name: "text", label: "Message", help: "", required: true }],
			run: ({ text }) => tell(node, text) });

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
	const close = () => box.close(), box = h("dialog", { "aria-labelledby": "reveal-title" }, h("h2", { id: "reveal-title" }, node.slug),
		facts([["Secret", copyable(secret.secret)], secret.api_mate ? ["API Mate", outside("Open it with this secret", secret.api_mate)] : null]),
		h("div", { class: "buttons" }, h("button", { class: "button primary", onclick: close }, "Close")));

	/* It does not outlive the session. */
	addEventListener("signin", close);
	box.addEventListener("close", () => {
		removeEventListener("signin", close);
		box.remove();
	});
	document.body.append(box);
	box.showModal();
}
