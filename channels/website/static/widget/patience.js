/* Waiting between tries: a little longer each time, and not at all once the connection is back. */

const FIRST = 800; // milliseconds
const LONGEST = 30_000;

export class Patience {
  constructor() {
    this.tries = 0;
    this.wakers = new Set();
    window.addEventListener("online", () => this.wake());
  }

  /** Resolves after the next pause, at least *seconds*, or as soon as `wake` is called. */
  pause(seconds = 0) {
    const longer = Math.min(FIRST * 2 ** this.tries, LONGEST) * (0.8 + Math.random() * 0.4);
    this.tries += 1;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.wakers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(longer, seconds * 1000));
      this.wakers.add(done);
    });
  }

  /** Something worked: the next trouble starts with a short pause again. */
  reset() {
    this.tries = 0;
  }

  wake() {
    this.tries = Math.min(this.tries, 1);
    [...this.wakers].forEach((done) => done());
  }
}

/** Resolves once the page can be seen: a hidden tab holds no line open. */
export function shown() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
  });
}
