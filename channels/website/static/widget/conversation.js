/* One conversation as this page sees it. Nothing is lost: a message is posted, under the same id, until the server
   accepts or refuses it. Nothing comes twice: a number that was seen is dropped.
   An item is a message of ours: {id, text, choice?, state, problem?, after}, its state one of waiting, slow, sending,
   sent, failed; `after` is the last number that we had seen when it was first posted. */
import { Failed, Patience } from "./wire.js";

const REFUSED = { 400: "refusedText", 413: "refusedSize", 422: "refusedText" };
const LASTED = 5000; // milliseconds that make a good stream
const LOOK_AGAIN = [2500, 5000, 10_000]; // milliseconds; for proxies that hold a stream back

export class Conversation extends EventTarget {
  line = new Patience();
  post = new Patience();
  run = null;

  constructor(wire, memory) {
    super();
    Object.assign(this, { wire, memory });
    this.#empty();
    memory.onForgotten(() => this.key && this.#close());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.stream?.abort() : this.retry()));
    window.addEventListener("online", () => this.retry());
  }

  get opened() {
    return Boolean(this.run);
  }

  get waiting() {
    return this.local.some((item) => item.state !== "sent");
  }

  open() {
    if (this.run) return;
    this.run = {};
    this.#takeUp(this.memory.tab().unsent);
    this.#listen(this.run);
  }

  /** Send {text}, or {choice, text: its label}; shown at once, kept until it is accepted. */
  send(words) {
    this.open();
    this.#takeUp([{ ...words, id: newId() }]);
    this.#flush();
  }

  withdraw(item) {
    this.local = this.local.filter((other) => other !== item);
    this.#keep();
  }

  retry() {
    this.line.wake();
    this.post.wake();
  }

  forget() {
    this.memory.forget();
    this.#close();
  }

  #close() {
    this.run = null;
    this.#empty();
    this.retry();
    this.#tell("cleared");
  }

  #empty() {
    this.stream?.abort();
    Object.assign(this, { key: null, fresh: false, loaded: false, last: 0, seen: new Set(), local: [] });
  }

  /** Put *items* in line. Whether one had arrived before a reload is found out by sending it again. */
  #takeUp(items) {
    for (const item of items) {
      this.local.push({ ...item, echoed: false, state: item.state === "failed" ? "failed" : "waiting" });
      this.#tell("item", { item: this.local.at(-1) });
    }
    this.#keep();
  }

  async #listen(run) {
    while (this.run === run) {
      try {
        while (document.hidden) await this.line.pause(86_400); // a hidden tab holds no line open
        await this.#enter(run);
        await this.#stream(run);
      } catch (error) {
        this.#trouble(error, this.key);
      }
      if (this.run === run) await this.line.pause();
    }
  }

  async #enter(run) {
    const kept = this.memory.key();
    this.key ??= kept?.token === this.dead ? null : kept;
    if (!this.key) {
      const { notice, ...key } = await this.wire.begin(new URLSearchParams(location.search).get("chat-from"));
      if (this.run !== run) return;
      Object.assign(this, { key, fresh: true });
      this.#tell("notice", { text: notice });
    }
    const key = this.key;
    const messages = await this.wire.after(key, this.last);
    if (this.key !== key) return;
    messages.forEach((message) => this.#receive(message));
    this.memory.keep(key);
    Object.assign(this, { fresh: false, loaded: true });
    this.#tell("loaded");
    this.#tell("up");
    this.post.wake();
    this.#flush();
  }

  async #stream(run) {
    if (this.run !== run || !this.key || document.hidden) return;
    const began = Date.now();
    const stream = (this.stream = new AbortController());
    const event = (name, data) => {
      if (stream.signal.aborted) return;
      if (name === "typing") this.#tell("typing");
      else if (name === "message") this.#receive(JSON.parse(data));
    };
    try {
      await this.wire.events(this.key, this.last, stream, event);
    } catch (error) {
      if (!(error instanceof Failed) || error.status) throw error; // a broken line is taken up again, without a word
    }
    if (Date.now() - began > LASTED) this.line.tries = 0;
  }

  #receive(message) {
    if (this.seen.has(message.n)) return;
    this.seen.add(message.n);
    this.last = Math.max(this.last, message.n);
    this.#tell("message", { message, item: message.from === "visitor" ? this.#echoed(message) : null });
  }

  /** The item of ours that comes back as *message*: the wire has no ids here, so by its words, else by its turn. */
  #echoed({ n, text }) {
    const open = this.local.filter((item) => item.after < n && !item.echoed && item.state !== "failed");
    const item = open.find((one) => plain(one.text) === plain(text)) ?? open.find((one) => one.state === "sent");
    if (item) item.echoed = true;
    this.#tidy();
    return item;
  }

  async #flush() {
    if (this.flushing) return;
    this.flushing = true;
    const next = () => this.loaded && this.local.find(({ state }) => state !== "sent" && state !== "failed");
    for (let item; (item = next()); ) await this.#post(item, this.key);
    this.flushing = false;
  }

  async #post(item, key) {
    const { id, choice, text } = item;
    item.after ??= this.last;
    this.#mark(item, "sending");
    try {
      await this.wire.post(key, choice ? { id, choice } : { id, text });
    } catch (error) {
      await this.#notPosted(item, key, error);
      return;
    }
    if (key !== this.key) return;
    this.post.tries = 0;
    this.#mark(item, "sent");
    this.memory.keep(key);
    this.#tell("up");
    this.#lookAgain(key, this.last);
  }

  async #notPosted(item, key, error) {
    item.problem = REFUSED[error.status];
    this.#mark(item, item.problem ? "failed" : error.status === 429 ? "slow" : "waiting");
    if (item.problem) return;
    this.#trouble(error, key);
    if (key === this.key) await this.post.pause(error.after);
  }

  #trouble(error, key) {
    if (!(error instanceof Failed)) throw error;
    if (key !== this.key || error.status === 429) return;
    if (error.status === 401 && key && !this.fresh) this.#restart();
    else this.#tell("down");
  }

  /** The server has forgotten the conversation: begin another, and take along what it has not accepted. */
  #restart() {
    const waiting = this.local.filter((item) => item.state !== "sent" && !item.echoed);
    this.dead = this.key.token;
    this.#empty();
    this.#tell("restarted");
    this.#takeUp(waiting.map((item) => ({ ...item, after: undefined })));
    this.retry();
  }

  async #lookAgain(key, last) {
    for (const wait of LOOK_AGAIN) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (this.key !== key || this.last > last || document.hidden) return;
      try {
        const messages = await this.wire.after(key, last);
        if (this.key === key) messages.forEach((message) => this.#receive(message));
      } catch (error) {
        this.#trouble(error, key);
      }
    }
  }

  #mark(item, state) {
    item.state = state;
    this.#tell("item", { item });
    this.#tidy();
    this.#keep();
  }

  #tidy() {
    this.local = this.local.filter((item) => !(item.echoed && item.state === "sent"));
  }

  #keep() {
    if (this.run) this.memory.keepTab({ unsent: this.local.filter((item) => item.state !== "sent") });
  }

  #tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

const plain = (text) => text.replace(/[\s\p{C}]+/gu, " ").trim();

/** `randomUUID` is missing on pages without TLS. */
const newId = () => crypto.randomUUID?.() ?? crypto.getRandomValues(new Uint32Array(5)).join("-");
