/* Building elements. Text only ever becomes a text node: nothing from the server is read as HTML. */

/** An element with *attributes* (functions are listeners) and *children*; those that are null are left out. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

const SHAPES = {
  chat: "M4 5.5h16v11H9.5L5 20v-3.5H4zM8 9.5h8M8 12.5h5",
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5.5M6 11.2L12 5l6 6.2",
  safety: "M12 4L2.8 20h18.4zM12 10v4.5M12 17.3v.2",
  person: "M12 12a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6zM4.5 20c.8-3.6 3.7-5.4 7.5-5.4s6.7 1.8 7.5 5.4",
  down: "M12 5v13M6 12.5l6 6 6-6",
};

export function icon(name) {
  const make = (tag, attributes, ...children) =>
    fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
  return make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: "icon" }, make("path", { d: SHAPES[name] }));
}

/** Words for a screen reader alone. */
export const hidden = (text) => el("span", { class: "vh" }, text);

const MAIL = String.raw`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`;
const WEB = String.raw`https?:\/\/[^\s<>"“”]+[^\s<>"“”.,;:!?)\]’']`;
const FREE = String.raw`(?<![\w.,£$€/:+-])`;
const LONG = FREE + String.raw`(?:\+\d{1,3}|\(?0\d{2,5}\)?)(?:[ \u00a0.()-]{0,2}\d){4,11}(?![\w/:%])`;
// "call 999" anywhere; alone only where the reply is about safety: 111 may also be a price, or minutes.
const SHORT = String.raw`(?:999|111|112|116 ?123)(?![\d.,/:-]*\d|%|\.\w)`;
const CALLED = String.raw`(?<=\b(?:call|ring|dial|phone|text|NHS) )` + SHORT;
const PLAIN = new RegExp([MAIL, WEB, LONG, CALLED].join("|"), "gi");
const SAFETY = new RegExp([MAIL, WEB, LONG, FREE + SHORT].join("|"), "gi");

/** *text* as strings and links; short emergency numbers standing alone become links where *safety* is true. */
export function linked(text, safety) {
  const parts = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(safety ? SAFETY : PLAIN)) {
    const link = /^http/i.test(found) ? webLink(found, found) : contactLink(found);
    if (!link) continue;
    parts.push(text.slice(end, index), link);
    end = index + found.length;
  }
  return [...parts, text.slice(end)];
}

/** A mail address or a phone number as a link; null for a number that no phone has. */
export function contactLink(text) {
  if (text.includes("@")) return el("a", { href: `mailto:${encodeURIComponent(text).replace("%40", "@")}` }, text);
  const number = text.replace("(0)", "").replace(/(?!^\+)\D/g, "");
  return /^(\d{3}|\d{6}|\+?\d{8,15})$/.test(number) ? el("a", { href: `tel:${number}` }, text) : null;
}

/** A link to *address* in a new tab, since the visitor's own page stays; null unless it is http or https. */
export function webLink(address, text, base, ...more) {
  let url;
  try {
    url = new URL(address, base);
  } catch {
    return null; // not an address: the words stay, without a link
  }
  if (!/^https?:$/.test(url.protocol)) return null;
  return el("a", { href: url.href, target: "_blank", rel: "noopener" }, text, ...more);
}
