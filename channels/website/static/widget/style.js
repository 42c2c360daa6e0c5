/* How the chat looks. A constructed style sheet: it needs no "unsafe-inline", and the page's own styles don't reach in.
   Sizes are in em from the reader's own text size, since a page may redefine rem. */

const COLOURS = `
:host { all: initial !important; display: block !important; }
.root {
  --paper: #fff; --wash: #f6f8f6; --ink: #1d2a28; --soft: #53625e; --line: #d9e0dc; --edge: #75857f;
  --accent: var(--accent-light, #17635a); --on: #fff; --tint: color-mix(in srgb, var(--accent) 11%, var(--paper));
  --alarm: #a3200d; --alarm-wash: #fdf1ee; --amber: #8a5a00; --amber-wash: #fdf6e6; --shadow: 20 40 36;
  color-scheme: light dark; color: var(--ink);
  font: 400 1em/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
  text-align: left; -webkit-text-size-adjust: 100%;
}
@media (prefers-color-scheme: dark) { .root {
  --paper: #1b2422; --wash: #141b1a; --ink: #e9eeeb; --soft: #aab8b3; --line: #33413d; --edge: #83958f;
  --accent: var(--accent-dark, #86cfc0); --on: #0c1715; --tint: color-mix(in srgb, var(--accent) 17%, var(--paper));
  --alarm: #ffab9b; --alarm-wash: #37211d; --amber: #f0c674; --amber-wash: #2f2818; --shadow: 0 0 0;
} }
@media print { :host { display: none !important; } }
`;

const FRAME = `
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, p, blockquote { margin: 0; font-size: inherit; font-weight: inherit; }
button, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
button { cursor: pointer; border: 1px solid transparent; background: none; touch-action: manipulation; }
a { color: var(--accent); text-underline-offset: .15em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus { outline: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.icon { width: 1.35em; height: 1.35em; flex: none; }
.vh { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.launcher {
  position: fixed; z-index: 2147483000; bottom: calc(1.25em + env(safe-area-inset-bottom, 0px));
  right: calc(1.25em + env(safe-area-inset-right, 0px)); display: flex; align-items: center; gap: .6em;
  min-height: 3.25em; padding: .5em 1.3em .5em 1.1em; border-radius: 2em; background: var(--accent); color: var(--on);
  font-weight: 600; box-shadow: 0 2px 6px rgb(var(--shadow) / .18), 0 10px 28px rgb(var(--shadow) / .2);
  transition: transform .18s ease, opacity .18s ease;
}
.left .launcher { right: auto; left: calc(1.25em + env(safe-area-inset-left, 0px)); }
.launcher:hover { transform: translateY(-2px); }
.launcher:focus-visible { outline-offset: 3px; }
.launcher.away { visibility: hidden; opacity: 0; }
.unread { padding: .1em .6em; border-radius: 1em; background: var(--on); color: var(--accent); font-size: .8125em; }
.panel {
  position: fixed; z-index: 2147483001; inset: auto calc(1.25em + env(safe-area-inset-right, 0px)) calc(1.25em + env(safe-area-inset-bottom, 0px)) auto;
  width: 25.5em; max-width: calc(100vw - 2.5em); height: 43em; max-height: calc(100vh - 2.5em); max-height: calc(100dvh - 2.5em);
  margin: 0; padding: 0; overflow: hidden; border: 1px solid var(--line); border-radius: 1.15em; background: var(--paper); color: var(--ink);
  box-shadow: 0 4px 12px rgb(var(--shadow) / .1), 0 24px 64px rgb(var(--shadow) / .22); flex-direction: column;
}
.left .panel { inset-inline: calc(1.25em + env(safe-area-inset-left, 0px)) auto; }
.panel[open], .panel:popover-open { display: flex; animation: rise .22s ease-out; }
.panel.full {
  inset: var(--top, 0) 0 auto 0; width: 100%; max-width: none; height: var(--view, 100dvh); max-height: none; border: 0; border-radius: 0;
  padding: env(safe-area-inset-top, 0px) env(safe-area-inset-right, 0px) env(safe-area-inset-bottom, 0px) env(safe-area-inset-left, 0px);
}
.panel::backdrop { background: var(--paper, Canvas); }
@keyframes rise { from { opacity: 0; transform: translateY(.75em); } }
.bar { display: flex; align-items: center; gap: .75em; padding: .85em .75em .85em 1.1em; border-bottom: 1px solid var(--line); }
.badge { display: grid; place-items: center; flex: none; width: 2.5em; height: 2.5em; border-radius: 50%; background: var(--tint); color: var(--accent); }
.who { flex: 1; min-width: 0; line-height: 1.3; }
.who h2 { font-weight: 650; font-size: 1.03em; overflow-wrap: anywhere; }
.who p { color: var(--soft); font-size: .84em; }
.round { display: grid; place-items: center; flex: none; width: 2.75em; height: 2.75em; padding: 0; border-radius: 50%; color: var(--soft); }
.round:hover { background: var(--wash); color: var(--ink); }
.plain { min-height: 24px; padding: .15em 0; border-radius: .25em; color: var(--accent); text-decoration: underline; text-underline-offset: .15em; text-align: left; }
.plain:hover { text-decoration-thickness: 2px; }
`;

const TALK = `
.log { position: relative; flex: 1; min-height: 0; display: flex; background: var(--wash); }
.scroller { position: relative; flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 1.1em 1.1em 1.25em; scrollbar-width: thin; scrollbar-color: var(--edge) transparent; }
.scroller:focus-visible { outline-offset: -3px; }
.intro { margin-bottom: 1.1em; color: var(--soft); font-size: .845em; line-height: 1.5; }
.intro p + p { margin-top: .6em; }
.warning { padding: .5em .8em; border-left: 3px solid var(--amber); border-radius: .2em .6em .6em .2em; background: var(--amber-wash); color: var(--ink); }
.list { display: flex; flex-direction: column; gap: .55em; }
.day { align-self: center; margin: .7em 0 .2em; color: var(--soft); font-size: .8em; text-align: center; }
.msg { position: relative; align-self: flex-start; max-width: 92%; padding: .7em .95em .5em; border: 1px solid var(--line); border-radius: .3em 1.05em 1.05em 1.05em; background: var(--paper); font-size: .95em; animation: rise .2s ease-out; }
.msg.visitor { align-self: flex-end; max-width: 85%; border-color: transparent; border-radius: 1.05em 1.05em .3em 1.05em; background: var(--tint); }
.visitor + .bot, .visitor + .person, .bot + .visitor, .person + .visitor { margin-top: .5em; }
.text { white-space: pre-line; overflow-wrap: anywhere; }
.visitor .text { white-space: pre-wrap; }
.foot { margin-top: .3em; color: var(--soft); font-size: .77em; line-height: 1.6; }
.visitor .foot { text-align: right; }
.msg[data-state=failed] { border: 1px dashed var(--alarm); background: var(--paper); }
.msg[data-state=failed] .foot { color: var(--alarm); }
.msg[data-state=waiting], .msg[data-state=slow] { border: 1px dashed var(--edge); }
.head { display: flex; align-items: center; gap: .45em; margin-bottom: .35em; font-weight: 650; font-size: .9em; }
.person, .handoff { border-left: 3px solid var(--accent); }
.person .head, .handoff .head { color: var(--accent); }
.safety { max-width: 100%; border: 2px solid var(--alarm); border-radius: .5em; background: var(--alarm-wash); padding: .85em 1em .55em; }
.safety .head { color: var(--alarm); font-size: 1em; }
.safety a { color: var(--alarm); font-weight: 650; }
.source { margin: .65em 0 .15em; border-top: 1px solid var(--line); padding-top: .45em; font-size: .93em; }
summary { cursor: pointer; border-radius: .25em; min-height: 24px; }
summary:hover .heading, .kept summary:hover { text-decoration: underline; }
.source .from { display: block; color: var(--soft); font-size: .85em; padding-left: 1.15em; margin-top: -1.5em; }
.source summary { padding-top: .1em; }
.source .heading { display: block; padding-left: 1em; color: var(--accent); font-weight: 550; line-height: 1.35; overflow-wrap: anywhere; }
.source blockquote { margin: .5em 0 .5em 1em; padding-left: .8em; border-left: 2px solid var(--line); color: var(--ink); line-height: 1.55; overflow-wrap: anywhere; }
.source a { display: inline-block; margin-left: 1em; min-height: 24px; }
.choices { display: flex; flex-wrap: wrap; gap: .45em; margin: .7em 0 .3em; }
.choices button { min-height: 2.5em; padding: .4em .95em; border: 1px solid var(--accent); border-radius: 1.25em; background: var(--paper); color: var(--accent); font-weight: 550; text-align: left; line-height: 1.3; overflow-wrap: anywhere; }
.choices button:hover { background: var(--tint); }
.choices[data-closed] button { border-color: var(--line); color: var(--soft); background: none; cursor: default; }
.choices[data-closed] .chosen { border-color: var(--edge); background: var(--tint); color: var(--ink); }
.typing { display: flex; width: max-content; gap: .3em; margin-top: .8em; padding: .8em .95em; border: 1px solid var(--line); border-radius: .3em 1.05em 1.05em; background: var(--paper); }
.typing i { width: .45em; height: .45em; border-radius: 50%; background: var(--soft); animation: breathe 1.2s infinite ease-in-out; }
.typing i:nth-of-type(2) { animation-delay: .18s; } .typing i:nth-of-type(3) { animation-delay: .36s; }
@keyframes breathe { 0%, 70%, 100% { opacity: .3; } 35% { opacity: 1; } }
.jump { position: absolute; bottom: .8em; left: 50%; transform: translateX(-50%); display: flex; align-items: center; gap: .35em; padding: .4em 1em .4em .75em; border-radius: 2em; background: var(--accent); color: var(--on); font-size: .875em; font-weight: 600; box-shadow: 0 4px 14px rgb(var(--shadow) / .25); white-space: nowrap; }
`;

const FOOT = `
.trouble { padding: .8em 1.1em; border-top: 1px solid var(--line); background: var(--amber-wash); font-size: .9em; }
.trouble p + p { margin-top: .25em; } .trouble a { font-weight: 600; white-space: nowrap; }
.status:not(.vh) { padding: 0 1.1em; font-size: .84em; }
.composer { padding: .8em .9em .35em; border-top: 1px solid var(--line); }
.box { display: flex; align-items: flex-end; gap: .3em; padding: .3em; border: 1px solid var(--edge); border-radius: 1.35em; background: var(--paper); }
.box:focus-within { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
textarea { flex: 1; min-width: 0; max-height: 8.5em; padding: .45em .2em .45em .75em; border: 0; background: none; resize: none; line-height: 1.45; overflow-y: auto; scrollbar-width: thin; }
textarea:focus-visible { outline: 2px solid transparent; }
textarea::placeholder { color: var(--soft); opacity: 1; }
.send { display: grid; place-items: center; flex: none; width: 2.5em; height: 2.5em; padding: 0; border-radius: 50%; background: var(--accent); color: var(--on); }
.send:hover { filter: brightness(1.08); }
.count { padding: .3em .75em 0; color: var(--soft); font-size: .84em; } .count:empty { display: none; }
.count.over { color: var(--alarm); font-weight: 550; }
.small { padding: .1em 1.15em .8em; color: var(--soft); font-size: .8em; line-height: 1.5; }
.kept summary { display: inline-block; color: var(--accent); text-decoration: underline; text-underline-offset: .15em; }
.kept > div { max-height: 14em; overflow-y: auto; padding: .3em 0 .2em; } .kept p + p, .kept .plain { margin-top: .5em; }
@media (prefers-reduced-motion: reduce) { *, *::before { animation: none !important; transition: none !important; } }
@media (forced-colors: active) {
  .panel, .launcher, .send, .jump, .typing { border: 1px solid ButtonText; } .msg.visitor { border-color: CanvasText; }
  .safety { border-width: 4px; } .typing i { background: CanvasText; } .box:focus-within { outline: 2px solid Highlight; }
  .choices[data-closed] button { color: GrayText; }
}
`;

/** Give *shadow* the chat's looks, and give it back. */
export function dress(shadow) {
  const text = COLOURS + FRAME + TALK + FOOT;
  if ("replaceSync" in CSSStyleSheet.prototype) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    shadow.adoptedStyleSheets = [sheet];
  } else {
    const style = document.createElement("style"); // browsers before 2023
    style.textContent = text;
    shadow.append(style);
  }
  return shadow;
}
