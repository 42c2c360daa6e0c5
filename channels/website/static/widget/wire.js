/* The website's wire, as the server's /openapi.json describes it, and the patience to try it again. */

const PATIENCE = 15_000; // milliseconds for an ordinary request
const SILENCE = 45_000; // milliseconds without a byte, pings included, until a stream counts as dead

/** A request that failed: the HTTP `status`, or none where there was no answer that makes sense; the seconds `after`
 *  which the server wants to be asked again. */
export class Failed extends Error {
  constructor(why, status, after) {
    super(`clinic-chat: ${why}`);
    Object.assign(this, { status, after });
  }
}

export class Wire {
  constructor(api) {
    this.api = api;
  }

  clinic() {
    return this.#json("v1/clinic");
  }

  /** *source*: the tag of the link that led here, if it had one. */
  begin(source) {
    return this.#json(`v1/conversations${source ? `?source=${encodeURIComponent(source)}` : ""}`, { method: "POST", body: "{}" });
  }

  /** Hand over *message*, {id, text} or {id, choice}. The same id twice is one message. */
  post(key, message, to = "messages") {
    return this.#json(`${at(key)}/${to}`, { method: "POST", body: JSON.stringify(message), key });
  }

  dislike(key, n) {
    return this.#ask(`${at(key)}/messages/${n}/dislike`, { method: "POST", key });
  }

  async after(key, n) {
    return (await this.#json(`${at(key)}/messages?after=${n}`, { key })).messages;
  }

  /** Call `event(name, data)` for all that comes after *n*, until the stream ends, *stop* aborts it, or it falls silent. */
  async events(key, n, stop, event) {
    let watch;
    const alive = () => {
      clearTimeout(watch);
      watch = setTimeout(() => stop.abort(), SILENCE);
    };
    alive();
    try {
      const headers = { Accept: "text/event-stream", "Last-Event-ID": String(n) };
      const { body } = await this.#ask(`${at(key)}/events`, { key, headers, signal: stop.signal });
      await readEvents(body.getReader(), event, alive);
    } finally {
      clearTimeout(watch);
    }
  }

  async #json(path, options) {
    return reached((await this.#ask(path, { signal: AbortSignal.timeout(PATIENCE), ...options })).json());
  }

  async #ask(path, { key, headers = {}, ...options }) {
    if (key) headers.Authorization = `Bearer ${key.token}`;
    if (options.body) headers["Content-Type"] = "application/json";
    const how = { ...options, headers, credentials: "omit", cache: "no-store", redirect: "error" };
    const response = await reached(fetch(this.api + path, how));
    const { ok, status } = response;
    if (!ok) throw new Failed(`answer ${status}`, status, Number(response.headers.get("Retry-After")) || 0);
    return response;
  }
}

const at = (key) => `v1/conversations/${encodeURIComponent(key.conversation)}`;

function reached(promise) {
  return promise.catch((error) => {
    throw new Failed(error.message);
  });
}

async function readEvents(reader, event, alive) {
  const decoder = new TextDecoder();
  for (let rest = ""; ; ) {
    const { done, value } = await reached(reader.read());
    if (done) return;
    alive();
    const blocks = (rest + decoder.decode(value, { stream: true })).replace(/\r\n/g, "\n").split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries([...block.matchAll(/^(\w+): ?(.*)$/gm)].map(([, name, text]) => [name, text]));
      if (fields.event) event(fields.event, fields.data);
    }
  }
}

/** Waiting between tries: longer each time, and not at all once the connection is back. */
export class Patience {
  tries = 0;
  wake = () => {};

  /** Resolves after the next pause, at least *seconds*, or as soon as `wake` is called. */
  pause(seconds = 0) {
    const next = Math.min(800 * 2 ** this.tries, 30_000) * (0.8 + Math.random() * 0.4);
    this.tries += 1;
    return new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, Math.max(next, seconds * 1000));
    });
  }
}
