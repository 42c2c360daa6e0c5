/* One conversation as this page sees it: what is here, what waits to be sent, and the line to the server.
   Nothing is lost: a message is posted, with the same id, until the server has accepted it or refused it for good.
   Nothing comes twice: a number that was seen is dropped, and our own message coming back takes its bubble's place.

   Tells, as events: `message` {message, item}, `item` {item}, `notice` {text}, `typing`, `loaded`, `down`, `up`,
   `restarted`, `cleared`. An item is a message of ours: {id, text, choice?, after?, state, problem?} with state
   waiting | slow | sending | sent | failed. */
import { Patience, shown } from "./patience.js";
import { Refused, Unreachable } from "./wire.js";

const REFUSED = { 400: "refusedText", 413: "refusedSize", 422: "refusedText" };
const LOOK_AGAIN = [2500, 5000, 10_000]; // milliseconds; for proxies that hold a stream back

export class Conversation extends EventTarget {
  constructor(wire, memory) {
    super();
    Object.assign(this, { wire, memory, line: new Patience(), post: new Patience(), run: null });
    this.#empty();
    memory.onForgotten(() => this.key && this.#close());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.stream?.abort() : this.retry()));
  }

  get opened() {
    return this.run !== null;
  }

  /** Come in: take up the conversation that the device remembers, or begin one. */
  open() {
    if (this.opened) return;
    this.run = {};
    this.memory.tab().unsent.forEach((item) => this.#put(again(item)));
    this.#listen(this.run);
  }

  /** Send {text} or {choice, text: its label}; shown at once, kept until it is accepted. */
  send(words) {
    this.open();
    this.#put({ ...words, id: newId(), state: "waiting" });
    this.#keepUnsent();
    this.#flush();
  }

  /** Take a failed message back, to be written again. */
  withdraw(item) {
    this.local = this.local.filter((other) => other !== item);
    this.#keepUnsent();
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
    this.stream?.abort();
    this.#empty();
    this.retry();
    this.#tell("cleared");
  }

  #empty() {
    Object.assign(this, { key: null, fresh: false, loaded: false, last: 0, seen: new Set(), local: [] });
  }

  async #listen(run) {
    while (this.run === run) {
      try {
        await shown();
        await this.#enter(run);
        await this.#stream(run);
      } catch (error) {
        this.#trouble(error, this.key);
      }
      if (this.run === run) await this.line.pause();
    }
  }

  async #enter(run) {
    this.key ??= this.#remembered();
    if (!this.key) {
      const begun = await this.wire.begin();
      if (this.run !== run) return;
      this.key = { conversation: begun.conversation, token: begun.token };
      this.fresh = true;
      this.#tell("notice", { text: begun.notice });
    }
    const key = this.key;
    const messages = await this.wire.after(key, this.last);
    if (this.run !== run || this.key !== key) return;
    this.memory.keep(key);
    messages.forEach((message) => this.#receive(message));
    this.#loaded();
  }

  #remembered() {
    const key = this.memory.key();
    return key && key.token !== this.dead ? key : null;
  }

  #loaded() {
    this.fresh = false;
    this.loaded = true;
    this.line.reset();
    this.#tell("loaded");
    this.#tell("up");
    this.post.wake();
    this.#flush();
  }

  async #stream(run) {
    if (this.run !== run || !this.key || document.hidden) return;
    this.stream = new AbortController();
    const event = (name, data) => {
      if (this.run !== run) return;
      if (name === "typing") this.#tell("typing");
      else if (name === "message") this.#receive(JSON.parse(data));
    };
    const opened = () => this.line.reset();
    try {
      await this.wire.events(this.key, this.last, { opened, event }, this.stream.signal);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error; // a line that breaks is taken up again, without a word
    }
  }

  #receive(message) {
    if (this.seen.has(message.n)) return;
    this.seen.add(message.n);
    this.last = Math.max(this.last, message.n);
    this.#tell("message", { message, item: message.from === "visitor" ? this.#echoed(message) : null });
  }

  /** The item of ours that comes back as *message*: the wire has no ids, so by its words, else by its turn. */
  #echoed(message) {
    const open = this.local.filter((item) => item.after < message.n && !item.echoed && item.state !== "failed");
    const item = open.find((one) => plain(one.text) === plain(message.text)) ?? open.find((one) => one.state === "sent");
    if (item) item.echoed = true;
    this.#tidy();
    return item ?? null;
  }

  async #flush() {
    if (this.flushing) return;
    this.flushing = true;
    for (let item; this.loaded && (item = this.#next()); ) await this.#post(item);
    this.flushing = false;
  }

  #next() {
    return this.local.find((item) => !["sent", "failed"].includes(item.state));
  }

  async #post(item) {
    const key = this.key;
    item.after ??= this.last;
    this.#mark(item, "sending");
    try {
      await this.wire.post(key, item.choice ? { id: item.id, choice: item.choice } : { id: item.id, text: item.text });
    } catch (error) {
      await this.#notPosted(item, key, error);
      return;
    }
    if (key !== this.key) return;
    this.post.reset();
    this.#mark(item, "sent");
    this.memory.keep(key);
    this.#tell("up");
    this.#lookAgain(key, this.last);
  }

  async #notPosted(item, key, error) {
    const problem = REFUSED[error.status];
    if (problem) {
      this.#mark(item, "failed", problem);
      return;
    }
    this.#mark(item, error.status === 429 ? "slow" : "waiting");
    this.#trouble(error, key);
    if (key === this.key) await this.post.pause(error.after);
  }

  /** What a failed request means for the whole conversation. What we did not expect stays loud. */
  #trouble(error, key) {
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
    if (key !== this.key || error.status === 429) return;
    if (error.status === 401 && key && !this.fresh) this.#restart();
    else this.#tell("down");
  }

  /** The server has forgotten the conversation: begin another, and take along what it has not accepted. */
  #restart() {
    const waiting = this.local.filter((item) => item.state !== "sent" && !item.echoed);
    this.dead = this.key.token;
    this.stream?.abort();
    this.#empty();
    this.#tell("restarted");
    waiting.forEach((item) => this.#put({ ...again(item), after: undefined }));
    this.#keepUnsent();
    this.retry();
  }

  async #lookAgain(key, last) {
    for (const wait of LOOK_AGAIN) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (this.key !== key || this.last > last || document.hidden) return;
      try {
        (await this.wire.after(key, last)).forEach((message) => this.key === key && this.#receive(message));
      } catch (error) {
        this.#trouble(error, key);
      }
    }
  }

  #put(item) {
    this.local.push(item);
    this.#tell("item", { item });
  }

  #mark(item, state, problem) {
    Object.assign(item, { state, problem });
    this.#tell("item", { item });
    this.#tidy();
    this.#keepUnsent();
  }

  #tidy() {
    this.local = this.local.filter((item) => !(item.echoed && item.state === "sent"));
  }

  #keepUnsent() {
    this.memory.keepTab({ unsent: this.local.filter((item) => item.state !== "sent") });
  }

  #tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

const plain = (text) => text.replace(/[\s\p{C}]+/gu, " ").trim();

/** *item* as it starts over: whether it had arrived is found out by sending it again. */
const again = (item) => ({ ...item, echoed: false, state: item.state === "failed" ? "failed" : "waiting" });

/** `randomUUID` is missing on pages without TLS; there the same random bits are asked for one by one. */
function newId() {
  return crypto.randomUUID?.() ?? crypto.getRandomValues(new Uint32Array(5)).join("-");
}
