/* The window of the chat: heading, messages, and the field to write in. It knows nothing of the server. */
import { el, hidden, icon } from "./dom.js";
import { mailAddress, phoneAddress, webLink } from "./links.js";
import { KEEP_DAYS } from "./memory.js";
import { say } from "./words.js";

const LIMIT = 10_000; // characters, as the server counts them
const WARN = 500; // characters left from which on we say how many

export class Panel {
  constructor(log, { send, close, forget, retry }) {
    Object.assign(this, { log, send, forget });
    this.title = el("h2", { id: "title" }, say("clinic"));
    this.status = el("div", { class: "status", role: "status" });
    this.trouble = el("div", { class: "trouble", hidden: true });
    this.retry = retry;
    const shut = el("button", { type: "button", class: "round", "aria-label": say("close"), click: close }, icon("close"));
    this.node = el("dialog", { class: "panel", "aria-labelledby": "title", "aria-describedby": "what" },
      el("div", { class: "bar" }, el("span", { class: "badge" }, icon("chat")),
        el("div", { class: "who" }, this.title, el("p", { id: "what" }, say("assistant"))), shut),
      log.node, this.status, this.trouble, this.#composer(), this.#small());
  }

  /** What the clinic says of itself: {name, phone, mail, notice_short, privacy_url, sample, unsigned}. */
  describe(clinic, api) {
    this.clinic = clinic;
    if (clinic.name) this.title.textContent = clinic.name;
    this.more.replaceChildren(...[webLink(clinic.privacy_url ?? "", say("keptMore"), api, hidden(` ${say("newTab")}`))].filter(Boolean));
    this.more.hidden = !clinic.privacy_url;
    this.notice(this.told ?? clinic.notice_short ?? say("greeting"));
  }

  notice(text) {
    const { sample, unsigned } = this.clinic ?? {};
    const warnings = [sample && say("sample"), unsigned && say("unsigned")].filter(Boolean);
    this.log.head.replaceChildren(el("p", {}, text), ...warnings.map((words) => el("p", { class: "warning" }, words)));
  }

  /** The notice of the conversation itself, which outranks the short one. */
  greet(text) {
    this.told = text;
    this.notice(text);
  }

  /** The chat can't be reached: how else to reach the clinic, as links. */
  down(waiting) {
    if (!this.trouble.hidden && this.trouble.dataset.waiting === String(waiting)) return;
    this.trouble.dataset.waiting = waiting;
    const again = el("button", { type: "button", class: "plain", click: () => this.retry() }, say("tryNow"));
    const lines = [el("p", {}, say(waiting ? "down" : "downEmpty")), this.#contact()].filter(Boolean);
    this.trouble.replaceChildren(...lines, again);
    this.trouble.hidden = false;
    this.announce(lines.map((line) => line.textContent).join(" "), true);
  }

  up() {
    if (this.trouble.hidden) return;
    this.trouble.hidden = true;
    this.announce(say("back"), true);
  }

  /** Say *text* to screen readers, and show it too unless *quietly*. */
  announce(text, quietly = false) {
    this.status.classList.toggle("vh", quietly);
    this.status.textContent = text;
  }

  write(text) {
    this.field.value = text;
    this.#grow();
    this.field.focus();
  }

  #contact() {
    const { phone, mail } = this.clinic ?? {};
    if (!phone && !mail) return null;
    const words = say(phone && mail ? "downBoth" : phone ? "downCall" : "downWrite");
    const links = {
      "{phone}": () => el("a", { href: phoneAddress(phone) }, phone),
      "{mail}": () => el("a", { href: mailAddress(mail) }, mail),
    };
    return el("p", {}, ...words.split(/(\{phone\}|\{mail\})/).map((part) => links[part]?.() ?? part));
  }

  #composer() {
    const field = el("textarea", {
      id: "field", rows: "1", placeholder: say("placeholder"), enterkeyhint: "send", autocomplete: "off",
      "aria-describedby": "health count", input: () => this.#grow(), keydown: (event) => this.#key(event),
    });
    this.field = field;
    this.count = el("p", { id: "count", class: "count", role: "status" });
    const submit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    return el("form", { class: "composer", submit }, el("label", { for: "field", class: "vh" }, say("label")),
      el("div", { class: "box" }, field, el("button", { class: "send", "aria-label": say("send") }, icon("send"))), this.count);
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.field.value;
    if (!text.trim() || [...text].length > LIMIT) {
      this.field.focus();
      return;
    }
    this.write("");
    this.announce("");
    this.send(text);
  }

  #grow() {
    const { field } = this;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    const left = LIMIT - [...field.value].length;
    field.toggleAttribute("aria-invalid", false);
    if (left < 0) field.setAttribute("aria-invalid", "true");
    this.count.classList.toggle("over", left < 0);
    this.count.textContent = left < 0 ? say("tooLong", { over: -left, limit: LIMIT.toLocaleString(this.log.place.lang) })
      : left < WARN ? say("nearlyFull", { left }) : "";
  }

  #small() {
    this.more = el("p", { hidden: true });
    const forget = el("button", { type: "button", class: "plain", click: () => this.#forget(forget) }, say("forget"));
    this.kept = el("details", { class: "kept" }, el("summary", {}, say("keptTitle")),
      el("div", {}, el("p", {}, say("keptDevice", { days: KEEP_DAYS })), el("p", {}, say("keptClinic")), this.more, forget));
    return el("div", { class: "small" }, el("p", { id: "health" }, say("health")), this.kept);
  }

  /** Forgetting can't be undone, so it takes two presses. */
  #forget(button) {
    const sure = button.dataset.sure;
    delete button.dataset.sure;
    button.textContent = say(sure ? "forget" : "forgetSure");
    if (!sure) {
      button.dataset.sure = "yes";
      return;
    }
    this.kept.open = false;
    this.told = null;
    this.forget();
    this.field.focus();
  }
}
