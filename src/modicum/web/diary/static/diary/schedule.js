// What the clinic asks, and when. Read only: nothing here writes or sends.

import { aboutOf, daysBetween, evening, moved } from "./evenings.js";

const CORRECT_MS = 24 * 3_600_000;
const ASIDE = ["second", "unread", "outside"];
const LONGEST_RULE = 28; // ticks that a phone shows without crowding

/** The plan of a day of the trial; days past the last are guessed at like the last. */
export function planOf(schedule, day) {
  const found = schedule.days.find((one) => one.day === day);
  if (found) return found;
  const last = schedule.days.at(-1);
  return last && day > last.day ? { ...last, day, guess: false } : null;
}

export const dayOf = (schedule, date) => daysBetween(schedule.start_date, date);

export const dateOf = (schedule, day) => moved(schedule.start_date, day);

/** The day that an entry is of: by its receipt, and before that as this phone took it. */
const placed = ({ day, receipt }) => (receipt?.marks?.includes("outside") ? null : receipt?.day ?? day);

/** Days that have an entry, at the clinic or on this phone. */
export function daysIn(schedule, records) {
  const messages = new Set(records.filter((record) => !record.evening).map((record) => record.id)); // a new medicine is no evening
  const days = new Map(schedule.answered.filter((one) => !messages.has(one.id)).map((one) => [one.day, { id: one.id }]));
  for (const record of records) if (record.evening && placed(record) !== null) days.set(placed(record), record);
  return days;
}

/**
 * What a person can do now: answer, answer late, wait, or nothing as it is done.
 *
 * `records` are the entries on this phone, sent or not.
 */
export function situation(schedule, records, ms, zone) {
  const now = evening(ms, zone, schedule.window);
  const day = dayOf(schedule, now.date);
  const plan = planOf(schedule, day);
  const asked = Boolean(plan && plan.asked) && day >= 0;
  if (now.state !== "closed" && asked) {
    const done = daysIn(schedule, records).has(day);
    return { state: done ? "done" : now.state, day, date: now.date, about: now.about, plan, late: now.state === "late" };
  }
  return { state: "closed", day, date: now.date, about: now.about, plan, late: false };
}

/** The date of the next evening that is asked and has not begun; null where none is known. */
export function nextAsked(schedule, ms, zone) {
  const now = evening(ms, zone, schedule.window);
  const begins = now.state === "closed" ? now.date : moved(now.date, 1);
  for (let day = Math.max(0, dayOf(schedule, begins)), tried = 0; tried < 60; day += 1, tried += 1) {
    const plan = planOf(schedule, day);
    if (plan && plan.asked) return dateOf(schedule, day);
  }
  return null;
}

/** Advice for what was noticed, each once: what is said of a side effect by name stands in for what is said of any. */
export function redFlags(schedule, effects) {
  const found = Object.entries(effects).flatMap(([name, severity]) => {
    const reached = schedule.red_flags.filter((flag) => severity >= flag.severity);
    const named = reached.filter((flag) => flag.side_effect === name);
    return named.length ? named : reached.filter((flag) => flag.side_effect === "*");
  });
  const order = new Set([...found.filter((flag) => flag.side_effect !== "*"), ...found]);
  return [...order];
}

/** Whether an entry may still be corrected: within 24 hours of its day's first, today's or yesterday's. */
export function correctable(schedule, record, ms, zone, records) {
  const first = Math.min(...records.filter((one) => one.evening && one.day === record.day).map((one) => one.made_ms));
  if (!record.evening || ms - first > CORRECT_MS) return null;
  return aboutOf(dateOf(schedule, record.day), ms, zone, schedule.window);
}

/** Whether the clinic keeps an entry without counting it; nobody knows before there is a receipt. */
export const aside = ({ receipt }) => Boolean(receipt?.marks?.some((mark) => ASIDE.includes(mark)));

/** The entry of this phone that stands for a day: of those that count and that nothing which counts corrects, the last. */
export function standing(records, day) {
  const counting = records.filter((record) => record.evening && record.day === day && !aside(record));
  const replaced = new Set(counting.map((record) => record.corrects));
  return counting.filter((record) => !replaced.has(record.id)).sort((a, b) => a.number - b.number).at(-1);
}

/** The marks of the day rule: one for each asked day up to the evening that is on, and what is counted. */
export function rule(schedule, records, ms, zone) {
  const inside = daysIn(schedule, records);
  const today = dayOf(schedule, evening(ms, zone, schedule.window).date);
  const asked = schedule.days.filter((one) => one.asked && one.day <= today);
  const late = new Set(records.filter((record) => record.late).map((record) => record.day));
  const marks = asked.slice(-LONGEST_RULE).map(({ day }) => {
    if (inside.has(day)) return late.has(day) ? "late" : "in";
    return day === today ? "open" : "missed";
  });
  const known = new Set(schedule.answered.map((one) => one.day));
  const waiting = new Set(records.filter((record) => record.evening && !record.receipt && !known.has(record.day)).map((record) => record.day));
  return { marks, waiting: waiting.size };
}

/** Whether a document is a schedule that this page can use. */
export function usable(document) {
  return document?.schema === "modicum.schedule/1" && Array.isArray(document.items) && Array.isArray(document.days) && Boolean(document.key?.public);
}
