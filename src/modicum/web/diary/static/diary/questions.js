// One question a screen. A tap goes on by itself; with keys or a screen reader, Next does.

import { answered } from "./draft.js";
import { button, callable, el, link, stopSign, tick } from "./elements.js";
import { moved, wall } from "./evenings.js";
import { redFlags } from "./schedule.js";
import { say, sayDate } from "./words.js";

const MOST_STEPS = 11;
const TAP_MS = 700; // between a finger's leaving the label and the click that the browser makes of it

const saved = () => [tick(), say("saved")];

/** A question of an evening, as a page; `forward` and `back` leave it. */
export function question(app, draft, key, { keepDraft, forward, back, last }) {
  const position = draft.asked.indexOf(key);
  const line = el("p", { class: "saved", role: "status" }, answered(draft, key) ? saved() : "");
  const problem = el("p", { class: "alarm problem", role: "alert" });
  const keep = async (change, goes = false) => {
    change(draft);
    draft.at = (goes && draft.asked[position + 1]) || key;
    await keepDraft(draft);
    line.replaceChildren(...saved());
    problem.textContent = "";
    weigh();
  };
  const next = () => {
    if (answered(draft, key)) return forward();
    problem.textContent = say(key === "effects" && draft.effects ? "problem.severity" : "problem.answer");
    form.querySelector("input:not(:checked), button")?.focus();
  };
  const parts = { app, draft, key, keep, forward, next };
  const form = el("div", { class: "answer" }, kindOf(app.schedule, key)(parts));
  const onward = button(last ? say("hand-in") : say("next"), next);
  const weigh = () => onward.classList.toggle("two", key === "effects" && !draft.effects); // one filled button a page
  weigh();
  const nav = el("nav", { class: "dnav", "aria-label": say("questions") }, button(say("back"), back, "two"), onward);
  const progress = draft.corrects ? say("changing") : say("progress", { at: position + 1, of: draft.asked.length });
  const top = isToday(app, draft) ? progress : `${sayDate(draft.date)}: ${progress}`;
  return { top, steps: draft.corrects ? null : [position + 1, draft.asked.length], heading: heading(app, key, draft), nodes: [form, problem], saved: line, nav };
}

const isToday = (app, draft) => wall(app.now(), app.zone).date === draft.date;

/** The words of a question. After midnight "last night" is another than the capsule's: its evening is named. */
export function heading(app, key, draft) {
  if (key === "took" && !isToday(app, draft)) return say("ask.took.dated", { date: sayDate(moved(draft.date, -1)) });
  if (!key.startsWith("item:")) return say(`ask.${key}`);
  return itemOf(app.schedule, key).question;
}

export const itemOf = (schedule, key) => schedule.items.find((item) => item.name === key.slice(5));

const whole = (item) => Number.isInteger(item.low) && Number.isInteger(item.high);

function kindOf(schedule, key) {
  if (!key.startsWith("item:")) return { took, effects, guess, reason }[key];
  const item = itemOf(schedule, key);
  if (item.kind === "binary") return yesOrNo;
  return item.kind !== "count" && whole(item) && item.high - item.low < MOST_STEPS ? steps : amount;
}

const answer = (name, value) => (draft) => void (draft.answers[name] = value);

/** A radio in its label. A tap that was meant goes on once the answer is on the disk. */
function radio({ name, value, checked, choose, forward }, ...content) {
  let tapped = -Infinity;
  const pressed = async () => {
    const go = performance.now() - tapped < TAP_MS;
    await choose(value, go);
    if (go) forward();
  };
  const box = el("input", { type: "radio", name, value: String(value), checked, on: { click: pressed } });
  return el("label", { on: { pointerup: () => (tapped = performance.now()) } }, box, content);
}

/** Arrow keys follow the eye: up and right are more, down and left are less, in either drawing of the scale. */
function byArrows(event) {
  const more = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key];
  if (!more || event.target.type !== "radio") return;
  event.preventDefault();
  const radios = [...event.currentTarget.querySelectorAll("input")];
  const to = radios[radios.indexOf(event.target) - more];
  if (to) {
    to.focus();
    to.click();
  }
}

function steps({ app, draft, key, keep, forward }) {
  const item = itemOf(app.schedule, key);
  const values = Array.from({ length: item.high - item.low + 1 }, (_, index) => item.high - index);
  const ends = { [item.low]: item.low_label, [item.high]: item.high_label };
  const middle = (item.high + item.low) / 2;
  const rows = values.map((value) => {
    const choose = (chosen, goes) => keep(answer(item.name, chosen), goes);
    const made = radio({ name: "answer", value, checked: draft.answers[item.name] === value, choose, forward }, el("b", {}, String(value)), el("small", {}, ends[value] || ""));
    if (value in ends || value === middle) made.className = "major";
    return made;
  });
  return [
    el("div", { class: "scale", role: "radiogroup", "aria-labelledby": "q", on: { keydown: byArrows } }, rows),
    el("div", { class: "ends", "aria-hidden": "true" }, el("span", {}, `${item.low} ${item.low_label}`), el("span", {}, `${item.high} ${item.high_label}`)),
    ratherNot(draft.answers[item.name] === null, () => keep(answer(item.name, null), true), forward),
  ];
}

/** "I'd rather not say", confirmed once; then it is an answer like any other. */
function ratherNot(chosen, choose, forward) {
  const place = el("div", { class: "rather-not" });
  const leaveOut = async () => {
    await choose();
    forward();
  };
  const confirm = () => {
    const yes = button(say("rather.yes"), leaveOut, "two");
    place.replaceChildren(el("p", { class: "small" }, say("rather.sure")), yes);
    yes.focus();
  };
  const ask = el("button", { type: "button", class: "plain", on: { click: confirm } }, say("rather"));
  place.append(chosen ? el("p", { class: "small quiet" }, say("rather.chosen")) : ask);
  return place;
}

function rows(draft, choices, { chosen, choose, forward }) {
  const made = choices.map(([value, label, hint]) => radio({ name: "answer", value, checked: chosen === value, choose, forward }, el("span", {}, label, hint ? el("small", {}, hint) : null)));
  return el("div", { class: "rows", role: "radiogroup", "aria-labelledby": "q" }, made);
}

function yesOrNo({ app, draft, key, keep, forward }) {
  const item = itemOf(app.schedule, key);
  const choose = (value, goes) => keep(answer(item.name, value), goes);
  const choices = [
    [item.high, item.high_label || say("yes")],
    [item.low, item.low_label || say("no")],
  ];
  return [rows(draft, choices, { chosen: draft.answers[item.name], choose, forward }), ratherNot(draft.answers[item.name] === null, () => choose(null, true), forward)];
}

/** A number, with a large minus and plus; nothing stands in it before it is touched. */
function amount({ app, draft, key, keep, forward, next }) {
  const item = itemOf(app.schedule, key);
  const given = draft.answers[item.name];
  const step = item.kind === "count" || whole(item) ? 1 : "any";
  const box = el("input", { class: "in", id: "amount", type: "number", inputmode: step === 1 ? "numeric" : "decimal", min: item.low, max: item.high, step, value: given ?? "", "aria-labelledby": "q", "aria-describedby": "range" });
  const typed = () => {
    const value = box.valueAsNumber;
    const fits = Number.isFinite(value) && box.checkValidity();
    return keep((one) => void (fits ? (one.answers[item.name] = value) : delete one.answers[item.name]));
  };
  const moved = (by) => () => {
    const from = Number.isFinite(box.valueAsNumber) ? box.valueAsNumber + by : Math.max(item.low, item.low + by);
    box.value = String(Math.min(item.high, Math.max(item.low, from)));
    return typed();
  };
  box.addEventListener("input", typed);
  box.addEventListener("keydown", (event) => event.key === "Enter" && next());
  const less = el("button", { type: "button", class: "btn two step", "aria-label": say("less"), on: { click: moved(-1) } }, "\u2212");
  const more = el("button", { type: "button", class: "btn two step", "aria-label": say("more"), on: { click: moved(1) } }, "+");
  const range = el("p", { class: "small quiet", id: "range" }, say("range", { low: `${item.low} ${item.low_label}`.trim(), high: `${item.high} ${item.high_label}`.trim() }));
  return [el("div", { class: "amount" }, less, box, more), range, ratherNot(given === null, () => keep(answer(item.name, null), true), forward)];
}

function took({ draft, keep, forward }) {
  const choices = ["yes", "no", "unsure"].map((value) => [value, say(`took.${value}`)]);
  return rows(draft, choices, { chosen: draft.took, choose: (value, goes) => keep((one) => void (one.took = value), goes), forward });
}

function guess({ draft, keep, forward }) {
  const choices = [1, 0.75, 0.5, 0.25, 0].map((value) => [value, say(`guess.${value}`)]);
  const choose = (value, goes) => keep((one) => void (one.guess = value), goes);
  return [
    el("p", { class: "why" }, say("guess.why")),
    rows(draft, choices, { chosen: draft.guess, choose, forward }),
    ratherNot(draft.guess === null, () => choose(null, true), forward),
  ];
}

function reason({ draft, keep, forward }) {
  const choices = ["benefit", "side-effect", "none"].map((value) => [value, say(`reason.${value}`)]);
  return rows(draft, choices, { chosen: draft.reason, choose: (value, goes) => keep((one) => void (one.reason = value), goes), forward });
}

/** Side effects: none in one tap, else each with how bad it was. Advice that cannot wait stands there at once. */
function effects({ app, draft, keep, forward }) {
  const advice = el("div", { role: "alert" });
  const leave = async () => {
    await keep((one) => void (one.effects = {}));
    forward();
  };
  const none = button(say("effects.none"), leave, "wide");
  const warn = () => {
    advice.replaceChildren(...flagged(app.schedule, draft.effects || {}));
    none.classList.toggle("two", Object.keys(draft.effects || {}).length > 0);
  };
  const parts = app.schedule.side_effects.map((effect) => sideEffect(effect, draft, keep, warn));
  warn();
  const more = el("p", { class: "also" }, link(say("new-medicine"), "#/medicine"), link(say("add-note"), `#/note/${draft.slot}`));
  return [none, el("div", { class: "effects", role: "group", "aria-label": say("effects.noticed") }, parts), advice, more];
}

function sideEffect({ name, label }, draft, keep, warn) {
  const chosen = () => (draft.effects ? draft.effects[name] : undefined);
  const place = el("div", {});
  const degree = (severity) => {
    const choose = () => keep((one) => void (one.effects = { ...one.effects, [name]: severity })).then(warn);
    return el("label", {}, el("input", { type: "radio", name: `severity-${name}`, value: severity, checked: chosen() === severity, on: { click: choose } }), el("span", {}, say(`severity.${severity}`)));
  };
  const show = () => place.replaceChildren(...(chosen() === undefined ? [] : [el("fieldset", { class: "severities" }, el("legend", { class: "hide" }, say("severity.of", { name: label })), [1, 2, 3].map(degree))]));
  const ticked = async (event) => {
    const on = event.target.checked;
    await keep((one) => {
      const { [name]: _, ...others } = one.effects || {};
      one.effects = on ? { ...others, [name]: 0 } : Object.keys(others).length ? others : null;
    });
    show();
    warn();
  };
  show();
  return [el("label", { class: "pick box" }, el("input", { type: "checkbox", checked: chosen() !== undefined, on: { change: ticked } }), el("span", {}, label)), place];
}

/** Advice after an answer: what to do first, whom to call, then why. */
export function flagged(schedule, noticed) {
  return redFlags(schedule, noticed).map((flag) =>
    el("section", { class: "flag" }, el("h2", { class: "sev stop" }, stopSign(), flag.heading), flag.words.map((words) => el("p", {}, callable(words)))),
  );
}
