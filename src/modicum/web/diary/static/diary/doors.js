// Pages before the diary: not joined, locked, or a browser that cannot keep anything.

import { button, el, link, paragraphs } from "./elements.js";
import { hasPasskeys, made, makePasskey, pause, tried, unlockByPasskey } from "./lock.js";
import { say, sayTrouble } from "./words.js";

const SHORTEST_PIN = 4;
const NOT_BEGUN = "MOD-WEB-06";

/** A phone that no diary belongs to: the link can be pasted, as an app on the home screen has no address line. */
export function join(app) {
  const { trouble, busy } = app.sync;
  if (!trouble || busy) return { heading: say("loading"), nodes: [el("p", { class: "quiet" }, say("loading.text"))], live: true };
  if (trouble.kind !== "401") {
    const words = trouble.detail === NOT_BEGUN ? say("not-begun") : sayTrouble(trouble.kind, { ring: say("your-clinic") });
    return { heading: say("loading.failed"), nodes: [el("p", {}, words), button(say("unsent.now"), () => app.sync.flush())], live: true };
  }
  const box = el("input", { class: "in", id: "link", type: "url", inputmode: "url", autocomplete: "off" });
  const problem = el("p", { class: "alarm problem", role: "alert" });
  const open = () => {
    const path = joinPath(box.value);
    if (path) location.assign(path);
    else {
      problem.textContent = say("problem.link");
      box.focus();
    }
  };
  return {
    heading: say(app.wasForgotten ? "forgotten" : "join"),
    nodes: [el("p", {}, say("join.text")), el("label", { class: "over", for: "link" }, say("join.label")), box, problem, el("div", { class: "acts" }, button(say("join.open"), open))],
    live: true,
  };
}

/** The path of an invitation of this very clinic, or null. */
export function joinPath(text) {
  try {
    const url = new URL(text.trim(), location.origin);
    return url.origin === location.origin && url.pathname.startsWith("/join/") ? url.pathname : null;
  } catch {
    return null;
  }
}

/** A browser in which nothing can be kept says so before the first question. */
export function unfit(app) {
  const way = say(`unfit.${app.unfit}`);
  return { heading: say("unfit"), nodes: paragraphs([say("unfit.text"), way, say("unfit.paper")]) };
}

/** The PIN before the diary. What is typed wrongly deletes nothing. */
export function locked(app) {
  const box = pinBox("pin", "current-password");
  const problem = el("p", { class: "alarm problem", role: "alert" });
  const open = async () => {
    const wait = pause(app.lock, Date.now());
    if (wait) {
      problem.textContent = say("lock.wait", { seconds: Math.ceil(wait / 1000) });
      return;
    }
    const { open: opens, lock } = await tried(app.lock, box.value, Date.now());
    await app.outbox.keep("lock", lock);
    app.lock = lock;
    if (opens) return app.unlock();
    problem.textContent = say("lock.wrong");
    box.value = "";
    box.focus();
  };
  const byPasskey = async () => ((await unlockByPasskey(app.lock.passkey)) ? app.unlock() : (problem.textContent = say("lock.not-known")));
  const form = el("form", { class: "stack", on: { submit: (event) => (event.preventDefault(), open()) } }, el("label", { class: "over", for: "pin" }, say("lock.pin")), box, problem, el("button", { class: "btn", type: "submit" }, say("lock.open")));
  const passkey = app.lock.passkey ? button(say("lock.passkey"), byPasskey, "two") : null;
  return { heading: say("lock.heading"), nodes: [form, passkey, el("ul", { class: "ways" }, el("li", {}, link(say("card"), "#/card"))), el("details", {}, el("summary", {}, say("lock.forgotten")), paragraphs([say("lock.forgotten.text")]), app.unsent ? el("p", {}, say("line.waits", { n: app.unsent })) : link(say("forget"), "#/forget"))] };
}

const pinBox = (id, autocomplete) => el("input", { class: "in time", id, type: "password", inputmode: "numeric", autocomplete });

/** Setting, changing and taking off the PIN. */
export function lockSettings(app) {
  const box = pinBox("new-pin", "new-password");
  const problem = el("p", { class: "alarm problem", role: "alert" });
  const passkeyPlace = el("div", {});
  const keep = async (lock) => {
    await (lock ? app.outbox.keep("lock", lock) : app.outbox.drop("lock"));
    app.lock = lock;
    app.show();
  };
  const set = async () => {
    if (box.value.length < SHORTEST_PIN) {
      problem.textContent = say("problem.pin", { least: SHORTEST_PIN });
      box.focus();
      return;
    }
    await keep(await made(box.value));
  };
  const addPasskey = async () => {
    const passkey = await makePasskey(say("lock.passkey.name"));
    if (passkey) await keep({ ...app.lock, passkey });
    else problem.textContent = say("lock.not-known");
  };
  if (app.lock && !app.lock.passkey) hasPasskeys().then((there) => there && passkeyPlace.replaceChildren(button(say("lock.passkey.add"), addPasskey, "two")));
  const form = el("form", { class: "stack", on: { submit: (event) => (event.preventDefault(), set()) } }, el("label", { class: "over", for: "new-pin" }, say(app.lock ? "lock.change" : "lock.new")), box, problem, el("button", { class: "btn", type: "submit" }, say("lock.set")));
  const off = app.lock ? button(say("lock.off"), () => keep(null), "two") : null;
  const onward = app.enrolling ? el("p", {}, link(say(app.lock ? "go" : "lock.without"), "#/", { class: "btn two" })) : el("p", {}, link(say("home"), "#/"));
  const state = el("p", { role: "status" }, say(app.lock ? (app.lock.passkey ? "lock.is-on-passkey" : "lock.is-on") : "lock.is-off"));
  return { heading: say("lock.settings"), nodes: [state, el("p", {}, say("lock.honest")), form, passkeyPlace, off, onward] };
}
