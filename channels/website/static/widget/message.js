/* One message as the visitor sees it. */
import { el, hidden, icon } from "./dom.js";
import { linked, webLink } from "./links.js";
import { say } from "./words.js";

const HEADS = { safety: ["safety", "safety"], handoff: ["person", "handoff"] };

/** The bubble of *message*; `choose(choice)` is called when a choice is tapped. `place` has {api, lang, phone}. */
export function bubble(message, place, choose) {
  const safety = message.kind === "safety";
  return el(
    "div",
    { class: `msg ${message.from}${HEADS[message.kind] ? ` ${message.kind}` : ""}`, "data-n": message.n },
    author(message.from),
    head(message),
    el("div", { class: "text" }, ...linked(message.text, safety)),
    ...(message.citations ?? []).map((citation) => source(citation, place)),
    message.choices?.length ? choices(message.choices, choose) : null,
    foot(message.at, place.lang),
  );
}

/** The bubble of an item of ours that is still on its way; `mark` keeps its state up to date. */
export function ownBubble(item, withdraw) {
  const foot = el("div", { class: "foot" });
  const node = el("div", { class: "msg visitor" }, author("visitor"), el("div", { class: "text" }, item.text), foot);
  mark(node, item, withdraw);
  return node;
}

export function mark(node, item, withdraw) {
  const words = { sending: "sending", waiting: "waiting", slow: "slow", sent: "sent", failed: "failed" };
  node.dataset.state = item.state;
  const parts = [say(words[item.state])];
  if (item.state === "failed") {
    if (item.problem) parts.push(`. ${say(item.problem)} `);
    parts.push(el("button", { type: "button", class: "plain", click: withdraw }, say("edit")));
  }
  node.querySelector(".foot").replaceChildren(...parts);
}

/** The place of an item taken by the message that came back. */
export function settle(node, message, place) {
  node.dataset.n = message.n;
  delete node.dataset.state;
  node.querySelector(".text").textContent = message.text;
  node.querySelector(".foot").replaceWith(foot(message.at, place.lang));
}

function author(from) {
  const name = say(from === "visitor" ? "you" : from);
  return from === "person" ? el("div", { class: "head" }, icon("person"), name) : hidden(`${name}: `);
}

function head({ kind }) {
  if (!HEADS[kind]) return null;
  const [shape, word] = HEADS[kind];
  return el("div", { class: "head" }, icon(shape), say(word));
}

function foot(at, lang) {
  const time = new Date(at).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" });
  return el("div", { class: "foot" }, el("time", { datetime: at }, time));
}

function source({ heading, quote, url }, { api }) {
  const link = webLink(url, say("sourceLink"), api, hidden(`: ${heading} ${say("newTab")}`));
  return el(
    "details",
    { class: "source" },
    el("summary", {}, el("span", { class: "from" }, say("source")), el("span", { class: "heading" }, heading)),
    el("blockquote", {}, quote),
    link,
  );
}

function choices(list, choose) {
  const group = el("div", { class: "choices", role: "group", "aria-label": say("choose") });
  for (const choice of list) {
    const tap = () => {
      if (group.dataset.closed) return;
      close(group, choice.label);
      choose(choice);
    };
    group.append(el("button", { type: "button", click: tap }, choice.label));
  }
  return group;
}

/** A used group: its buttons stay in place for those who tab through, and do nothing. */
export function close(group, label) {
  group.dataset.closed = "yes";
  for (const button of group.querySelectorAll("button")) {
    button.setAttribute("aria-disabled", "true");
    if (button.textContent === label) {
      button.classList.add("chosen");
      button.append(hidden(` (${say("chosen")})`));
    }
  }
}

/** Close the groups in *list* that have a choice called *text*: it was tapped earlier, or typed. */
export function closeMatching(list, text) {
  const wanted = text.trim().toLowerCase();
  for (const group of list.querySelectorAll(".choices:not([data-closed])")) {
    const button = [...group.querySelectorAll("button")].find((one) => one.textContent.trim().toLowerCase() === wanted);
    if (button) close(group, button.textContent);
  }
}
