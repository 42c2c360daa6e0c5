/* A constructed style sheet needs no "unsafe-inline". Sizes are in em, from the reader's own: a page may redefine rem. */

const COLOURS = `
:host { all: initial !important; display: block !important; }
.root {
  --paper: #fff; --wash: #f6f8f6; --ink: #1d2a28; --soft: #53625e; --line: #d9e0dc; --edge: #75857f;
  --accent: #17635a; --on: #fff; --tint: color-mix(in srgb, var(--accent) 11%, var(--paper));
  --alarm: #a3200d; --alarm-wash: #fdf1ee; --amber: #8a5a00; --amber-wash: #fdf6e6; --shade: rgb(20 40 36 / .2);
  --x: 1.25em; --y: calc(1.25em + env(safe-area-inset-bottom, 0px)); color-scheme: light dark; color: var(--ink); text-align: left;
  font: 400 1em/1.5 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif;
}
@media (prefers-color-scheme: dark) { .root {
  --paper: #1b2422; --wash: #141b1a; --ink: #e9eeeb; --soft: #aab8b3; --line: #33413d; --edge: #83958f;
  --accent: #86cfc0; --on: #0c1715; --tint: color-mix(in srgb, var(--accent) 17%, var(--paper));
  --alarm: #ffab9b; --alarm-wash: #37211d; --amber: #f0c674; --amber-wash: #2f2818; --shade: rgb(0 0 0 / .35);
} }
/* A clinic's own colour keeps its hue, at a lightness of 4.5:1. */
@supports (color: oklch(from red l c h)) {
  .own { --accent: oklch(from var(--own) min(l, .5) min(c, .14) h); }
  @media (prefers-color-scheme: dark) { .own { --accent: oklch(from var(--own) max(l, .78) min(c, .1) h); } }
}
@media print { :host { display: none !important; } }
`;

const FRAME = `
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, p, blockquote { margin: 0; font-size: inherit; }
button, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
button { cursor: pointer; border: 1px solid transparent; background: none; padding: 0; touch-action: manipulation; }
a, .plain, summary { color: var(--accent); text-underline-offset: .15em; }
a:hover, .plain:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.icon { width: 1.35em; height: 1.35em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.vh { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.launcher, .panel { position: fixed; z-index: 2147483000; inset: auto var(--x) var(--y) auto; }
.left .launcher, .left .panel { inset: auto auto var(--y) var(--x); }
.launcher {
  display: flex; align-items: center; gap: .6em; min-height: 3.25em; padding: .5em 1.3em .5em 1.1em; border-radius: 2em;
  background: var(--accent); color: var(--on); font-weight: 600; box-shadow: 0 8px 28px var(--shade); transition: transform .18s;
}
.launcher:hover { transform: translateY(-2px); }
.away { visibility: hidden; }
.unread { padding: .1em .6em; border-radius: 1em; background: var(--on); color: var(--accent); font-size: .8125em; }
.panel {
  width: 25.5em; max-width: calc(100vw - 2.5em); height: 43em; max-height: calc(100dvh - 2.5em); margin: 0; padding: 0; overflow: hidden;
  border: 1px solid var(--line); border-radius: 1.15em; background: var(--paper); color: var(--ink); box-shadow: 0 16px 64px var(--shade); flex-direction: column;
}
.panel[open], .panel:popover-open { display: flex; animation: rise .22s ease-out; }
.panel.full {
  inset: var(--top, 0) 0 auto; width: 100%; max-width: none; height: var(--view, 100dvh); max-height: none; border: 0; border-radius: 0;
  padding: env(safe-area-inset-top, 0) env(safe-area-inset-right, 0) env(safe-area-inset-bottom, 0) env(safe-area-inset-left, 0);
}
.full::backdrop { background: var(--paper, Canvas); }
@keyframes rise { from { opacity: 0; transform: translateY(.75em); } }
.bar { display: flex; align-items: center; gap: .75em; padding: .85em .75em .85em 1.1em; border-bottom: 1px solid var(--line); }
.badge, .round, .send { display: grid; place-items: center; flex: none; width: 2.5em; height: 2.5em; border-radius: 50%; }
.badge { background: var(--tint); color: var(--accent); }
.who { flex: 1; min-width: 0; line-height: 1.3; overflow-wrap: anywhere; }
.who h2 { font-weight: 650; }
.who p { color: var(--soft); font-size: .85em; }
.round { color: var(--soft); }
.round:hover { background: var(--wash); color: var(--ink); }
.plain, summary { min-height: 24px; border-radius: .25em; }
.plain { padding: .15em 0; text-decoration: underline; text-align: left; }
`;

const TALK = `
.log { position: relative; flex: 1; min-height: 0; display: flex; background: var(--wash); }
.scroller { position: relative; flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 1.1em; }
.scroller:focus-visible { outline-offset: -3px; }
.intro { margin-bottom: 1.1em; color: var(--soft); font-size: .85em; }
.warning { padding: .7em .9em; border-left: 3px solid var(--amber); border-radius: .2em .6em .6em .2em; background: var(--amber-wash); color: var(--ink); }
.list { display: flex; flex-direction: column; gap: .55em; }
.line { align-self: center; color: var(--soft); font-size: .85em; text-align: center; }
.msg { align-self: flex-start; max-width: 92%; padding: .7em .95em .5em; border: 1px solid var(--line); border-radius: .3em 1.05em 1.05em; background: var(--paper); font-size: .95em; overflow-wrap: anywhere; animation: rise .2s ease-out; }
.msg.visitor { align-self: flex-end; max-width: 85%; border-color: transparent; border-radius: 1.05em 1.05em .3em; background: var(--tint); }
.visitor + :not(.visitor), :not(.visitor) + .visitor { margin-top: .5em; }
.text p { min-height: .7em; }
.visitor .text { white-space: pre-wrap; }
.foot { margin-top: .3em; color: var(--soft); font-size: .77em; line-height: 1.6; }
.visitor .foot { text-align: right; }
.msg[data-state=waiting], .msg[data-state=slow] { border: 1px dashed var(--edge); }
.msg[data-state=failed] { border: 1px dashed var(--alarm); }
.head { display: flex; align-items: center; gap: .45em; margin-bottom: .35em; font-weight: 650; font-size: .9em; }
.person, .handoff { border-left: 3px solid var(--accent); }
.person .head, .handoff .head { color: var(--accent); }
.msg.safety { max-width: 100%; border: 2px solid var(--alarm); border-radius: .5em; background: var(--alarm-wash); padding: .85em 1em .55em; }
.safety .head, .safety a { color: var(--alarm); font-weight: 650; font-size: 1em; }
.safety .text p + p { margin-top: .5em; }
.safety .text p:first-child { font-weight: 650; }
.source { margin: .65em 0 .15em; border-top: 1px solid var(--line); padding-top: .5em; font-size: .93em; }
summary { cursor: pointer; }
.source summary > span { display: block; padding-left: 1.15em; }
.source .from { color: var(--soft); font-size: .85em; margin-top: -1.5em; }
.source .heading { font-weight: 500; line-height: 1.35; }
summary:hover .heading { text-decoration: underline; }
.source blockquote { margin: .5em 0 .5em 1.1em; padding-left: .8em; border-left: 2px solid var(--line); }
.source a { display: inline-block; margin-left: 1.1em; min-height: 24px; }
.choices { display: flex; flex-wrap: wrap; gap: .45em; margin: .7em 0 .3em; }
.choices button { min-height: 2.5em; padding: .4em .95em; border-color: var(--accent); border-radius: 1.25em; color: var(--accent); font-weight: 500; text-align: left; line-height: 1.3; }
.choices button:hover { background: var(--tint); }
.choices[data-closed] button { border-color: var(--line); color: var(--soft); background: none; cursor: default; }
.choices .chosen.chosen { border-color: var(--edge); background: var(--tint); color: var(--ink); }
.typing { display: flex; width: max-content; gap: .3em; margin-top: .8em; padding: .8em .95em; border: 1px solid var(--line); border-radius: .3em 1.05em 1.05em; background: var(--paper); }
.typing i { width: .45em; height: .45em; border-radius: 50%; background: var(--soft); animation: breathe 1.2s infinite; }
.typing i:nth-of-type(2) { animation-delay: .18s; }
.typing i:nth-of-type(3) { animation-delay: .36s; }
@keyframes breathe { 0%, 70%, 100% { opacity: .3; } 35% { opacity: 1; } }
.jump { position: absolute; bottom: .8em; left: 50%; translate: -50%; display: flex; align-items: center; gap: .35em; padding: .4em 1em .4em .75em; border-radius: 2em; background: var(--accent); color: var(--on); font-size: .875em; font-weight: 600; box-shadow: 0 4px 14px var(--shade); white-space: nowrap; }
`;

const FOOT = `
.trouble { padding: .8em 1.1em; border-top: 1px solid var(--line); background: var(--amber-wash); font-size: .9em; }
.trouble a { font-weight: 600; white-space: nowrap; }
.composer { padding: .8em .9em .35em; border-top: 1px solid var(--line); }
.box { display: flex; align-items: flex-end; gap: .3em; padding: .3em; border: 1px solid var(--edge); border-radius: 1.35em; }
.box:focus-within { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
textarea { flex: 1; min-width: 0; max-height: 8.5em; padding: .45em .2em .45em .75em; border: 0; background: none; resize: none; line-height: 1.45; }
textarea:focus-visible { outline-color: transparent; }
::placeholder { color: var(--soft); opacity: 1; }
.send { background: var(--accent); color: var(--on); }
.count { padding: .3em .75em 0; color: var(--soft); font-size: .85em; }
.count:empty { display: none; }
.over { color: var(--alarm); }
.small { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1.2em; padding: .1em 1.2em .8em; color: var(--soft); font-size: .8em; }
.kept[open] { flex-basis: 100%; }
.kept summary { display: inline-block; text-decoration: underline; }
.kept > div { max-height: 14em; overflow-y: auto; padding: .3em 0; }
.kept p { margin-bottom: .5em; }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
@media (forced-colors: active) {
  .launcher, .send, .jump, .msg.visitor { border: 1px solid ButtonText; } .msg.safety { border-width: 4px; }
  .typing i { background: CanvasText; } .box:focus-within { outline: 2px solid Highlight; } .choices[data-closed] button { color: GrayText; }
}
`;

export function dress(shadow) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(COLOURS + FRAME + TALK + FOOT);
  shadow.adoptedStyleSheets = [sheet];
  return shadow;
}
