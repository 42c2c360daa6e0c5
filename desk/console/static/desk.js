/* The console works without this: here open pages follow along, count down, copy, and take keys. */
const at = (selector, root = document) => root.querySelector(selector);
const SOUND = "desk-sound";

function follow(url, on) {
  const source = new EventSource(url);
  for (const [name, heard] of Object.entries(on)) source.addEventListener(name, (event) => heard(JSON.parse(event.data)));
  addEventListener("pagehide", () => source.close());
}

async function fetched(url) {
  const answer = await fetch(url, { redirect: "manual" });
  return answer.ok ? answer.text() : null;
}

/* What somebody is typing into a part that is replaced stays, and so does the place of the keyboard. */
function replace(node, html) {
  const typed = [...node.querySelectorAll("[data-keep]")].map((field) => field.value);
  const name = node.contains(document.activeElement) ? document.activeElement.name : null;
  const key = node.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  node.innerHTML = html;
  node.querySelectorAll("[data-keep]").forEach((field, place) => { field.value = typed[place] ?? ""; });
  if (name || key) at(key ? `[data-key="${key}"]` : `[name="${name}"]`, node)?.focus();
  tick();
}

/* Ten seconds to take a reply back. */
function tick() {
  for (const button of document.querySelectorAll("[data-until]")) {
    const left = Math.max(0, Math.ceil((Date.parse(button.dataset.until) - Date.now()) / 1000));
    button.textContent = `Undo (${left} s)`;
  }
}

/* What waits: the badge on every page, the lists on the first, a sound for danger. */
let alerts = null;
let audio = null;
function beep() {
  audio ??= new AudioContext();
  for (const [from, pitch] of [[0, 880], [0.25, 660], [0.5, 880]]) {
    const tone = audio.createOscillator(), volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.value = 0.2;
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + from);
    tone.stop(audio.currentTime + from + 0.18);
  }
}
async function look() {
  const html = await fetched("/desk/waiting");
  if (html === null) return;
  const parsed = at("[data-alerts]", new DOMParser().parseFromString(html, "text/html"));
  const [danger, total] = [Number(parsed.dataset.alerts), Number(parsed.dataset.total)];
  const badge = at("#badge");
  badge.textContent = total;
  badge.hidden = !total;
  badge.classList.toggle("red", danger > 0);
  if (alerts !== null && danger > alerts) {
    at("#told").textContent = "A new safety alert.";
    if (localStorage.getItem(SOUND) === "on") beep();
  }
  alerts = danger;
  if (at("#waiting")) replace(at("#waiting"), html);
}
function offerSound(button) {
  const show = () => {
    const on = localStorage.getItem(SOUND) === "on";
    button.setAttribute("aria-pressed", on);
    button.textContent = `Sound for safety alerts: ${on ? "on" : "off"}`;
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    localStorage.setItem(SOUND, localStorage.getItem(SOUND) === "on" ? "off" : "on");
    if (localStorage.getItem(SOUND) === "on") beep();
    show();
  });
  show();
}

/* A thread: messages in order, each once; what stands beside them anew. */
function live(thread) {
  const log = at("#log"), base = thread.dataset.thread;
  const toEnd = () => { log.scrollTop = log.scrollHeight; };
  toEnd();
  follow(`${base}/events?after=${thread.dataset.last}`, {
    message: ({ n, html }) => {
      if (at(`[data-n="${n}"]`, log)) return;
      log.insertAdjacentHTML("beforeend", html);
      toEnd();
    },
    changed: async () => {
      const html = await fetched(`${base}/side`);
      if (html !== null) replace(at("#side"), html);
    },
  });
  at("#text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) at("#reply").requestSubmit();
  });
}

/* Keys: letters press what carries them, in the row that has the keyboard or on the page; j and k walk the rows. */
function keys(event) {
  const field = event.target.closest("input, textarea, select");
  if (field || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = event.target.closest("tr[tabindex]"), rows = [...document.querySelectorAll("tr[tabindex]")];
  if ((event.key === "j" || event.key === "k") && rows.length) {
    const next = rows.indexOf(row) + (event.key === "j" ? 1 : -1);
    rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
    return;
  }
  if (!/^[a-z]$/.test(event.key)) return;
  const pressed = at(`[data-key="${event.key}"]`, row ?? (rows.length ? null : document) ?? document.createElement("i"));
  if (pressed) { event.preventDefault(); pressed.click(); }
}

document.addEventListener("click", async (event) => {
  const ready = event.target.closest("[data-text]"), copy = event.target.closest("[data-copy]");
  if (ready && at("#text")) {
    event.preventDefault();
    at("#text").value = ready.dataset.text;
    at("#text").focus();
  }
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    at("#told").textContent = copy.textContent = "Copied";
  }
});
document.addEventListener("submit", (event) => {
  const asked = event.submitter?.dataset.sure;
  if (asked && !confirm(asked)) event.preventDefault();
});
document.addEventListener("keydown", keys);
if ("signedIn" in document.body.dataset) {
  follow("/desk/events", { changed: look });
  offerSound(at("#sound"));
  setInterval(tick, 250);
}
if (at("[data-thread]")) live(at("[data-thread]"));
