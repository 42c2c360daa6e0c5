/* <clinic-chat>: the button in the corner, the panel that it opens, and the wiring between panel and conversation. */
import { accents } from "./colour.js";
import { Conversation } from "./conversation.js";
import { el, icon } from "./dom.js";
import { Log } from "./log.js";
import { Memory } from "./memory.js";
import { Panel } from "./panel.js";
import { dress } from "./style.js";
import { Wire, Refused, Unreachable } from "./wire.js";
import { say } from "./words.js";

const PHONE = window.matchMedia("(max-width: 520px), (max-height: 440px)");

/** Put the chat on the page, once. *options*: {api, position, accent, lang, open, phone, mail}. */
export function start(options) {
  if (!customElements.get("clinic-chat")) customElements.define("clinic-chat", ClinicChat);
  const chat = document.querySelector("clinic-chat") ?? document.createElement("clinic-chat");
  // Beside the body, not in it: a page that moves or replaces its body leaves the chat where it is.
  if (!chat.isConnected) document.documentElement.append(chat);
  chat.begin(options);
}

class ClinicChat extends HTMLElement {
  begin(options) {
    if (this.shadowRoot) return;
    this.options = { lang: "en-GB", ...options };
    this.wire = new Wire(options.api);
    this.memory = new Memory(options.api);
    this.conversation = new Conversation(this.wire, this.memory);
    this.unread = 0;
    this.#build();
    this.#listen();
    this.#describe();
    const tab = this.memory.tab();
    if (!PHONE.matches && (tab.open || "open" in options)) this.#show({ asked: tab.open });
  }

  #build() {
    const { lang, position, accent, api } = this.options;
    const place = { api, lang };
    const log = new Log(place, {
      choose: (choice) => this.conversation.send({ choice: choice.token, text: choice.label }),
      withdraw: (item) => this.#rewrite(item),
    });
    this.panel = new Panel(log, {
      send: (text) => this.conversation.send({ text }),
      close: () => this.#hide(),
      forget: () => this.conversation.forget(),
      retry: () => this.conversation.retry(),
    });
    this.launcher = el("button", { type: "button", class: "launcher", "aria-haspopup": "dialog", click: () => this.open() });
    this.root = el("div", { class: `root ${position === "left" ? "left" : "right"}`, lang, dir: "ltr" },
      el("div", { role: "region", "aria-label": say("region") }, this.launcher, this.panel.node));
    dress(this.attachShadow({ mode: "open" })).append(this.root);
    const found = accent && accents(accent, this.root);
    if (found) {
      this.root.style.setProperty("--accent-light", found.light);
      this.root.style.setProperty("--accent-dark", found.dark);
    }
    this.#label();
  }

  #listen() {
    const { panel, conversation } = this;
    const on = (type, act) => conversation.addEventListener(type, ({ detail }) => act(detail));
    on("message", ({ message, item }) => this.#arrived(message, item));
    on("item", ({ item }) => panel.log.show(item));
    on("notice", ({ text }) => panel.greet(text));
    on("typing", () => panel.log.typing(true));
    on("loaded", () => this.#loaded());
    on("down", () => panel.down(conversation.local.some((item) => item.state !== "sent")));
    on("up", () => panel.up());
    on("restarted", () => this.#cleared(say("restarted")));
    on("cleared", () => this.#cleared(say("forgotten")));
    panel.node.addEventListener("keydown", (event) => this.#key(event));
    panel.node.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#hide();
    });
    PHONE.addEventListener("change", () => this.shown && this.#place());
    window.visualViewport?.addEventListener("resize", () => this.#fit());
    window.visualViewport?.addEventListener("scroll", () => this.#fit());
    document.addEventListener("click", (event) => this.#linkTapped(event));
  }

  /** Open the chat as if its button had been pressed. */
  open() {
    this.#show({ asked: true });
    this.panel.field.focus();
  }

  /** *asked*: by the visitor. A page that opens the chat by itself starts nothing and stores nothing until it is used. */
  #show({ asked }) {
    const enter = () => {
      this.conversation.open();
      this.memory.keepTab({ open: true });
    };
    if (asked) enter();
    else this.panel.node.addEventListener("focusin", enter, { once: true });
    if (this.shown) return;
    this.shown = true;
    this.unread = 0;
    this.panel.log.list.setAttribute("aria-live", this.conversation.loaded ? "polite" : "off");
    this.#place();
    this.#label();
    this.panel.log.toEnd();
    if (!this.described) this.#describe();
  }

  /** Full screen and modal on a phone; elsewhere a window beside the page, above all that the page stacks up. */
  #place() {
    const { node } = this.panel;
    const focused = this.shadowRoot.activeElement;
    this.#lower(node);
    node.classList.toggle("full", PHONE.matches);
    if (PHONE.matches) {
      node.removeAttribute("popover");
      node.showModal();
    } else if (node.showPopover) {
      node.setAttribute("popover", "manual");
      node.showPopover();
    } else node.show();
    this.#fit();
    focused?.focus();
  }

  #lower(node) {
    if (node.open) node.close();
    if (node.hasAttribute("popover") && node.matches(":popover-open")) node.hidePopover();
  }

  #hide() {
    this.shown = false;
    this.#lower(this.panel.node);
    if (this.conversation.opened) this.memory.keepTab({ open: false });
    this.#label();
    this.launcher.focus();
  }

  /** Above the on-screen keyboard, which dvh does not know of. Left alone while somebody has zoomed in. */
  #fit() {
    const view = window.visualViewport;
    if (!this.shown || !view || view.scale > 1.01) return;
    this.panel.node.style.setProperty("--view", `${view.height}px`);
    this.panel.node.style.setProperty("--top", `${view.offsetTop}px`);
    this.panel.log.toEnd();
  }

  #label() {
    const again = this.conversation.opened || this.memory.key();
    const count = this.unread ? el("span", { class: "unread" }, say("launcherNew", { count: this.unread })) : null;
    this.launcher.setAttribute("aria-expanded", String(Boolean(this.shown)));
    this.launcher.classList.toggle("away", Boolean(this.shown));
    this.launcher.replaceChildren(...[icon("chat"), el("span", {}, say(again ? "launcherAgain" : "launcher")), count].filter(Boolean));
  }

  #arrived(message, item) {
    this.panel.log.add(message, item);
    if (this.shown || !this.conversation.loaded || message.from === "visitor") return;
    this.unread += 1;
    this.#label();
  }

  #loaded() {
    this.panel.log.toEnd();
    setTimeout(() => this.panel.log.list.setAttribute("aria-live", "polite"), 500);
    if (!this.described) this.#describe();
  }

  #cleared(words) {
    this.panel.log.clear();
    this.panel.log.list.setAttribute("aria-live", "polite");
    this.panel.notice(this.panel.clinic?.notice_short ?? say("greeting"));
    this.panel.log.line(words);
    this.panel.up();
  }

  #rewrite(item) {
    this.conversation.withdraw(item);
    this.panel.write(item.text);
  }

  /** Keys typed here are ours: a page's own short cuts must not see them. */
  #key(event) {
    event.stopPropagation();
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    this.#hide();
  }

  /** Any link to #clinic-chat on the page opens the chat. */
  #linkTapped(event) {
    const link = event.target.closest?.('a[href="#clinic-chat"], [data-clinic-chat-open]');
    if (!link) return;
    event.preventDefault();
    this.open();
  }

  async #describe() {
    const { phone, mail, api } = this.options;
    let clinic = {};
    try {
      clinic = await this.wire.clinic();
      this.described = true;
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
    }
    const known = Object.entries(clinic).filter(([, value]) => value != null);
    this.panel.describe({ ...this.panel.clinic, phone, mail, ...Object.fromEntries(known) }, api);
  }
}
