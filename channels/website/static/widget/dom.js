/* Building elements. Text only ever becomes a text node: nothing from the server is parsed as HTML. */

/** An element with *attributes* (functions are listeners, false and null are left out) and *children*. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

const SHAPES = {
  chat: ["M4 5.5h16v11H9.5L5 20v-3.5H4z", "M8 9.5h8M8 12.5h5"],
  close: ["M6 6l12 12M18 6L6 18"],
  send: ["M12 19V5.5M6 11.2L12 5l6 6.2"],
  safety: ["M12 4L2.8 20h18.4z", "M12 10v4.5M12 17.3v.2"],
  person: ["M12 12a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6z", "M4.5 20c.8-3.6 3.7-5.4 7.5-5.4s6.7 1.8 7.5 5.4"],
  down: ["M12 5v13M6 12.5l6 6 6-6"],
};

/** A line drawing that takes the colour of the text around it. It says nothing: a word always stands beside it. */
export function icon(name) {
  const make = (tag, attributes) =>
    fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, []);
  const svg = make("svg", {
    viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "1.8",
    "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", class: "icon",
  });
  svg.append(...SHAPES[name].map((d) => make("path", { d })));
  return svg;
}

/** Words for a screen reader alone. */
export function hidden(text) {
  return el("span", { class: "vh" }, text);
}
