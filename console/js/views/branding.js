/* SPDX-License-Identifier: ISC */
/* A tenant's own slide, logo and style sheet. Pictures are shown as pictures only: whatever is in them, it does not run. */
import { h } from "../dom.js";
import { can, href, path, send } from "../api.js";
import { bytes } from "../format.js";
import { button, note, outside, panel, part } from "../parts.js";
import { act } from "./object.js";

const KINDS = {
	slide: ["First slide", "What a meeting shows until somebody brings another presentation.", ".pdf,.png,.jpg,.jpeg,.svg,.odp,.pptx,.ppt"],
	logo: ["Logo", "Above the list of people, and on pages that people see when something went wrong.", "image/*"],
	css: ["Style sheet", "For BigBlueButton's page, by userdata-bbb_custom_style_url.", ".css"],
};

const upload = (slug, kind, [title, text, accept]) => act({ title: `${title} of ${slug}`, text: [text], verb: "Upload",
	fields: [{ name: "file", label: "File", type: "file", required: true, accept }], done: `${title} is there`,
	run: ({ file }) => send("PUT", path`tenants/${slug}/assets/${kind}`, file,
		{ query: { name: file.name }, type: file.type || "application/octet-stream" }) });
const takeAway = (slug, kind, [title]) => act({ method: "DELETE", where: path`tenants/${slug}/assets/${kind}`,
	title: `Remove the ${title.toLowerCase()} of ${slug}?`, text: ["Meetings that begin from now on have BigBlueButton's own."], verb: "Remove",
	isDanger: true, done: `${title} is removed` });

/* A picture again when another one came: the number of changes stands in the key. */
const preview = (slug, { kind, type, name, size }, title, etag) => (/^image\//.test(type)
	? h("div", { class: "preview", data: { key: `${kind} ${name} ${size} ${etag}` } },
		h("img", { src: href(path`tenants/${slug}/assets/${kind}`), alt: `${title} of ${slug}` })) : null);

const card = (slug, kind, about, asset, etag) => panel(about[0],
	can("configure") ? [button(asset ? "Replace" : "Upload", () => upload(slug, kind, about), asset ? "small" : "small primary"),
	asset ? button("Remove", () => takeAway(slug, kind, about), "small") : null] : null, note(about[1]),
asset ? [preview(slug, asset, about[0], etag), h("p", null, asset.name, h("span", { class: "sub" }, ` ${asset.type}, ${bytes(asset.size)} `),
	asset.url ? outside("As it is served", asset.url) : null)] : h("p", null, "None: BigBlueButton's own."));

export const ask = ({ id }) => ({ assets: path`tenants/${id}/assets` });
export const draw = (at, data, { slug }) => part(data.assets,
	({ items }) => h("div", { class: "cards" }, Object.entries(KINDS).map(([kind, about]) => card(slug, kind, about,
	items.find((a) => a.kind === kind), data.assets.etag))));
