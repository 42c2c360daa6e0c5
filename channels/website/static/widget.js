/* The line that a clinic puts on its page. Finds out where it came from, then loads the chat from there.
   A plain script, so that it also runs deferred, delayed, as a module, or glued to other scripts. */
(() => {
  "use strict";
  const ONCE = Symbol.for("clinic-chat");
  if (window[ONCE]) return;
  window[ONCE] = true;
  const OURS = /\/widget\.js(?:[?#]|$)/;

  /** Our address as *script* has it; optimisers move it from `src` to attributes of their own. */
  const addressIn = (script) => [...script.attributes].map((one) => one.value).find((value) => OURS.test(value));

  function findScript() {
    const running = document.currentScript;
    if (running && (running.dataset.api || OURS.test(running.src))) return running;
    return document.querySelector("script[data-api]") ?? [...document.scripts].find(addressIn);
  }

  /** The folder that we came from, unless `data-api` on the script or on a <clinic-chat> in the page says another. */
  function begin() {
    const placed = document.querySelector("clinic-chat");
    const options = { ...script?.dataset, ...placed?.dataset };
    const address = options.api ? options.api.replace(/\/*$/, "/") : script && addressIn(script);
    if (!address) {
      console.warn('clinic-chat: can\'t tell where the chat is served; add data-api="https://…" to its script.');
      return;
    }
    const api = new URL(".", new URL(address, document.baseURI)).href;
    import(api + "static/widget/chat.js").then(
      (chat) => chat.start({ ...options, api }),
      (error) => {
        window[ONCE] = false;
        console.warn("clinic-chat: the chat could not be loaded.", error);
      },
    );
  }

  const script = findScript();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin, { once: true });
  else begin();
})();
