// The pages beside the diary: help, the emergency card, a new medicine, a note, reminders, data, and leaving.

import { whole } from "./canonical.js";
import { hand, keyOf } from "./draft.js";
import { button, callable, el, link, paragraphs, stopSign } from "./elements.js";
import { fetched, ownData, rescue, save } from "./files.js";
import { say, sayTime, sayTrouble } from "./words.js";

const homeward = () => el("p", {}, link(say("home"), "#/"));

/** Whom to call; within reach of every page, also of a locked one. */
export function help(app) {
  const contact = app.schedule?.contact || {};
  const calls = ["on_call", "prescriber", "pharmacy"].filter((who) => contact[who]).map((who) => el("div", {}, el("dt", {}, say(`contact.${who}`)), el("dd", {}, callable(contact[who]))));
  const ways = [
    app.schedule ? el("li", {}, link(say("card"), "#/card")) : null,
    app.locked ? null : el("li", {}, link(say("unsent.link"), "#/unsent")),
    app.locked || !app.schedule ? null : el("li", {}, link(say("leave"), "#/leave")),
  ];
  return {
    heading: say("help.heading"),
    nodes: [el("p", { class: "lead" }, callable(say("help.emergency"))), el("dl", { class: "facts" }, calls), el("p", {}, say("help.opioids")), el("ul", { class: "ways" }, ways), homeward()],
  };
}

/** The emergency card, to be shown to whoever helps. */
export function card(app) {
  const parts = [];
  for (const { heading, lines, never } of app.schedule?.card || []) {
    if (parts.at(-1)?.heading !== heading) parts.push({ heading, lines: [] });
    parts.at(-1).lines.push(...lines.map((line) => [line, never]));
  }
  const shown = ([line, never]) => (never ? el("p", { class: "sev stop" }, stopSign(), el("span", {}, callable(line))) : el("p", {}, callable(line)));
  const sections = parts.map(({ heading, lines }) => el("section", { class: "part" }, el("h2", {}, heading), lines.map(shown)));
  return { heading: say("card.heading"), nodes: [sections, homeward()] };
}

const MOST_NAMES = 20;

/** The names in a text, a line each; a long line is parted between words. */
export function names(text) {
  const parts = whole(text).match(/.{1,200}(?![^\s,;])|.{1,200}/gu) || [];
  return parts.map((part) => part.replace(/^[\s,;]+/, "").trim()).filter(Boolean);
}

/** A new medicine: handed in at once, and checked by the clinic's rules where there is a network. */
export function medicine(app) {
  const box = el("textarea", { class: "in", id: "medicine", rows: 3, maxlength: 1000, "aria-describedby": "medicine-hint" });
  const problem = el("p", { class: "alarm problem", role: "alert" });
  const send = async () => {
    const named = names(box.value);
    if (!named.length) {
      problem.textContent = say("problem.medicine");
      box.focus();
      return;
    }
    let record;
    for (let at = 0; at < named.length && record !== null; at += MOST_NAMES) record = await handMessage(app, { medications: named.slice(at, at + MOST_NAMES) });
    if (record) app.go(`#/medicine/${record.id}`);
  };
  return {
    heading: say("medicine.heading"),
    nodes: [el("label", { class: "over", for: "medicine" }, say("medicine.label")), box, el("p", { class: "small quiet", id: "medicine-hint" }, say("medicine.hint")), problem, el("div", { class: "acts" }, button(say("medicine.send"), send)), homeward()],
  };
}

/** Hand in something that is no evening; it counts for the day that it is written on. */
async function handMessage(app, said) {
  const now = app.situation();
  try {
    const local = said.leaves ? { leaves: true } : {};
    const record = await hand(app, said, { day: Math.max(-1, now.day), about: now.about, local });
    await app.refresh();
    app.sync.flush();
    return record;
  } catch (error) {
    app.refuse(error);
    return null;
  }
}

/** What is to be done about a medicine: the clinic's word, or without one to stop and ring. */
export function medicineAdvice(app, id) {
  const record = app.records.find((one) => one.id === id);
  const advice = app.advice.filter((one) => one.entry === id);
  const { day } = app.situation();
  const begun = app.drafts.some((one) => one.slot === `e${day}`);
  const back = begun ? el("p", {}, link(say("go-on"), `#/e/${day}`, { class: "btn" })) : homeward();
  if (advice.some((one) => !one.read)) app.readAdvice(id);
  if (advice.length) return { heading: say("medicine.answer"), nodes: [advice.map(oneAdvice), back], live: true };
  if (record?.receipt) return { heading: say("medicine.arrived"), nodes: [el("p", {}, say("medicine.told")), back], live: true };
  const ring = app.schedule.contact.on_call || app.schedule.contact.prescriber;
  const first = el("h2", { class: "sev stop" }, stopSign(), say("medicine.stop"));
  const flag = el("section", { class: "flag" }, first, el("p", {}, callable(say("medicine.ring", { who: ring }))), el("p", {}, say("medicine.why")));
  return { heading: say(app.sync.busy ? "medicine.asking" : "medicine.offline"), nodes: [flag, back], live: true };
}

function oneAdvice({ stop, words }) {
  const [first, ...others] = words;
  const lines = others.map((line) => el("p", {}, callable(line)));
  return stop ? el("section", { class: "flag" }, el("h2", { class: "sev stop" }, stopSign(), first), lines) : el("section", { class: "part" }, el("p", {}, first), lines);
}

/** A note for the clinic, in the draft of an evening. */
export function note(app, draft, keepDraft, back) {
  const box = el("textarea", { class: "in", id: "note", rows: 6, maxlength: 2000, "aria-describedby": "note-hint" });
  box.value = draft.note;
  const line = el("p", { class: "saved", role: "status" });
  let timer = 0;
  const keep = async () => {
    clearTimeout(timer);
    draft.note = box.value;
    await keepDraft(draft);
    line.textContent = say("saved");
  };
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 400);
  });
  const leave = async () => {
    await keep();
    back();
  };
  return {
    heading: say("note.heading"),
    nodes: [el("label", { class: "over", for: "note" }, say("note.label")), box, el("p", { class: "small quiet", id: "note-hint" }, say("note.hint"))],
    saved: line,
    nav: el("nav", { class: "dnav single", "aria-label": say("questions") }, button(say("note.keep"), leave)),
  };
}

/** What waits on this phone, what stands in the way, and what to do. */
export function unsent(app) {
  const { trouble, nextMs, busy } = app.sync;
  const n = app.unsent;
  const why = trouble && n ? paragraphs([sayTrouble(trouble.kind, { ring: ringWords(app) }), trouble.detail ? say("trouble.code", { code: trouble.detail }) : null].filter(Boolean)) : [];
  const when = n && nextMs && !busy ? el("p", { class: "small quiet" }, say("unsent.next", { time: sayTime(nextMs, app.zone) })) : null;
  const accept = trouble?.kind === "key" ? keyPart(app) : null;
  const acts = n ? el("div", { class: "acts" }, button(say(busy ? "sending" : "unsent.now"), () => app.sync.flush()), button(say("rescue.save"), () => saveRescue(app), "two")) : null;
  const file = n ? el("section", { class: "sec" }, el("h2", {}, say("rescue.heading")), paragraphs([say("rescue.text"), say("rescue.open")])) : null;
  return { heading: n ? say("line.waits", { n }) : say("unsent.none"), nodes: [n ? el("p", { class: "lead" }, say("unsent.safe")) : null, why, when, accept, acts, file, homeward()], live: true };
}

const ringWords = ({ schedule }) => schedule?.contact.on_call || schedule?.contact.prescriber || say("your-clinic");

/** The clinic signs by another key than the one that this phone met first: a person decides, by telephone. */
function keyPart(app) {
  const accept = async () => {
    await app.outbox.keep("key", app.schedule.key);
    app.sync.flush();
  };
  return el("section", { class: "flag" }, el("h2", {}, say("key.heading")), el("p", {}, say("key.text", { id: app.schedule.key.id })), button(say("key.accept"), accept, "two"));
}

async function saveRescue(app) {
  const document_ = rescue(await app.outbox.unsent(), app.drafts, app.schedule.trial, new Date().toISOString());
  await save("modicum-rescue.json", document_);
}

/** Everything that a person has said, to take along. */
export function data(app) {
  const phone = async () => {
    const sent = await app.outbox.sent();
    await save("modicum-diary.json", ownData(sent, await app.outbox.unsent(), app.drafts, app.schedule.trial, new Date().toISOString()));
  };
  const problem = el("p", { class: "alarm problem", role: "alert" });
  const share = (event) => {
    if (!navigator.standalone) return;
    event.preventDefault();
    fetched(event.target.href, event.target.download).catch(({ message }) => (problem.textContent = sayTrouble(message === "401" ? message : "unreachable", { ring: ringWords(app) })));
  };
  const ofClinic = (name, kind, file) => link(say(`data.${name}`), `/diary/data.${name}`, { class: kind, download: file, on: { click: share } });
  const clinic = [ofClinic("csv", "btn", "modicum-diary.csv"), ofClinic("json", "btn two", "modicum-diary-clinic.json")];
  return {
    heading: say("data.heading"),
    nodes: [
      el("p", {}, say("data.text")),
      el("section", { class: "sec" }, el("h2", {}, say("data.clinic")), el("p", {}, say("data.clinic.text")), el("div", { class: "acts" }, clinic), problem),
      el("section", { class: "sec" }, el("h2", {}, say("data.phone")), el("p", {}, say("data.phone.text")), el("div", { class: "acts" }, button(say("data.save"), phone, "two"))),
      homeward(),
    ],
  };
}

/** A reminder in the phone's own calendar, in words that tell nobody anything. */
export function reminder(app) {
  const box = el("input", { class: "in time", id: "at", type: "time", value: "20:00", min: app.schedule.window.opens, required: true });
  const get = () => box.value && location.assign(`/diary/calendar.ics?at=${encodeURIComponent(box.value)}`);
  return {
    heading: say("reminder.heading"),
    nodes: [el("p", {}, say("reminder.text")), el("label", { class: "over", for: "at" }, say("reminder.at")), box, el("div", { class: "acts" }, button(say("reminder.get"), get)), homeward()],
  };
}

/** How the diary gets an icon of its own, and why that matters: by one tap where the browser offers it. */
export function install(app) {
  const ways = ["iphone", "android"].map((kind) => el("section", { class: "sec" }, el("h2", {}, say(`install.${kind}`)), el("p", {}, say(`install.${kind}.text`))));
  const kept = say(app.persisted ? "install.kept" : "install.not-kept");
  const offered = app.installing ? el("p", {}, button(say("install.now"), () => app.install())) : null;
  const on = link(say("go"), app.enrolling ? "#/lock" : "#/", { class: offered ? "btn two" : "btn" });
  return { heading: say("install.heading"), nodes: [el("p", {}, say("install.text")), offered || ways, el("p", { class: "note" }, kept), el("p", {}, on)] };
}

/** Leaving, at any time, without a reason; what is dangerous afterwards stands before the button. */
export function leave(app) {
  const really = async () => {
    const record = await handMessage(app, { leaves: true });
    if (record) app.go("#/left");
  };
  const warning = el("section", { class: "flag" }, el("h2", { class: "sev stop" }, stopSign(), say("leave.warning")), paragraphs([say("leave.opioids"), say("leave.tell")]));
  const acts = el("div", { class: "acts" }, button(say("leave.really"), really, "stop"), link(say("leave.stay"), "#/", { class: "btn two" }));
  return { heading: say("leave.heading"), nodes: [paragraphs([say("leave.text"), say("leave.data")]), warning, acts] };
}

/** After leaving. */
export function left(app) {
  const record = app.records.filter((one) => one.leaves).at(-1);
  const ring = el("p", {}, callable(say("left.ring", { who: ringWords(app) })));
  const warning = el("section", { class: "flag" }, el("h2", { class: "sev stop" }, stopSign(), say("leave.warning")), paragraphs([say("leave.opioids")]));
  return { heading: say("left.heading"), nodes: [record ? app.ticks(record) : null, el("p", {}, say("left.text")), ring, warning, homeward()], live: true };
}

/** Forgetting this phone: refused while anything waits, with the way out. */
export function forget(app) {
  const n = app.unsent;
  if (n) {
    const ways = el("p", {}, link(say("unsent.link"), "#/unsent", { class: "btn" }));
    return { heading: say("forget.blocked", { n }), nodes: [paragraphs([say("forget.blocked.text"), say("forget.blocked.way")]), ways, homeward()], live: true };
  }
  const really = async () => {
    try {
      await app.outbox.forget();
    } catch {
      return app.refresh();
    }
    await fetch("/diary/leave-device", { method: "POST", headers: { "X-Modicum": "1" } }).catch(() => null);
    return app.forgotten();
  };
  return {
    heading: say("forget.heading"),
    nodes: [paragraphs([say("forget.text"), say("forget.clinic")]), el("div", { class: "acts" }, button(say("forget.really"), really, "stop"), link(say("forget.stay"), "#/", { class: "btn two" }))],
    live: true,
  };
}

/** A draft whose evening is over: nothing is hidden, nothing can be handed in any more. */
export function over(app, draft) {
  const drop = async () => {
    await app.outbox.drop(keyOf(draft.slot));
    await app.refresh();
    app.go("#/");
  };
  return { heading: say("over.heading"), nodes: [el("p", {}, say("over.text")), el("div", { class: "acts" }, link(say("home"), "#/", { class: "btn" }), button(say("over.drop"), drop, "two"))] };
}
