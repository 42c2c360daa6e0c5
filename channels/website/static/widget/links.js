/* Numbers, mail addresses and web addresses in a text, as links. */
import { el } from "./dom.js";

const MAIL = String.raw`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`;
const WEB = String.raw`https?:\/\/[^\s<>"“”]+[^\s<>"“”.,;:!?)\]’']`;
const LONG = String.raw`(?<![\w.,£$€/:+-])(?:\+\d{1,3}|\(?0\d{2,5}\)?)(?:[ \u00a0.()-]{0,2}\d){4,11}(?![\w/:%])`;
/* "call 999" anywhere; alone only where the reply is about safety: 111 may be a price or a number of minutes. */
const CALLED = String.raw`(?<=\b(?:call|ring|dial|phone|text|NHS) )(?:999|111|112|116 ?123)(?![\d.,]*\d|%)`;
const ALONE = String.raw`(?<![\w.,£$€/:+-])(?:999|111|112|116 ?123)(?![\d.,/:-]*\d|%|\.\w)`;

const PLAIN = new RegExp([MAIL, WEB, LONG, CALLED].join("|"), "gi");
const SAFETY = new RegExp([MAIL, WEB, LONG, ALONE].join("|"), "gi");

/** *text* as strings and links. Short emergency numbers standing alone become links where *safety* is true. */
export function linked(text, safety = false) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(safety ? SAFETY : PLAIN)) {
    const link = linkTo(match[0]);
    if (!link) continue;
    parts.push(text.slice(end, match.index), link);
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

function linkTo(text) {
  if (/^https?:/i.test(text)) return webLink(text, text);
  if (text.includes("@")) return el("a", { href: mailAddress(text) }, text);
  const digits = text.replace(/\D/g, "").length;
  return digits === 3 || digits === 6 || (digits >= 8 && digits <= 15) ? el("a", { href: phoneAddress(text) }, text) : null;
}

export function phoneAddress(number) {
  return `tel:${number.replace(/\(0\)/g, "").replace(/(?!^\+)\D/g, "")}`;
}

export function mailAddress(address) {
  return `mailto:${encodeURIComponent(address).replace("%40", "@")}`;
}

/** A link to *address*, which leaves the visitor's page where it is; null unless it is http or https. */
export function webLink(address, text, base, ...more) {
  let url;
  try {
    url = new URL(address, base);
  } catch {
    return null; // not an address: the caller shows the text without a link
  }
  if (!/^https?:$/.test(url.protocol)) return null;
  return el("a", { href: url.href, target: "_blank", rel: "noopener" }, text, ...more);
}
