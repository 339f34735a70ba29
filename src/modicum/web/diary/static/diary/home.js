// Where a person stands: what is to be done now, how many evenings are in, and the way to everything else.

import { callable, clock, dayRule, el, link, paragraphs, stopSign, tick, twoTicks } from "./elements.js";
import { diaryDate, moved, wall } from "./evenings.js";
import { flagged } from "./questions.js";
import { aside, correctable, nextAsked, rule, standing } from "./schedule.js";
import { say, sayDate, sayTime } from "./words.js";

const SAID_MS = 48 * 3_600_000;

/** The page that the diary opens with, unless an evening is to be filled in. */
export function home(app) {
  const { schedule } = app;
  const stage = stageOf(app);
  const now = app.situation();
  const act = stage ? stage.act : todo(app, now);
  const nodes = [act.nodes, answer(schedule), halted(schedule), notes(schedule), setAside(app), evenings(app), stage ? null : [done(app, now), unfinished(app, now)], more(app)];
  const date = now.state === "closed" ? diaryDate(app.now(), app.zone, schedule.window) : now.date; // nothing of yesterday is asked
  return { top: sayDate(date), heading: act.heading, nodes, live: true };
}

/** What stands on the page once there is nothing more to ask. */
function stageOf({ schedule }) {
  const pages = {
    waiting: [say("stage.waiting.text")],
    result: [say("stage.result.text")],
    stopped: [say("stage.stopped.text"), say("leave.opioids")],
    left: [say("stage.left.text"), say("leave.opioids")],
  };
  const lines = pages[schedule.stage];
  if (!lines) return null;
  const way = schedule.stage === "result" ? el("p", {}, link(say("stage.result.link"), "/diary/result", { class: "btn" })) : null;
  return { act: { heading: say(`stage.${schedule.stage}`), nodes: [paragraphs(lines), way] } };
}

/** Her result beside what else there is: while a dose is kept, and for who left and wanted to know. */
function answer({ result, stage }) {
  if (!result || stage === "result") return null;
  return el("section", { class: "sec" }, el("h2", {}, say("stage.result")), paragraphs(result.words), el("p", {}, link(say("stage.result.link"), "/diary/result")));
}

function todo(app, now) {
  const { window } = app.schedule;
  if (now.state === "open" || now.state === "late") {
    const draft = app.drafts.find((one) => one.slot === `e${now.day}`);
    const label = draft ? say("go-on") : say(now.late ? "start-late" : "start");
    const until = now.late ? window.late_until : window.day_ends;
    const heading = now.late ? say("late", { until }) : say("open");
    const hint = now.late ? say("late.hint") : say("open.hint", { until });
    return { heading, nodes: [el("p", { class: "quiet" }, hint), el("p", {}, link(label, `#/e/${now.day}`, { class: "btn wide" }))] };
  }
  if (now.state === "done") return { heading: say(now.late ? "done.late" : "done"), nodes: [el("p", { class: "quiet" }, nextWords(app))] };
  return { heading: nextWords(app), nodes: [] };
}

/** When the diary opens next, in words. */
export function nextWords({ schedule, now, zone }) {
  const next = nextAsked(schedule, now(), zone);
  if (!next) return say("next.none");
  const { date } = wall(now(), zone);
  const { opens } = schedule.window;
  if (next === date) return say("next.today", { opens });
  return next === moved(date, 1) ? say("next.tomorrow", { opens }) : say("next.on", { date: sayDate(next), opens });
}

/** A medicine has stopped the capsules: said until the prescriber has answered. */
function halted(schedule) {
  if (!schedule.halted) return null;
  return el("section", { class: "flag" }, el("h2", { class: "sev stop" }, stopSign(), say("halted")), schedule.halted.words.map((words) => el("p", {}, callable(words))));
}

/** Of a kit that was recalled, while capsules go on from another: said until it is back. */
function notes({ notes: found = [] }) {
  return found.length ? el("section", { class: "part" }, found.map((words) => el("p", {}, callable(words)))) : null;
}

/** What came in the last two days and does not count: nobody is left to think that it does. */
function setAside(app) {
  const recent = app.records.filter((record) => record.evening && aside(record) && app.now() - record.made_ms < SAID_MS);
  return recent.map((record) => el("p", {}, say(record.corrects ? "aside.change" : "aside", { date: sayDate(app.dateOf(record.day)) })));
}

function evenings(app) {
  const { schedule } = app;
  const { marks, waiting } = rule(schedule, app.records, app.now(), app.zone);
  if (!marks.length) return null;
  const count = (mark) => marks.filter((one) => one === mark).length;
  const label = say("rule", { n: marks.length, in: count("in") + count("late"), late: count("late"), missed: count("missed") });
  const still = waiting ? el("p", { class: "quiet" }, say("rule.waiting", { n: waiting })) : null;
  return el("section", { class: "sec" }, el("h2", {}, say("rule.heading")), dayRule(marks, label), el("p", {}, schedule.enough.words), still);
}

function done(app, now) {
  const days = [now.day, now.day - 1, now.day + 1];
  const open = days.map((day) => standing(app.records, day)).find((record) => record && correctable(app.schedule, record, app.now(), app.zone, app.records));
  return open ? el("p", {}, link(say("change.link", { date: sayDate(app.dateOf(open.day)) }), `#/change/${open.day}`)) : null;
}

/** Evenings that were begun and are over. */
function unfinished(app, now) {
  const over = app.drafts.filter((one) => one.slot.startsWith("e") && !(one.day === now.day && now.state !== "closed"));
  return over.map((one) => el("p", {}, link(say("over.link", { date: sayDate(one.date) }), `#/e/${one.day}`)));
}

function more(app) {
  const over = ["left", "stopped"].includes(app.schedule.stage);
  const ways = [
    over ? null : ["new-medicine", "#/medicine"],
    ["card", "#/card"],
    over ? null : ["reminder", "#/reminder"],
    ["install", "#/install"],
    ["lock", "#/lock"],
    ["data", "#/data"],
    over ? null : ["leave", "#/leave"],
    ["forget", "#/forget"],
  ];
  const items = ways.filter(Boolean).map(([key, to]) => el("li", {}, link(say(key), to)));
  return el("section", { class: "sec" }, el("h2", {}, say("more.heading")), el("ul", { class: "ways" }, items));
}

/** The page after an evening: where it is by now. */
export function ending(app, day) {
  const record = standing(app.records, day);
  if (!record) return home(app);
  const entry = JSON.parse(record.text);
  const change = correctable(app.schedule, record, app.now(), app.zone, app.records) ? el("p", {}, link(say("change"), `#/change/${day}`)) : null;
  const nodes = [
    flagged(app.schedule, entry.side_effects),
    ticks(app, record),
    setAside(app),
    halted(app.schedule),
    evenings(app),
    el("p", { class: "quiet small" }, `${nextWords(app)} ${say("close")}`),
    change,
    el("p", {}, link(say("home"), "#/")),
  ];
  return { top: sayDate(app.dateOf(day)), heading: say("ending"), nodes, live: true };
}

/** One mark once it is on the phone's disk, two once the clinic has signed for it. */
export function ticks(app, record) {
  const row = (mark, label, time) => el("li", {}, mark, el("span", {}, label), el("span", { class: "num" }, time));
  const here = row(tick(), say("on-phone"), sayTime(record.made_ms, app.zone));
  if (record.receipt) {
    const number = el("span", { class: "small quiet" }, ` ${say("receipt", { number: record.receipt.sequence })}`);
    const time = sayTime(Date.parse(record.receipt.received_at), app.zone);
    return el("div", { role: "status" }, el("ul", { class: "ticks" }, here, el("li", {}, twoTicks(), el("span", {}, say("at-clinic"), number), el("span", { class: "num" }, time))));
  }
  const others = app.unsent > 1 ? say("waits.count", { n: app.unsent }) : "";
  const there = el("li", { class: "quiet" }, clock(), el("span", {}, say(app.sync.busy ? "sending" : "waits")), el("span", {}, others));
  return el("div", { role: "status" }, el("ul", { class: "ticks" }, here, there));
}
