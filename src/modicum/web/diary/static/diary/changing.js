// Correcting an entry: what was said of this one evening, and each answer open to be said anew.

import { hand, keyOf, saidIn } from "./draft.js";
import { button, el, link } from "./elements.js";
import { heading, itemOf } from "./questions.js";
import { aboutOf } from "./evenings.js";
import { say } from "./words.js";

/** What an answer was, in words. */
function saidWords(app, draft, key) {
  if (key === "took") return draft.took ? say(`took.${draft.took}`) : say("not-said");
  if (key === "guess") return draft.guess === null || draft.guess === undefined ? say("not-said") : say(`guess.${draft.guess}`);
  if (key === "reason") return draft.reason ? say(`reason.${draft.reason}`) : say("not-said");
  if (key === "effects") {
    const label = (name) => app.schedule.side_effects.find((one) => one.name === name)?.label || name;
    const noticed = Object.entries(draft.effects || {}).map(([name, severity]) => `${label(name)}: ${say(`severity.${severity}`)}`);
    return noticed.join("; ") || say("effects.none");
  }
  const item = itemOf(app.schedule, key);
  const value = draft.answers[item.name];
  if (value === null || value === undefined) return say("not-said");
  const label = value === item.low ? item.low_label : value === item.high ? item.high_label : "";
  return item.kind === "binary" && label ? label : `${value} ${label}`.trim();
}

/** The answers of one entry, each with a way to change it. */
export function review(app, draft) {
  const rows = draft.asked.map((key, index) => el("div", {}, el("dt", {}, heading(app, key, draft)), el("dd", {}, saidWords(app, draft, key), " ", link(say("change.this"), `#/c/${draft.day}/${index + 1}`, { "aria-label": `${say("change.this")}: ${heading(app, key, draft)}` }))));
  const note = el("div", {}, el("dt", {}, say("note.heading")), el("dd", {}, draft.note || say("none"), " ", link(say("change.this"), `#/note/${draft.slot}`, { "aria-label": `${say("change.this")}: ${say("note.heading")}` })));
  const send = async () => {
    const about = aboutOf(draft.date, app.now(), app.zone, app.schedule.window);
    if (!about) return app.go("#/");
    try {
      const local = { evening: true, late: draft.late };
      await hand(app, saidIn(draft, app.schedule), { day: draft.day, about, corrects: draft.corrects, draftKey: keyOf(draft.slot), local });
    } catch (error) {
      return app.refuse(error);
    }
    await app.refresh();
    app.sync.flush();
    return app.go(`#/done/${draft.day}`);
  };
  const cancel = async () => {
    await app.outbox.drop(keyOf(draft.slot));
    await app.refresh();
    app.go("#/");
  };
  const acts = el("div", { class: "acts" }, button(say("change.send"), send), button(say("change.cancel"), cancel, "two"));
  return { heading: say("change.heading"), nodes: [el("p", { class: "quiet" }, say("change.text")), el("dl", { class: "facts" }, rows, note), acts] };
}
