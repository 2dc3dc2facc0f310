/* SPDX-License-Identifier: ISC */
/* The management API as the screens use it: answers kept by ETag, problems as errors, a sign-in where the session has ended. */
const BASE = "v1/";
const MOST_KEPT = 60;
const kept = new Map(); /* path -> { etag, value }, the oldest first */
let session = null, asksSignIn = null, goesOn = null;

/* A refusal in words: status, title, detail, errors ([{ pointer, detail }]), used_by, current, request_id; status 0: nobody answered. */
export class Problem extends Error {
	constructor(status, body = {}) {
		super(body.detail || body.title || (status ? `The program answers ${status}.` : "The load balancer cannot be reached."));
		Object.assign(this, { errors: [], ...body, status, detail: this.message });
	}
	/* Nothing is wrong with what was asked: it may work a little later. */
	get passes() {
		return this.status === 0 || this.status === 429 || this.status >= 500;
	}
}

export const whoAmI = () => session;
export const can = (permission) => !!session?.permissions.includes(permission);
/* Accounts bound to tenants see neither nodes nor what belongs to all. */
export const isBound = () => !!session?.tenants;

/* sign(isSoon) shows a sign-in, for a session that has ended or will soon, and resolves when it has worked; then() goes on after it.
 * Said once, by the frame. */
export function onSignIn(sign, then) {
	asksSignIn = sign;
	goesOn = then;
}

/* "nodes", { q: "a", cluster: "" } -> "nodes?q=a" */
export function address(path, query = {}) {
	const used = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined));

	return String(used) ? `${path}?${used}` : path;
}
export const href = (path, query) => BASE + address(path, query);
/* path`nodes/${slug}/probe` with each name as one segment */
export const path = (parts, ...names) => String.raw({ raw: parts }, ...names.map(encodeURIComponent));

async function answerOf(response) {
	const isJson = response.status !== 204 && /json/.test(response.headers.get("Content-Type") || "");
	let body;

	try {
		body = isJson ? await response.json() : null;
	} catch {
		throw new Problem(0);
	}
	if (response.ok)
		return body;
	const problem = new Problem(response.status, body || {});

	problem.retryAfter = Number(response.headers.get("Retry-After")) || 0;
	throw problem;
}

async function ask(method, where, headers, body, signal) {
	let response;

	try {
		response = await fetch(BASE + where, { method, headers, body, signal, cache: "no-store", redirect: "error" });
	} catch (e) {
		throw e.name === "AbortError" ? e : new Problem(0);
	}
	return response;
}

let signing = null;

/* All who were refused, or will be soon, wait for one and the same sign-in. */
export function signIn(isSoon = false) {
	signing ??= asksSignIn(isSoon).finally(() => (signing = null)).then(goesOn);
	return signing;
}
export const isSigning = () => !!signing;

/* What stands at a path, { value, etag, isNew }; the same value when nothing changed. Problem. */
export async function get(where, { signal } = {}) {
	const known = kept.get(where);
	const response = await ask("GET", where, known ? { "If-None-Match": known.etag } : {}, undefined, signal);

	if (response.status === 304 && known)
		return { ...known, isNew: false };
	if (response.status === 401) {
		await signIn();
		return get(where, { signal });
	}
	const value = await answerOf(response), etag = response.headers.get("ETag");

	kept.delete(where);
	if (etag)
		kept.set(where, { value, etag });
	if (kept.size > MOST_KEPT)
		kept.delete(kept.keys().next().value);
	return { value, etag, isNew: true };
}

/* Does something: send("PATCH", "nodes/a", { weight: 2 }, { etag, isNew, query, type }). A body that is no plain object goes as it is.
 * isNew: there must be none yet.
 * Resolves to the answer's body (null: none). Problem. */
export async function send(method, where, body, { etag, isNew, query, type } = {}) {
	const isBytes = body instanceof Blob, headers = {};

	if (body !== undefined && body !== null)
		headers["Content-Type"] = type || (isBytes ? body.type : "application/json");
	if (etag)
		headers["If-Match"] = etag.startsWith('"') ? etag : `"${etag}"`;
	if (isNew)
		headers["If-None-Match"] = "*";
	const response = await ask(method, address(where, query), headers,
		isBytes ? body : body ? JSON.stringify(body) : method === "POST" ? "" : undefined);

	if (response.status === 401 && where !== "session") {
		await signIn();
		return send(method, where, body, { etag, isNew, query, type });
	}
	return answerOf(response);
}

/* The same for each of many: those it went well with, and what went wrong with the others, by name. */
export async function each(rows, nameOf, run) {
	const results = await Promise.allSettled(rows.map(run));

	return { done: rows.filter((row, i) => results[i].status === "fulfilled"),
		wrong: results.map(({ reason }, i) => reason && `${nameOf(rows[i])}: ${reason.detail || reason.message}`).filter(Boolean) };
}

/* Who is signed in now; null: nobody, and who was is still known. ends: in milliseconds of this clock, which may be another than the
 * server's; null: never. */
export async function loadSession() {
	const response = await ask("GET", "session", {});

	if (response.status === 401)
		return null;
	const answer = await answerOf(response);

	return (session = { ...answer, ends: answer.expires_in === null ? null : Date.now() + answer.expires_in * 1000 });
}
