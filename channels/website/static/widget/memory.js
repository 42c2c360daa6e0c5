/* What this device keeps once the chat is opened. The key is in localStorage: a hand-off is often answered hours later,
   and read in another tab. Unsent words are in sessionStorage: they survive a reload, and go with their tab. */

export const KEEP_DAYS = 7;

export class Memory {
  constructor(api) {
    this.name = `clinic-chat ${api}`;
  }

  /** {conversation, token} of the conversation that this device remembers, or null. */
  key() {
    const kept = this.#read("localStorage");
    if (kept && Date.now() - kept.at < KEEP_DAYS * 86_400_000) return kept;
    if (kept) this.forget();
    return null;
  }

  keep({ conversation, token }) {
    this.#write("localStorage", { conversation, token, at: Date.now() });
  }

  /** {unsent, open}: messages of this tab that no server has accepted, oldest first; whether the chat stands open. */
  tab() {
    return this.#read("sessionStorage") ?? { unsent: [], open: false };
  }

  keepTab(change) {
    this.#write("sessionStorage", { ...this.tab(), ...change });
  }

  forget() {
    for (const place of ["localStorage", "sessionStorage"]) attempt(() => window[place].removeItem(this.name));
  }

  /** Calls *back* when another tab forgets the conversation. */
  onForgotten(back) {
    window.addEventListener("storage", ({ key, newValue, storageArea }) => {
      if (key === this.name && newValue === null && storageArea === window.localStorage) back();
    });
  }

  #read(place) {
    return attempt(() => JSON.parse(window[place].getItem(this.name)));
  }

  #write(place, value) {
    attempt(() => window[place].setItem(this.name, JSON.stringify(value)));
  }
}

/** Null where storage is switched off, full, or holds what we didn't write: the chat then lasts as long as the page. */
function attempt(act) {
  try {
    return act();
  } catch (error) {
    if (error instanceof DOMException || error instanceof SyntaxError) return null;
    throw error;
  }
}
