/* The list of messages: in the order of their numbers, what is still on its way last, and scrolled as one reads. */
import { el, hidden, icon } from "./dom.js";
import { bubble, closeMatching, mark, ownBubble, settle } from "./message.js";
import { say } from "./words.js";

const NEAR = 80; // pixels from the end within which a reader is following along

export class Log {
  constructor(place, { choose, withdraw }) {
    Object.assign(this, { place, choose, withdraw, items: new Map() });
    this.list = el("div", { class: "list", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": say("messages") });
    this.dots = el("div", { class: "typing", hidden: true }, hidden(say("typing")), el("i"), el("i"), el("i"));
    this.head = el("div", { class: "intro" });
    this.scroller = el("div", { class: "scroller", tabindex: "0", role: "group", "aria-label": say("messages") },
      this.head, this.list, this.dots);
    this.jump = el("button", { type: "button", class: "jump", hidden: true, click: () => this.toEnd() }, icon("down"), say("newBelow"));
    this.node = el("div", { class: "log" }, this.scroller, this.jump);
    this.scroller.addEventListener("scroll", () => this.#following() && (this.jump.hidden = true));
  }

  /** A message from the server, in its place; *item* is the one of ours that it was. */
  add(message, item) {
    const follow = this.#following();
    const waiting = item && this.items.get(item);
    if (waiting) {
      settle(waiting, message, this.place);
      this.items.delete(item);
    } else {
      this.#insert(bubble(message, this.place, this.choose), message);
    }
    if (message.from === "visitor") closeMatching(this.list, message.text);
    else this.typing(false);
    if (follow) this.toEnd();
    else this.jump.hidden = message.from === "visitor";
  }

  /** An item of ours: new, or in a new state. */
  show(item) {
    const withdraw = () => {
      this.items.get(item)?.remove();
      this.items.delete(item);
      this.withdraw(item);
    };
    const node = this.items.get(item);
    if (node) mark(node, item, withdraw);
    else if (!item.echoed && item.state !== "sent") {
      const fresh = ownBubble(item, withdraw);
      this.items.set(item, fresh);
      this.list.append(fresh);
      this.toEnd();
    }
  }

  typing(on) {
    clearTimeout(this.timer);
    const follow = this.#following();
    this.dots.hidden = !on;
    if (on) this.timer = setTimeout(() => this.typing(false), 15_000);
    if (on && follow) this.toEnd();
  }

  line(text) {
    this.list.append(el("p", { class: "day" }, text));
  }

  clear() {
    this.list.replaceChildren();
    this.items.clear();
    this.typing(false);
  }

  /** Down to the end, but never past the visitor's last message: a long answer is read from its beginning. */
  toEnd() {
    const own = [...this.list.querySelectorAll(".visitor")].pop();
    const end = this.scroller.scrollHeight - this.scroller.clientHeight;
    const top = own ? own.offsetTop - 12 : end;
    this.scroller.scrollTop = Math.min(end, top);
    this.jump.hidden = true;
  }

  #following() {
    const { scrollHeight, clientHeight, scrollTop } = this.scroller;
    const own = [...this.list.querySelectorAll(".visitor")].pop();
    return scrollTop >= Math.min(scrollHeight - clientHeight, own ? own.offsetTop - 12 : Infinity) - NEAR;
  }

  #insert(node, message) {
    const later = [...this.list.children].find((other) => this.#isLater(other, message.n));
    const day = this.#newDay(later ? later.previousElementSibling : this.list.lastElementChild, message.at);
    const nodes = day ? [el("p", { class: "day", "data-day": day.key }, day.name), node] : [node];
    node.dataset.day = new Date(message.at).toDateString();
    if (later) later.before(...nodes);
    else this.list.append(...nodes);
  }

  #isLater(other, n) {
    if (other.dataset.n) return Number(other.dataset.n) > n;
    return Boolean(other.dataset.state) && other.dataset.state !== "sent";
  }

  #newDay(before, at) {
    const date = new Date(at);
    const key = date.toDateString();
    const today = new Date();
    const previous = before ? before.dataset.day ?? today.toDateString() : today.toDateString();
    if (previous === key) return null;
    return { key, name: dayName(date, today, this.place.lang) };
  }
}

function dayName(date, today, lang) {
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return say("today");
  if (date.toDateString() === yesterday.toDateString()) return say("yesterday");
  return date.toLocaleDateString(lang, { weekday: "long", day: "numeric", month: "long" });
}
