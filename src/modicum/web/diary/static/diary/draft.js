// An evening that is being filled in, and what becomes of it. Each tap is kept before the page goes on.

import { canonical, sha256, uuid7, whole } from "./canonical.js";
import { stamp } from "./evenings.js";

export const keyOf = (slot) => `draft/${slot}`;

/** The questions of an evening, in order, each by its key. */
export function questionsOf(schedule, plan) {
  const items = schedule.items.map((item) => `item:${item.name}`);
  const effects = schedule.side_effects.length ? ["effects"] : [];
  return [...items, ...(plan.capsule ? ["took"] : []), ...effects, ...(plan.guess ? ["guess", "reason"] : [])];
}

/** An evening of which nothing has been said. */
export function begun(schedule, now) {
  const said = { answers: {}, took: null, effects: null, guess: undefined, reason: "", note: "" };
  const asked = questionsOf(schedule, now.plan);
  const slot = `e${now.day}`; // an evening is handed in once, so that its draft is known by its day
  return { id: slot, slot, trial: schedule.trial, day: now.day, date: now.date, corrects: null, late: now.late, asked, at: asked[0] || "", ...said };
}

/** What an entry of this phone said, to be corrected. */
export function reopened(schedule, plan, record, date) {
  const entry = JSON.parse(record.text);
  const noticed = Object.entries(entry.side_effects).filter(([, severity]) => severity > 0);
  const said = { answers: entry.answers, took: entry.took, effects: Object.fromEntries(noticed) };
  const guessed = { guess: entry.guess, reason: entry.guess_reason, note: entry.note };
  const asked = questionsOf(schedule, plan);
  return { id: uuid7(Date.now()), slot: `c${record.day}`, trial: record.trial, day: record.day, date, corrects: record.id, late: record.late, asked, at: "", ...said, ...guessed };
}

/** Whether a question has its answer; "rather not say" is one. */
export function answered(draft, key) {
  if (key.startsWith("item:")) return key.slice(5) in draft.answers;
  if (key === "took") return draft.took !== null;
  if (key === "effects") return draft.effects !== null && Object.values(draft.effects).every((severity) => severity > 0);
  if (key === "guess") return draft.guess !== undefined;
  return draft.reason !== "" || draft.guess === null;
}

const ENTRY = { schema: "modicum.entry/1", corrects: null, answers: {}, took: null, side_effects: {}, guess: null, guess_reason: "", medications: [], note: "", leaves: false };

/** What a draft says, in the words of the form. */
export function saidIn(draft, schedule) {
  const noticed = draft.effects && Object.fromEntries(schedule.side_effects.map(({ name }) => [name, draft.effects[name] || 0]));
  const guess = { guess: draft.guess ?? null, guess_reason: draft.guess === null || draft.guess === undefined ? "" : draft.reason };
  return { answers: draft.answers, took: draft.took, side_effects: noticed || {}, ...guess, note: whole(draft.note.trim()) };
}

/**
 * Put an entry into the outbox: numbered, hashed, and on the disk when this returns.
 *
 * `local` is what this phone remembers beside it. Tabs take turns, so that no number is given twice; a draft that
 * another tab has handed in is not handed in again, and null is returned.
 */
export function hand(app, said, { day, about, corrects = null, draftKey = null, local = {} }) {
  return navigator.locks.request("modicum-hand", async () => {
    if (draftKey && !(await app.outbox.kept(draftKey))) return null;
    const phone = Date.now(); // the entry says what the phone's clock shows; the clinic sees how far it is off
    const number = ((await app.outbox.kept("number")) || 0) + 1;
    const when = { happened_at: stamp(phone, app.zone), zone: app.zone, number };
    const entry = { ...ENTRY, ...said, id: uuid7(phone), corrects, day, about, ...when };
    const text = canonical(entry);
    const record = { id: entry.id, text, sha256: await sha256(text), number, day, corrects, made_ms: app.now(), trial: app.schedule.trial, evening: false, late: false, ...local };
    await app.outbox.hand(record, draftKey);
    return record;
  });
}
