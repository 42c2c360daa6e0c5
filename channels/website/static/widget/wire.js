/* The website's wire: six requests, as the server's /openapi.json describes them. Nothing here decides anything. */

const PATIENCE = 15_000; // milliseconds for an ordinary request
const SILENCE = 45_000; // milliseconds without a byte, pings included, until a stream counts as dead

/** The server answered, and it was not yes. `status` is the HTTP status, `after` the seconds it asks us to wait. */
export class Refused extends Error {
  constructor(response) {
    super(`The chat's server answered ${response.status}.`);
    this.status = response.status;
    this.after = Number(response.headers.get("Retry-After")) || 0;
  }
}

/** No answer, or one that makes no sense: the network, a proxy, or a server that is not there. */
export class Unreachable extends Error {}

export class Wire {
  constructor(api) {
    this.api = api;
  }

  clinic() {
    return this.#json("v1/clinic");
  }

  /** A new conversation: {conversation, token, notice}. */
  begin() {
    return this.#json("v1/conversations", { method: "POST", body: "{}", type: true });
  }

  /** Hand over *message*, {id, text} or {id, choice}. The same id twice is one message. */
  post(key, message) {
    return this.#json(`${at(key)}/messages`, { method: "POST", body: JSON.stringify(message), type: true, key });
  }

  /** The messages of both sides numbered above *n*. */
  async after(key, n) {
    return (await this.#json(`${at(key)}/messages?after=${n}`, { key })).messages;
  }

  /** Read events that come after *n* until the stream ends, *signal* aborts it, or it falls silent. */
  async events(key, n, { opened, event }, signal) {
    const dead = new AbortController();
    const stop = () => dead.abort();
    signal.addEventListener("abort", stop, { once: true });
    let watch = setTimeout(stop, SILENCE);
    try {
      const headers = { Accept: "text/event-stream", "Last-Event-ID": String(n) };
      const response = await this.#ask(`${at(key)}/events`, { key, headers, signal: dead.signal });
      opened();
      const alive = () => {
        clearTimeout(watch);
        watch = setTimeout(stop, SILENCE);
      };
      await readEvents(response.body.getReader(), event, alive);
    } finally {
      clearTimeout(watch);
      signal.removeEventListener("abort", stop);
    }
  }

  async #json(path, options = {}) {
    const response = await this.#ask(path, { signal: AbortSignal.timeout(PATIENCE), ...options });
    return reached(response.json());
  }

  async #ask(path, { key, type, headers = {}, ...options }) {
    if (key) headers.Authorization = `Bearer ${key.token}`;
    if (type) headers["Content-Type"] = "application/json";
    const how = { ...options, headers, mode: "cors", credentials: "omit", cache: "no-store", redirect: "error" };
    const response = await reached(fetch(this.api + path, how));
    if (!response.ok) throw new Refused(response);
    return response;
  }
}

function reached(promise) {
  return promise.catch((error) => {
    throw new Unreachable(error.message, { cause: error });
  });
}

const at = (key) => `v1/conversations/${encodeURIComponent(key.conversation)}`;

/** Server-sent events from *reader*: `event(name, data)` for each, `alive()` for every piece that arrives. */
async function readEvents(reader, event, alive) {
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reached(reader.read());
    if (done) return;
    alive();
    rest += decoder.decode(value, { stream: true });
    const blocks = rest.replace(/\r\n/g, "\n").split("\n\n");
    rest = blocks.pop();
    blocks.forEach((block) => tell(block, event));
  }
}

function tell(block, event) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
  }
  if (data.length || name === "typing") event(name, data.join("\n"));
}
