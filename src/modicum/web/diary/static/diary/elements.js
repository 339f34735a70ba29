// Parts of a page. Text goes in as text: nothing that anybody wrote is ever read as markup.

const DRAWN = new Set(["svg", "path", "circle", "text"]);

/** An element with its attributes, listeners (`on`), and children; children that are null or false are left out. */
export function el(name, attributes = {}, ...children) {
  const made = DRAWN.has(name) ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export const tick = () => el("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, el("path", { d: "M3 11l4.5 4.5L17 5" }));

export const twoTicks = () =>
  el("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, el("path", { d: "M1 11l4 4L13 6M8.5 14.5l.8.8L18.5 6" }));

export const clock = () => el("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, el("path", { d: "M10 5v5.5l3.5 2" }), el("circle", { cx: 10, cy: 10, r: 8 }));

export const stopSign = () =>
  el(
    "svg",
    { viewBox: "0 0 20 20", "aria-hidden": "true" },
    el("path", { class: "g", d: "M6.2 1h7.6L19 6.2v7.6L13.8 19H6.2L1 13.8V6.2z" }),
    el("text", { class: "k", x: 10, y: 14.6 }, "!"),
  );

export const virtualTag = (label) => el("span", { class: "tag virtual" }, label);

export const button = (label, press, kind = "") => el("button", { type: "button", class: `btn ${kind}`.trim(), on: { click: press } }, label);

export const link = (label, href, attributes = {}) => el("a", { href, ...attributes }, label);

export const paragraphs = (lines, kind) => lines.map((line) => el("p", kind ? { class: kind } : {}, line));

/** A line of text in which telephone numbers can be rung. */
export function callable(text) {
  const number = /\+?\(?\d[\d\s().\/-]{4,}\d/;
  const found = text.match(number);
  if (!found) return [text];
  const rest = text.slice(found.index + found[0].length);
  return [text.slice(0, found.index), link(found[0], `tel:${found[0].replace(/[^\d+]/g, "")}`, { class: "tel" }), ...callable(rest)];
}

const GAP = 328;

/** The day rule: a long mark for an evening that is in, a short one for late, a ring where there is none. */
export function dayRule(marks, label) {
  const step = GAP / Math.max(marks.length, 1);
  const drawn = marks.map((mark, index) => {
    const x = (step * (index + 0.5)).toFixed(1);
    if (mark === "missed") return el("circle", { class: "s-line-strong", cx: x, cy: 27, r: 2.6 });
    const top = { in: 4, late: 17, open: 24 }[mark];
    return el("path", { class: mark === "open" ? "s-line-strong" : "s-act", d: `M${x} ${top}V30` });
  });
  const base = el("path", { class: "s-line-strong base", d: `M0 32.5H${GAP}` });
  return el("svg", { class: "rule", role: "img", "aria-label": label, viewBox: `0 0 ${GAP} 34`, width: GAP, height: 34 }, base, drawn);
}
