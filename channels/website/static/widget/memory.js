/* What this device keeps. The key to the conversation is in localStorage: a hand-off is often answered hours later,
   and the visitor comes back in another tab. Words that wait to be sent are in sessionStorage: they belong to one tab,
   survive its reload, and go with it. Nothing is written before the chat is opened. */

export const KEEP_DAYS = 7;

export class Memory {
  constructor(api) {
    this.name = `clinic-chat ${api}`;
    this.spare = new Map(); // where the browser refuses storage, the chat lasts as long as the page
  }

  /** {conversation, token} of the conversation that this device remembers, or null. */
  key() {
    const kept = this.#read("localStorage");
    if (kept && Date.now() - kept.at < KEEP_DAYS * 86_400_000) return kept;
    if (kept) this.forget();
    return null;
  }

  /** Remember *key* for KEEP_DAYS from now. */
  keep({ conversation, token }) {
    this.#write("localStorage", { conversation, token, at: Date.now() });
  }

  /** Messages of this tab that no server has accepted yet, oldest first, and whether the chat stands open. */
  tab() {
    return this.#read("sessionStorage") ?? { unsent: [], open: false };
  }

  keepTab(change) {
    this.#write("sessionStorage", { ...this.tab(), ...change });
  }

  forget() {
    for (const place of ["localStorage", "sessionStorage"]) {
      this.spare.delete(place);
      this.#try(() => window[place].removeItem(this.name));
    }
  }

  /** Calls *back* when another tab forgets the conversation. */
  onForgotten(back) {
    window.addEventListener("storage", (event) => {
      if (event.key === this.name && event.newValue === null && event.storageArea === window.localStorage) back();
    });
  }

  #read(place) {
    return this.#try(() => {
      const text = this.#try(() => window[place].getItem(this.name));
      return JSON.parse((text === undefined ? this.spare.get(place) : text) ?? null);
    }) ?? null;
  }

  #write(place, value) {
    const text = JSON.stringify(value);
    this.spare.set(place, text);
    this.#try(() => window[place].setItem(this.name, text));
  }

  /** Undefined where storage is switched off or full, or holds what we didn't write; then `spare` has to do. */
  #try(act) {
    try {
      return act();
    } catch (error) {
      if (error instanceof DOMException || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}
