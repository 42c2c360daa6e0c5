/* <clinic-chat>: the button in the corner, the panel that it opens, and the wiring between panel and conversation. */
import { Conversation } from "./conversation.js";
import { el, icon } from "./dom.js";
import { Log } from "./log.js";
import { Memory } from "./memory.js";
import { Panel } from "./panel.js";
import { dress } from "./style.js";
import { Failed, Wire } from "./wire.js";
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
    Object.assign(this, { unread: 0, shown: false });
    this.#build();
    this.#listen();
    this.#describe();
    const { open } = this.memory.tab();
    if (!PHONE.matches && (open || "open" in options)) this.#show(open);
  }

  #build() {
    const { conversation } = this;
    const { lang, position, accent, api } = this.options;
    this.log = new Log({ api, lang }, {
      dislike: (n) => conversation.wire.dislike(conversation.key, n),
      choose: ({ token, label }) => conversation.send({ choice: token, text: label }),
      withdraw: (item) => {
        conversation.withdraw(item);
        this.panel.write(item.text);
      },
    });
    this.panel = new Panel(this.log, {
      send: (text) => conversation.send({ text }),
      close: () => this.#hide(),
      forget: () => conversation.forget(),
      retry: () => conversation.retry(),
    });
    this.launcher = el("button", { type: "button", class: "launcher", "aria-haspopup": "dialog", click: () => this.open() });
    const root = el("div", { class: `root ${position ?? ""}`, lang, dir: "ltr", role: "region", "aria-label": say("region") },
      this.launcher, this.panel.node);
    if (accent && CSS.supports("color", accent)) {
      root.classList.add("own");
      root.style.setProperty("--own", accent);
    }
    dress(this.attachShadow({ mode: "open" })).append(root);
    this.#label();
  }

  #listen() {
    const { panel, log, conversation } = this;
    const on = (type, act) => conversation.addEventListener(type, ({ detail }) => act(detail));
    on("message", ({ message, item }) => this.#arrived(message, item));
    on("item", ({ item }) => log.show(item));
    on("notice", ({ text }) => panel.greet(text));
    on("typing", () => log.typing(true));
    on("loaded", () => this.#loaded());
    on("down", () => panel.down(conversation.waiting));
    on("up", () => panel.up());
    on("restarted", () => log.clear(say("restarted")));
    on("cleared", () => log.clear(say("forgotten")) ?? panel.up());
    panel.node.addEventListener("keydown", (event) => this.#key(event));
    panel.node.addEventListener("cancel", (event) => this.#hide(event));
    PHONE.addEventListener("change", () => this.shown && this.#place());
    for (const type of ["resize", "scroll"]) window.visualViewport?.addEventListener(type, () => this.#fit());
    document.addEventListener("click", (event) => this.#linkTapped(event));
  }

  open() {
    this.#show(true);
    this.panel.field.focus();
  }

  /** *asked*: by the visitor. A page that opens the chat by itself starts and stores nothing until it is used. */
  #show(asked) {
    const enter = () => {
      this.conversation.open();
      this.memory.keepTab({ open: true });
    };
    if (asked) enter();
    if (this.shown) return;
    this.shown = true;
    this.unread = 0;
    this.#place();
    this.#label();
    if (!asked) this.panel.node.addEventListener("focusin", enter, { once: true });
    if (!this.described) this.#describe();
  }

  /** Full screen and modal on a phone; elsewhere a window beside the page, above all that the page stacks up. */
  #place() {
    const { node } = this.panel;
    const focused = this.shadowRoot.activeElement ?? document.activeElement;
    this.#lower();
    node.classList.toggle("full", PHONE.matches);
    if (PHONE.matches) node.showModal();
    else if (node.showPopover) {
      node.popover = "manual";
      node.showPopover();
    } else node.show();
    this.#fit();
    this.shadowRoot.activeElement?.blur(); // a dialog takes the focus; a page that opens by itself must not
    focused?.focus({ preventScroll: true });
  }

  #lower() {
    const { node } = this.panel;
    if (node.popover) node.hidePopover();
    node.popover = null;
    node.close();
  }

  #hide(event) {
    event?.preventDefault();
    this.shown = false;
    this.#lower();
    if (this.conversation.opened) this.memory.keepTab({ open: false });
    this.#label();
    this.launcher.focus();
  }

  /** Above the on-screen keyboard, which dvh does not know of; left alone while somebody has zoomed in. */
  #fit() {
    const { scale, height, offsetTop } = window.visualViewport ?? {};
    if (!this.shown || scale > 1.01) return;
    if (height) {
      this.panel.node.style.setProperty("--view", `${height}px`);
      this.panel.node.style.setProperty("--top", `${offsetTop}px`);
    }
    this.log.toEnd();
  }

  #label() {
    const again = this.conversation.opened || this.memory.key();
    const count = this.unread ? el("span", { class: "unread" }, say("launcherNew", { count: this.unread })) : "";
    this.launcher.setAttribute("aria-expanded", this.shown);
    this.launcher.classList.toggle("away", this.shown);
    this.launcher.replaceChildren(icon("chat"), el("span", {}, say(again ? "launcherAgain" : "launcher")), count);
  }

  #arrived(message, item) {
    this.log.add(message, item);
    if (this.shown || !this.conversation.loaded || message.from === "visitor") return;
    this.unread += 1;
    this.#label();
  }

  #loaded() {
    this.log.arrived();
    if (!this.described) this.#describe();
  }

  /** A page's own short cuts must not see what is typed here. */
  #key(event) {
    event.stopPropagation();
    if (event.key === "Escape" && !event.isComposing) this.#hide(event);
  }

  /** Any link to #clinic-chat on the page opens the chat. */
  #linkTapped(event) {
    if (!event.target.closest?.('a[href="#clinic-chat"], [data-clinic-chat-open]')) return;
    event.preventDefault();
    this.open();
  }

  async #describe() {
    const { phone, mail, api } = this.options;
    try {
      this.described = await this.wire.clinic();
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
    }
    this.panel.describe({ phone, mail, ...this.described }, api);
    if (this.described?.elsewhere?.[0]) (await import(api + "static/elsewhere.js")).offer(this);
  }
}
