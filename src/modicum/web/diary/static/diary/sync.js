// Handing in. The queue shrinks for a receipt that was verified, and for nothing else that the network says.

import { covers, importKey, opened } from "./receipts.js";
import { learnOffset, stamp } from "./evenings.js";
import { usable } from "./schedule.js";

export const BATCH = 50;
const TIMEOUT_MS = 20_000;
const FIRST_WAIT_MS = 4_000;
const LONGEST_WAIT_MS = 30 * 60_000;
const OF_ONE_ENTRY = new Set([400, 409, 413, 422]); // may be the fault of one entry: the others are tried without it

/** What stands in the way of handing in: a word for the page, and when to try again. */
export class Trouble extends Error {
  constructor(kind, { retryAfter = null, detail = "" } = {}) {
    super(kind);
    Object.assign(this, { kind, retryAfter, detail });
  }
}

const seconds = (response) => {
  const said = Number(response.headers.get("Retry-After"));
  return Number.isFinite(said) && said > 0 ? said : null;
};

/** Ask the clinic, and give its JSON back; anything else is a trouble. */
async function ask(path, options = {}) {
  let response, text;
  const sent = Date.now();
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    response = await fetch(path, { cache: "no-store", redirect: "error", credentials: "same-origin", signal, ...options });
    text = response.status === 304 ? "" : await response.text();
  } catch {
    throw new Trouble("unreachable");
  }
  if (response.status === 304) return { response, document: null, sent, received: Date.now() };
  let document;
  try {
    document = JSON.parse(text);
  } catch {
    throw new Trouble(response.ok ? "portal" : String(response.status), { retryAfter: seconds(response) });
  }
  if (!response.ok) {
    throw new Trouble(String(response.status), { retryAfter: seconds(response), detail: document?.problems?.[0]?.code || "" });
  }
  return { response, document, sent, received: Date.now() };
}

const headers = { "X-Modicum": "1", "Content-Type": "application/json" };

export class Sync {
  /** `changed` is called after whatever may have changed what is shown. */
  constructor(outbox, changed, zone) {
    Object.assign(this, { outbox, changed, zone, trouble: null, busy: false, again: false, failures: 0, timer: 0, nextMs: null });
  }

  /** Flush on opening, when the network is back, when the page is seen, and by the timer. */
  start() {
    addEventListener("online", () => this.flush());
    addEventListener("offline", () => this.changed());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.flush());
    return this.flush();
  }

  /** One go, by one tab at a time. */
  async flush() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    this.again = false;
    this.changed();
    try {
      await navigator.locks.request("modicum-sync", async () => {
        await this.fetchSchedule();
        if (await this.handIn()) await this.fetchSchedule();
        this.trouble = null;
        this.failures = 0;
      });
    } catch (error) {
      if (!(error instanceof Trouble)) console.error(error);
      this.trouble = error instanceof Trouble ? error : new Trouble("phone");
      this.failures += 1;
    } finally {
      this.busy = false;
      this.plan();
      this.changed();
      if (this.again && (!this.trouble || this.trouble.kind === "unreachable")) await this.flush();
    }
  }

  /** When to try again: later after each failure, and never all phones at once. */
  plan() {
    clearTimeout(this.timer);
    const told = this.trouble?.retryAfter ? this.trouble.retryAfter * 1000 : 0;
    const grown = this.failures ? Math.min(FIRST_WAIT_MS * 2 ** (this.failures - 1), LONGEST_WAIT_MS) : LONGEST_WAIT_MS;
    const wait = Math.max(told, grown * (0.5 + Math.random()));
    this.nextMs = Date.now() + wait;
    this.timer = setTimeout(() => this.flush(), wait);
  }

  async learn(document, sent, received) {
    const offset_ms = learnOffset(document.server_time, sent, received);
    await this.outbox.keep("clock", { offset_ms, learned_ms: received });
  }

  /** The newest schedule. The key of the first one is kept: only by it is a receipt believed. */
  async fetchSchedule() {
    const kept = await this.outbox.kept("schedule");
    const etag = await this.outbox.kept("etag");
    const { response, document, sent, received } = await ask("/api/v1/schedule", { headers: kept && etag ? { ...headers, "If-None-Match": etag } : headers });
    if (!document) return;
    if (!usable(document)) throw new Trouble("portal");
    if (kept && kept.trial !== document.trial) {
      if (await this.outbox.countUnsent()) throw new Trouble("another");
      await this.outbox.forget();
    }
    await this.learn(document, sent, received);
    await this.outbox.keep("schedule", document);
    const pinned = await this.outbox.kept("key");
    if (!pinned) await this.outbox.keep("key", document.key);
    const changed = Boolean(pinned) && pinned.public !== document.key.public;
    const fresh = changed ? null : response.headers.get("ETag"); // a changed key is to be seen again the next time
    await (fresh ? this.outbox.keep("etag", fresh) : this.outbox.drop("etag"));
    if (changed && (await this.outbox.countUnsent())) throw new Trouble("key");
  }

  /** Hand in all that waits, at most fifty at a time; what the clinic cannot take in one piece, in halves. Whether anything was there. */
  async handIn() {
    const schedule = await this.outbox.kept("schedule");
    const pinned = await this.outbox.kept("key");
    const records = (await this.outbox.unsent()).filter((record) => record.trial === schedule.trial);
    if (!records.length) return false;
    let key;
    try {
      key = await importKey(pinned.public);
    } catch {
      throw new Trouble("old-browser");
    }
    const batches = [];
    for (let at = 0; at < records.length; at += BATCH) batches.push(records.slice(at, at + BATCH));
    let refused = null;
    while (batches.length) {
      const batch = batches.shift();
      try {
        await this.post(batch, key, schedule.trial);
      } catch (error) {
        if (!(error instanceof Trouble) || !OF_ONE_ENTRY.has(Number(error.kind))) throw error;
        if (batch.length > 1) batches.unshift(batch.slice(0, batch.length >> 1), batch.slice(batch.length >> 1));
        else refused = error;
      }
    }
    if (refused) {
      await this.askWhatArrived(key, schedule.trial);
      if (await this.outbox.countUnsent()) throw refused;
    }
    return true;
  }

  async post(batch, key, trial) {
    const body = `{"sent_at":${JSON.stringify(stamp(Date.now(), this.zone))},"entries":[${batch.map((record) => record.text).join(",")}]}`;
    const { document, sent, received } = await ask("/api/v1/entries", { method: "POST", headers, body });
    const missing = await this.take(document, batch, key, trial);
    await this.learn(document, sent, received);
    if (missing) throw new Trouble("receipt");
  }

  /** Receipts of entries that came to the clinic on another way, or whose answer was lost. */
  async askWhatArrived(key, trial) {
    const since = (await this.outbox.kept("last-sequence")) || 0;
    const { document } = await ask(`/api/v1/receipts?since=${since}`, { headers });
    await this.take(document, await this.outbox.unsent(), key, trial);
  }

  /** Settle what a signed receipt covers; how many of the batch have none is returned. */
  async take(document, batch, key, trial) {
    if (document?.schema !== "modicum.sync/1" || !Array.isArray(document.receipts)) throw new Trouble("portal");
    const receipts = (await Promise.all(document.receipts.map((envelope) => opened(envelope, key, trial)))).filter(Boolean);
    if (document.advice?.length) await this.keepAdvice(document.advice);
    let missing = 0;
    for (const record of batch) {
      const receipt = receipts.find((one) => covers(one, record));
      if (receipt) await this.outbox.settle(record.id, receipt);
      else missing += 1;
    }
    return missing;
  }

  /** Advice stays until it was read. */
  async keepAdvice(advice) {
    const before = (await this.outbox.kept("advice")) || [];
    const known = new Set(before.map((one) => `${one.entry} ${one.medicine}`));
    const fresh = advice.filter((one) => !known.has(`${one.entry} ${one.medicine}`)).map((one) => ({ ...one, read: false }));
    if (fresh.length) await this.outbox.keep("advice", [...before, ...fresh]);
  }
}
