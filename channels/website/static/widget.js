/* The line that a clinic puts on its page. Finds out where it came from, then loads the chat from there.
   One plain script, so that it also runs deferred, delayed, as a module, or glued to other scripts. */
(() => {
  "use strict";
  const ONCE = Symbol.for("clinic-chat");
  if (window[ONCE]) return;
  window[ONCE] = true;

  const OPTIONS = ["api", "position", "accent", "lang", "open", "phone", "mail"];
  const OURS = /\/widget\.js(?:[?#]|$)/;

  /** The script element that brought us. Optimisers move its address to another attribute, so all are read. */
  function findScript() {
    const running = document.currentScript;
    if (running && (OURS.test(running.src) || running.dataset.api)) return running;
    const marked = document.querySelector("script[data-clinic-chat], script[data-api]");
    return marked || [...document.scripts].find((script) => addressIn(script)) || null;
  }

  function addressIn(script) {
    const found = [...script.attributes].find((attribute) => OURS.test(attribute.value));
    return found ? found.value : "";
  }

  /** The folder of our own address; `data-api`, on the script or on a <clinic-chat> in the page, says otherwise. */
  function findOrigin(script, placed) {
    const told = (placed && placed.dataset.api) || (script && script.dataset.api);
    if (told) return new URL(told.replace(/\/*$/, "/"), document.baseURI);
    const address = script && addressIn(script);
    return address ? new URL(".", new URL(address, document.baseURI)) : null;
  }

  function begin() {
    const placed = document.querySelector("clinic-chat");
    const origin = findOrigin(script, placed);
    if (!origin) {
      console.warn("clinic-chat: can't tell where the chat is served; add data-api=\"https://…\" to its script.");
      return;
    }
    const options = { api: origin.href };
    for (const source of [script, placed]) {
      for (const name of OPTIONS.slice(1)) {
        if (source && name in source.dataset) options[name] = source.dataset[name];
      }
    }
    import(new URL("widget/chat.js", origin).href).then(
      (chat) => chat.start(options),
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
