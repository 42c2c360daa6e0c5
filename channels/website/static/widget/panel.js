/* The window of the chat: heading, messages, and the field to write in. It knows nothing of the server. */
import { contactLink, el, hidden, icon, linked, webLink } from "./dom.js";
import { KEEP_DAYS } from "./memory.js";
import { say } from "./words.js";

const LIMIT = 10_000; // characters, as the server counts them
const WARN = 500; // characters left from which on we say how many

export class Panel {
  constructor(log, { send, close, forget, retry }) {
    Object.assign(this, { log, send, forget, retry });
    this.title = el("h2", { id: "title" }, say("clinic"));
    this.status = el("div", { class: "vh", role: "status" });
    this.trouble = el("div", { class: "trouble", hidden: true });
    const shut = el("button", { type: "button", class: "round", "aria-label": say("close"), click: close }, icon("close"));
    this.node = el("dialog", { class: "panel", "aria-labelledby": "title", "aria-describedby": "what" },
      el("div", { class: "bar" }, el("span", { class: "badge" }, icon("chat")),
        el("div", { class: "who" }, this.title, el("p", { id: "what" }, say("assistant"))), shut),
      log.node, this.status, this.trouble, this.#composer(), this.#small());
  }

  /** What the clinic says of itself: {name, phone, mail, notice, privacy_url, sample, unsigned}, as far as known. */
  describe(clinic, api) {
    this.clinic = clinic;
    this.title.textContent = clinic.name ?? say("clinic");
    const url = clinic.privacy_url;
    this.more.replaceChildren(url ? webLink(url, say("keptMore"), api, hidden(` ${say("newTab")}`)) : "");
    this.greet(clinic.notice ?? say("greeting"));
  }

  /** The notice that this is a machine; set apart where it is a sample, or nobody has signed for its safety. */
  greet(text) {
    const { sample, unsigned } = this.clinic ?? {};
    this.log.intro.classList.toggle("warning", Boolean(sample || unsigned));
    this.log.intro.replaceChildren(...linked(text));
  }

  /** The chat can't be reached: how else to reach the clinic. *waiting*: something is not sent yet. */
  down(waiting) {
    const what = say(waiting ? "down" : "downEmpty");
    const ways = [this.clinic?.phone, this.clinic?.mail].filter(Boolean).map((way) => contactLink(way) ?? way);
    const click = () => this.retry();
    if (!this.trouble.hidden && this.trouble.firstChild.textContent === what) return;
    this.trouble.replaceChildren(el("p", {}, what), ways.length ? el("p", {}, `${say("reach")} `, ...join(ways)) : "",
      el("button", { type: "button", class: "plain", click }, say("tryNow")));
    this.trouble.hidden = false;
    this.log.toEnd();
    this.status.textContent = this.trouble.textContent;
  }

  up() {
    if (!this.trouble.hidden) this.status.textContent = say("back");
    this.trouble.hidden = true;
  }

  write(text) {
    this.field.value = text;
    this.#grow();
    this.field.focus();
  }

  #composer() {
    this.field = el("textarea", {
      id: "field", rows: "1", placeholder: say("placeholder"), enterkeyhint: "send", autocomplete: "off",
      "aria-describedby": "health count", input: () => this.#grow(), keydown: (event) => this.#key(event),
    });
    this.count = el("p", { id: "count", class: "count", role: "status" });
    const submit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    return el("form", { class: "composer", submit }, el("label", { for: "field", class: "vh" }, say("label")),
      el("div", { class: "box" }, this.field, el("button", { class: "send", "aria-label": say("send") }, icon("send"))),
      this.count);
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.field.value;
    if (text.trim() && [...text].length <= LIMIT) {
      this.write("");
      this.send(text);
    } else this.field.focus();
  }

  #grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight}px`;
    const left = LIMIT - [...this.field.value].length;
    this.field.setAttribute("aria-invalid", left < 0);
    this.count.classList.toggle("over", left < 0);
    const limit = LIMIT.toLocaleString(this.log.place.lang);
    this.count.textContent = left < 0 ? say("tooLong", { over: -left, limit }) : left < WARN ? say("nearlyFull", { left }) : "";
  }

  #small() {
    this.more = el("p");
    const forget = el("button", { type: "button", class: "plain", click: () => this.#forget(forget) }, say("forget"));
    this.kept = el("details", { class: "kept" }, el("summary", {}, say("keptTitle")),
      el("div", {}, el("p", {}, say("keptDevice", { days: KEEP_DAYS })), el("p", {}, say("keptClinic")), this.more, forget));
    return el("div", { class: "small" }, el("p", { id: "health" }, say("health")), this.kept);
  }

  /** Forgetting can't be undone, so it takes two presses. */
  #forget(button) {
    const sure = button.textContent === say("forgetSure");
    button.textContent = say(sure ? "forget" : "forgetSure");
    if (!sure) return;
    this.kept.open = false;
    this.forget();
    this.field.focus();
  }
}

const join = ([first, second]) => (second ? [first, ` ${say("or")} `, second] : [first]);
