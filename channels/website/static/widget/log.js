/* The messages in view: by number, what is still on its way last, and scrolled as one reads. */
import { el, hidden, icon, linked, webLink } from "./dom.js";
import { say } from "./words.js";

const NEAR = 80; // pixels from where a reader who follows along would be

export class Log {
  /** *place*: {api, lang}. The others are called when that is tapped. */
  constructor(place, { choose, withdraw, dislike }) {
    Object.assign(this, { place, choose, withdraw, dislike, items: new Map() });
    const label = say("messages");
    this.list = el("div", { class: "list", role: "log", "aria-live": "off", "aria-label": label });
    this.dots = el("div", { class: "typing", hidden: true }, hidden(say("typing")), el("i"), el("i"), el("i"));
    this.intro = el("p", { class: "intro" });
    this.scroller = el("div", { class: "scroller", tabindex: "0", role: "group", "aria-label": label },
      this.intro, this.list, this.dots);
    this.jump = el("button", { type: "button", class: "jump", hidden: true, click: () => this.toEnd() },
      icon("down"), say("newBelow"));
    this.node = el("div", { class: "log" }, this.scroller, this.jump);
    this.scroller.addEventListener("scroll", () => this.#following() && (this.jump.hidden = true));
  }

  /** A message from the server, in its place; *item* is the one of ours that it was. */
  add(message, item) {
    const follow = this.#following();
    const own = this.items.get(item);
    if (own) {
      own.dataset.n = message.n;
      delete own.dataset.state;
      own.lastChild.replaceChildren(time(message.at, this.place.lang));
      this.items.delete(item);
    } else {
      const later = [...this.list.children].find((other) => isLater(other.dataset, message.n));
      this.list.insertBefore(this.#bubble(message), later ?? null);
    }
    if (message.from === "visitor") closeMatching(this.list, message.text);
    else this.typing(false);
    if (follow) this.toEnd();
    else this.jump.hidden = message.from === "visitor";
  }

  show(item) {
    let node = this.items.get(item);
    if (!node) {
      if (item.echoed || item.state === "sent") return;
      node = el("div", { class: "msg visitor" }, hidden(`${say("you")}: `), words(item.text), el("div", { class: "foot" }));
      this.items.set(item, node);
      this.list.append(node);
    }
    node.dataset.state = item.state;
    node.lastChild.replaceChildren(say(item.state), ...(item.problem ? this.#mending(item, node) : []));
    this.toEnd();
  }

  typing(on) {
    clearTimeout(this.timer);
    const follow = this.#following();
    this.dots.hidden = !on;
    if (on) this.timer = setTimeout(() => this.typing(false), 15_000);
    if (on && follow) this.toEnd();
  }

  /** The history is here; what comes from now on is read out. */
  arrived() {
    this.toEnd();
    setTimeout(() => this.list.setAttribute("aria-live", "polite"), 500);
  }

  clear(text) {
    this.items.clear();
    this.typing(false);
    this.list.replaceChildren(el("p", { class: "line" }, text));
  }

  /** Down to the end, but never past the visitor's last message: a long answer is read from its beginning. */
  toEnd() {
    this.scroller.scrollTop = this.#goal();
    this.jump.hidden = true;
  }

  #goal() {
    const own = [...this.list.querySelectorAll(".visitor")].pop();
    const end = this.scroller.scrollHeight - this.scroller.clientHeight;
    return own ? Math.min(end, own.offsetTop - 12) : end;
  }

  #following() {
    return this.scroller.scrollTop >= this.#goal() - NEAR;
  }

  #mending(item, node) {
    const click = () => {
      node.remove();
      this.items.delete(item);
      this.withdraw(item);
    };
    return [`. ${say(item.problem)} `, el("button", { type: "button", class: "plain", click }, say("edit"))];
  }

  #bubble({ n, from, kind, text, citations, choices, at }) {
    const { api, lang } = this.place;
    const [shape, head] = from === "person" ? ["person", "person"]
      : { safety: ["safety", "safety"], handoff: ["person", "handoff"] }[kind] ?? [];
    return el("div", { class: `msg ${from} ${kind ?? ""}`, "data-n": n },
      from === "person" ? null : hidden(`${say(from === "visitor" ? "you" : "bot")}: `),
      head && el("div", { class: "head" }, icon(shape), say(head)),
      words(text, kind === "safety"),
      ...sources(citations ?? [], api),
      choices?.length ? choiceGroup(choices, this.choose) : null,
      el("div", { class: "foot" }, time(at, lang), ...(kind === "answer" ? [" · ", this.#thumb(n)] : [])));
  }

  #thumb(n) {
    const click = () => this.dislike(n).then(() => node.replaceWith(say("disliked")), () => {});
    const node = el("button", { type: "button", class: "plain", click }, say("dislike"));
    return node;
  }
}

const isLater = ({ n, state }, than) => (n ? Number(n) > than : Boolean(state) && state !== "sent");

function words(text, safety) {
  return el("div", { class: "text" }, ...text.split("\n").map((line) => el("p", {}, ...linked(line, safety))));
}

/** The hour, and the day too unless it is today. */
function time(at, lang) {
  const date = new Date(at);
  const day = date.toDateString() === new Date().toDateString() ? {} : { weekday: "short", day: "numeric", month: "short" };
  return el("time", { datetime: at }, date.toLocaleString(lang, { ...day, hour: "2-digit", minute: "2-digit" }));
}

/** One fold a section, with all that is quoted from it. */
function sources(all, api) {
  const from = (page) => all.filter(({ url }) => url === page);
  return all.filter((one) => from(one.url)[0] === one).map(({ heading, url }) => el("details", { class: "source" },
    el("summary", {}, el("span", { class: "from" }, say("source")), el("span", { class: "heading" }, heading)),
    ...from(url).map(({ quote }) => el("blockquote", {}, quote)),
    webLink(url, say("sourceLink"), api, hidden(`: ${heading} ${say("newTab")}`))));
}

function choiceGroup(choices, choose) {
  const group = el("div", { class: "choices", role: "group", "aria-label": say("choose") });
  group.append(...choices.map((choice) => {
    const click = () => {
      if (group.dataset.closed) return;
      close(group, choice.label);
      choose(choice);
    };
    return el("button", { type: "button", click }, choice.label);
  }));
  return group;
}

function close(group, label) {
  group.dataset.closed = "yes";
  for (const button of group.children) {
    button.setAttribute("aria-disabled", "true");
    if (button.textContent === label) {
      button.className = "chosen";
      button.append(hidden(` (${say("chosen")})`));
    }
  }
}

/** Close the groups in *list* with a choice called *text*: it was tapped in another tab, before a reload, or typed. */
function closeMatching(list, text) {
  const wanted = text.trim().toLowerCase();
  for (const group of list.querySelectorAll(".choices:not([data-closed])")) {
    const label = [...group.children].map((one) => one.textContent).find((one) => one.toLowerCase() === wanted);
    if (label) close(group, label);
  }
}
