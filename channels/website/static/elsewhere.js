/* Going on in a messenger: loaded only where the clinic has one. */
import { el, hidden, webLink } from "./widget/dom.js";
import { say } from "./widget/words.js";

const ABOUT = "This chat moves there when you send the message. A link works once.";

/** Put the way on under the chat, once. Opened, it fetches new links: each works once. */
export function offer({ panel, wire, memory }) {
  if (panel.node.querySelector(".elsewhere")) return;
  const ways = el("p", { role: "status" });
  const fetchLinks = async () => {
    if (!way.open) return;
    ways.replaceChildren();
    const { links } = await wire.post(memory.key(), {}, "links");
    ways.replaceChildren(...links.flatMap(({ label, url }) => [
      webLink(url, label, url, hidden(` ${say("newTab")}`)), " "]));
  };
  const way = el("details", { class: "kept elsewhere", toggle: fetchLinks }, el("summary", {}, say("elsewhere", {}, "Go on in a messenger")),
    el("div", {}, el("p", {}, say("elsewhereAbout", {}, ABOUT)), ways));
  panel.kept.before(way);
}
