// The app: what is known, which page is shown, and what happens when either changes.

import { review } from "./changing.js";
import * as doors from "./doors.js";
import { begun, hand, keyOf, reopened, saidIn } from "./draft.js";
import { el, link, virtualTag } from "./elements.js";
import { trueTime } from "./evenings.js";
import { ending, home, ticks } from "./home.js";
import { AWAY_MS } from "./lock.js";
import { open } from "./outbox.js";
import * as pages from "./pages.js";
import { question } from "./questions.js";
import { canVerify } from "./receipts.js";
import { correctable, dateOf, planOf, situation, standing } from "./schedule.js";
import { Sync } from "./sync.js";
import { language, say, speak } from "./words.js";

const WATCH_MS = 20_000; // how often it is looked whether an evening has opened or closed
const RETURN_MS = 30 * 60_000; // away longer than this, a person comes back to what is to be done now
const place = (id) => document.getElementById(id);
const resting = () => /^(#new|#\/(done\/.*)?)?$/.test(location.hash); // no page on which something is being written
const others = new BroadcastChannel("modicum-diary");

class App {
  zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  schedule = null;
  records = [];
  drafts = [];
  advice = [];
  lock = null;
  locked = false;
  unsent = 0;
  unfit = null;
  enrolling = false;
  shown = "";
  installing = null; // how the browser offers to put the diary on the home screen, once it does

  async start() {
    addEventListener("beforeinstallprompt", (event) => this.offerInstall(event));
    addEventListener("appinstalled", () => this.offerInstall(null));
    await speak(navigator.language);
    place("help").textContent = say("help");
    try {
      if (!globalThis.isSecureContext || !globalThis.crypto?.subtle || !navigator.locks) throw new Error("old");
      const [verifies, outbox] = await Promise.all([canVerify(), open()]);
      if (!verifies) throw new Error("old");
      this.outbox = outbox;
      if (!(await outbox.kept("schedule"))) await outbox.probe(); // before the first question of this phone
    } catch (error) {
      this.unfit = error.message === "old" ? "old" : error.name === "QuotaExceededError" ? "full" : "private";
      return this.show();
    }
    this.sync = new Sync(this.outbox, () => this.refresh(), this.zone);
    await this.load();
    this.locked = Boolean(this.lock);
    this.listen();
    if (!location.hash || location.hash === "#new") this.toWhatIsDue();
    await this.show();
    this.sync.start();
    this.keepStorage();
    if (navigator.serviceWorker) this.serve();
  }

  listen() {
    let hidden = Date.now();
    addEventListener("hashchange", () => this.show());
    others.onmessage = () => this.refresh();
    setInterval(() => this.refresh(), WATCH_MS);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") hidden = Date.now();
      else this.comeBack(Date.now() - hidden);
    });
  }

  comeBack(awayMs) {
    if (this.lock && awayMs > AWAY_MS) this.locked = true;
    const before = location.hash;
    if (awayMs > RETURN_MS && resting()) this.toWhatIsDue();
    if (location.hash === before) this.refresh(true);
    else this.show();
  }

  /** An evening that is open and not done comes first, at the question where it was left. */
  toWhatIsDue() {
    if (!this.schedule || !["diary", "maintenance"].includes(this.schedule.stage)) return;
    const now = this.situation();
    if (now.state !== "open" || !this.installSeen) return;
    history.replaceState(null, "", `#/e/${now.day}`);
  }

  /** Everything that pages are made from, as it is on the disk. */
  async load() {
    const { outbox } = this;
    const [schedule, clock, lock, advice, install] = await Promise.all(["schedule", "clock", "lock", "advice", "install-seen"].map(outbox.kept));
    const [waiting, sent, drafts] = await Promise.all([outbox.unsent(), outbox.sent(), outbox.keptUnder("draft/")]);
    const spoken = this.schedule?.language;
    Object.assign(this, { schedule: schedule || null, clock, lock: lock || null, advice: advice || [], installSeen: Boolean(install) });
    this.records = [...sent, ...waiting].filter((record) => !schedule || record.trial === schedule.trial);
    if (schedule && this.records.some((record) => record.leaves)) this.schedule = { ...schedule, stage: "left" }; // the clinic may not know yet
    this.unsent = waiting.length;
    this.drafts = drafts.map(([, draft]) => draft);
    if (schedule && schedule.language !== spoken && !schedule.language.startsWith(language)) {
      await speak(schedule.language);
      place("help").textContent = say("help");
    }
  }

  now = () => trueTime(Date.now(), this.clock);

  situation = () => situation(this.schedule, this.records, this.now(), this.zone);

  dateOf = (day) => dateOf(this.schedule, day);

  ticks = (record) => ticks(this, record);

  go(hash) {
    if (location.hash === hash) this.show();
    else location.hash = hash;
  }

  /** Read the disk again; pages that show what may change are drawn anew, a question that is being answered is not. */
  async refresh(whole = false) {
    if (this.unfit) return;
    const before = Boolean(this.schedule);
    const was = this.locked;
    await this.load();
    if (!before && this.schedule) {
      this.keepStorage();
      this.enrolling = !this.installSeen;
      if (this.enrolling) return this.go("#/install");
      this.toWhatIsDue();
      return this.show();
    }
    if (whole === true && (this.locked || was)) return this.show();
    const page = this.page();
    if (page.live) this.draw(page, false);
    this.drawLine();
  }

  async unlock() {
    this.locked = false;
    this.toWhatIsDue();
    await this.show();
  }

  /** Something could not be written: said at once, and nothing is called saved. */
  refuse(error) {
    console.warn(error.name);
    this.draw({ heading: say("refused"), nodes: [el("p", {}, say("refused.text")), el("p", {}, link(say("unsent.link"), "#/unsent"))] }, true);
  }

  forgotten() {
    Object.assign(this, { schedule: null, records: [], drafts: [], advice: [], lock: null, locked: false, unsent: 0, wasForgotten: true });
    others.postMessage("forgotten");
    history.replaceState(null, "", "#/");
    this.sync.flush();
    return this.show();
  }

  async readAdvice(id) {
    this.advice = this.advice.map((one) => (one.entry === id ? { ...one, read: true } : one));
    await this.outbox.keep("advice", this.advice);
    this.drawLine();
  }

  /** The page that the address means, if it may be shown. */
  page() {
    const [, name = "", ...rest] = location.hash.split("/");
    if (this.unfit) return doors.unfit(this);
    if (name === "help") return pages.help(this);
    if (name === "card" && this.schedule) return pages.card(this);
    if (this.locked && !(name === "forget" && !this.unsent)) return doors.locked(this);
    if (!this.schedule) return doors.join(this);
    if (name === "e") return this.evening(Number(rest[0]), rest[1]);
    if (name === "c" || name === "change") return this.change(Number(rest[0]), rest[1]);
    if (name === "note") return this.notePage(rest[0]);
    if (name === "done") return ending(this, Number(rest[0]));
    if (name === "medicine") return rest[0] ? pages.medicineAdvice(this, rest[0]) : pages.medicine(this);
    if (name === "lock") return doors.lockSettings(this);
    if (name === "install") this.seeInstall();
    const plain = { unsent: pages.unsent, data: pages.data, reminder: pages.reminder, install: pages.install, leave: pages.leave, left: pages.left, forget: pages.forget };
    return (plain[name] || home)(this);
  }

  /** A question of an evening that may be filled in; otherwise the page that says why not. */
  evening(day, number) {
    const now = this.situation();
    const kept = this.drafts.find((one) => one.slot === `e${day}`);
    const current = now.day === day && (now.state === "open" || now.state === "late") && ["diary", "maintenance"].includes(this.schedule.stage);
    if (!current) return kept && now.state !== "done" ? pages.over(this, kept) : standing(this.records, day) ? ending(this, day) : home(this);
    const draft = kept ? { ...kept, late: now.late } : begun(this.schedule, now);
    const index = number ? Math.min(Math.max(Number(number) - 1, 0), draft.asked.length - 1) : Math.max(0, draft.asked.indexOf(draft.at));
    const isLast = () => index === draft.asked.length - 1 || (draft.asked[index] === "guess" && draft.guess === null); // no guess, no reason
    const move = async (to) => {
      if (draft.at !== draft.asked[to]) await this.keepDraft(Object.assign(draft, { at: draft.asked[to] }));
      this.go(`#/e/${day}/${to + 1}`);
    };
    return question(this, draft, draft.asked[index], {
      keepDraft: (one) => this.keepDraft(one),
      forward: () => (isLast() ? this.handIn(draft) : move(index + 1)),
      back: () => (index ? move(index - 1) : this.go("#/")),
      last: isLast(),
    });
  }

  /** Keep a draft, and know it at once. */
  async keepDraft(draft) {
    try {
      await this.outbox.keepDraft(keyOf(draft.slot), draft);
    } catch (error) {
      this.refuse(error);
      throw error;
    }
    this.drafts = [...this.drafts.filter((one) => one.slot !== draft.slot), structuredClone(draft)];
    others.postMessage("draft");
  }

  async handIn(draft) {
    const now = this.situation();
    const message = this.records.filter((one) => !one.evening && one.day === draft.day).at(-1);
    try {
      const local = { evening: true, late: now.late };
      await hand(this, saidIn(draft, this.schedule), { day: draft.day, about: now.about, corrects: message?.id ?? null, draftKey: keyOf(draft.slot), local });
    } catch (error) {
      return this.refuse(error);
    }
    await this.load();
    this.go(`#/done/${draft.day}`);
    others.postMessage("entry");
    return this.sync.flush();
  }

  /** A correction: the list of what was said, or one of its questions. */
  change(day, number) {
    const record = standing(this.records, day);
    if (!record || !correctable(this.schedule, record, this.now(), this.zone, this.records)) return home(this);
    const kept = this.drafts.find((one) => one.slot === `c${day}` && one.corrects === record.id);
    const draft = kept || reopened(this.schedule, planOf(this.schedule, day), record, this.dateOf(day));
    if (!number) return review(this, draft);
    const back = () => this.go(`#/change/${day}`);
    const key = draft.asked[Math.min(Math.max(Number(number) - 1, 0), draft.asked.length - 1)];
    return question(this, draft, key, { keepDraft: (one) => this.keepDraft(one), forward: back, back, last: false });
  }

  notePage(slot) {
    const day = Number(slot?.slice(1));
    const now = this.situation();
    const record = standing(this.records, day);
    const fresh = slot?.startsWith("c") && record ? reopened(this.schedule, planOf(this.schedule, day), record, this.dateOf(day)) : now.plan && now.day === day ? begun(this.schedule, now) : null;
    const draft = this.drafts.find((one) => one.slot === slot) || fresh;
    if (!draft) return home(this);
    return pages.note(this, draft, (one) => this.keepDraft(one), () => this.go(slot.startsWith("c") ? `#/change/${day}` : `#/e/${day}`));
  }

  seeInstall() {
    if (this.installSeen) return;
    this.installSeen = true;
    this.outbox.keep("install-seen", true);
  }

  offerInstall(event) {
    event?.preventDefault(); // asked for by a button, and not before a person wants it
    this.installing = event;
    if (location.hash === "#/install") this.show();
  }

  /** An offer can be taken once; a browser that was told no makes another. */
  install() {
    const offer = this.installing;
    this.offerInstall(null);
    return offer.prompt();
  }

  async show() {
    if (location.hash === "#/") this.enrolling = false;
    this.draw(this.page(), true);
    this.drawLine();
  }

  /** Put a page on the screen. A new one takes the focus to its heading, so that it is read out. */
  draw(page, arrived) {
    const heading = el("h1", { id: "q", tabindex: "-1" }, page.heading);
    const tag = this.schedule?.virtual ? virtualTag(say("virtual")) : null;
    const steps = page.steps ? el("div", { class: "steps", "aria-hidden": "true" }, Array.from({ length: page.steps[1] }, (_, index) => el("i", { class: index < page.steps[0] ? "on" : "" }))) : null;
    const foot = page.saved ? el("div", { class: "foot-line" }, page.saved, tag) : tag ? el("p", { class: "tag-line" }, tag) : null;
    const made = el("div", { id: "screen", class: page.nav ? "screen" : "screen end stack" }, steps, heading, page.nodes, foot, page.nav);
    const before = place("screen");
    if (!arrived && before.outerHTML === made.outerHTML) return;
    const focused = before.contains(document.activeElement) ? document.activeElement : null;
    place("top").textContent = page.top || "";
    before.replaceWith(made);
    document.title = `${page.heading} - Modicum`;
    if (arrived && this.shown !== "") {
      scrollTo(0, 0);
      heading.focus({ preventScroll: true });
    } else if (focused) this.refocus(made, focused);
    this.shown = location.hash || "#/";
  }

  refocus(made, focused) {
    const same = [...made.querySelectorAll(focused.tagName)].find((one) => one.textContent === focused.textContent && one.id === focused.id);
    (same || made.querySelector("h1")).focus({ preventScroll: true });
  }

  /** The line under the top: offline, how much waits, and advice that was not read. */
  drawLine() {
    const unread = this.advice.find((one) => !one.read && !location.hash.endsWith(one.entry));
    const text = this.locked || !this.schedule ? this.unsentWords() : this.unsentWords() || "";
    const parts = [unread && !this.locked ? link(say("line.advice", { medicine: unread.medicine }), `#/medicine/${unread.entry}`, unread.stop ? { class: "alarm" } : {}) : null, text && !this.locked ? link(text, "#/unsent", { class: "quiet" }) : text].filter(Boolean);
    const key = parts.map((part) => part.textContent ?? part).join("|");
    if (place("line").dataset.said === key) return;
    place("line").dataset.said = key;
    place("line").replaceChildren(...parts);
  }

  unsentWords() {
    const n = this.unsent;
    const kind = this.sync?.trouble?.kind;
    if (!navigator.onLine || kind === "unreachable") return n ? say("line.offline", { n }) : this.schedule ? say("line.offline-none") : "";
    if (!n) return "";
    return kind ? `${say("line.waits", { n })} ${say("line.why")}` : "";
  }

  /** Ask the browser not to throw away what waits here. */
  async keepStorage() {
    this.persisted = Boolean(await navigator.storage?.persisted?.());
    if (!this.persisted && this.schedule) this.persisted = Boolean(await navigator.storage?.persist?.());
  }

  /** The service worker; a newer one takes over while nobody is answering. */
  async serve() {
    const registration = await navigator.serviceWorker.register("/diary/sw.js", { scope: "/diary/" }).catch(() => null);
    if (!registration) return;
    const had = Boolean(navigator.serviceWorker.controller);
    navigator.serviceWorker.addEventListener("controllerchange", () => had && resting() && location.reload());
    const offer = () => registration.waiting && resting() && registration.waiting.postMessage("take over");
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
    addEventListener("hashchange", offer);
    offer();
  }
}

new App().start();
