// What is on this phone, in IndexedDB. Every change waits until it is on the disk (durability "strict").
//
// outbox: entries without a receipt. sent: entries with one. kept: schedule, drafts, settings, by name.
// An entry leaves the outbox in one place only, `settle`, together with its receipt.

const NAME = "modicum-diary";
const VERSION = 1;
const PROBE_LETTERS = 65_536; // as long as the longest entry may be

/** What is on this phone; a browser that refuses says so by an error. */
export const open = async () => new Outbox(await database());

function database() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      const made = asked.result;
      if (!made.objectStoreNames.contains("outbox")) made.createObjectStore("outbox", { keyPath: "id" });
      if (!made.objectStoreNames.contains("sent")) made.createObjectStore("sent", { keyPath: "id" });
      if (!made.objectStoreNames.contains("kept")) made.createObjectStore("kept");
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close(); // a newer page in another tab may go on
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("blocked"));
  });
}

export class Outbox {
  constructor(database) {
    this.database = database;
  }

  /** Begin a transaction. Safari closes the database of a page that was out of sight: it is then opened again. */
  begin(asked, work) {
    const go = () => new Promise((resolve, reject) => work(this.database.transaction(...asked), resolve, reject));
    return go().catch(async (error) => {
      if (error.name !== "InvalidStateError") throw error;
      this.database = await (this.opening ??= database().finally(() => (this.opening = null)));
      return go();
    });
  }

  /** Write, and return once it is on the disk. `work` gets the stores and returns a request or nothing. */
  write(names, work) {
    return this.begin([names, "readwrite", { durability: "strict" }], (transaction, resolve, reject) => {
      const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
      const answer = work(stores);
      transaction.oncomplete = () => resolve(answer && "result" in answer ? answer.result : undefined);
      transaction.onerror = transaction.onabort = () => reject(transaction.error || new Error("not written"));
    });
  }

  read(name, work) {
    return this.begin([name, "readonly"], (transaction, resolve, reject) => {
      const asked = work(transaction.objectStore(name));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  kept = (key) => this.read("kept", (store) => store.get(key));

  keep = (key, value) => this.write(["kept"], ({ kept }) => void kept.put(value, key));

  drop = (key) => this.write(["kept"], ({ kept }) => void kept.delete(key));

  /** Everything under names that begin alike, such as the drafts. */
  async keptUnder(prefix) {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const [keys, values] = await Promise.all([
      this.read("kept", (store) => store.getAllKeys(range)),
      this.read("kept", (store) => store.getAll(range)),
    ]);
    return keys.map((key, index) => [key, values[index]]);
  }

  unsent = async () => (await this.read("outbox", (store) => store.getAll())).sort((a, b) => a.number - b.number);

  countUnsent = () => this.read("outbox", (store) => store.count());

  sent = () => this.read("sent", (store) => store.getAll());

  /** Keep a draft, unless it was handed in: another tab may have been quicker. */
  keepDraft(key, draft) {
    return this.write(["kept"], ({ kept }) => {
      const done = kept.get(`done/${key}`);
      done.onsuccess = () => {
        if (done.result === undefined || done.result !== draft.id) kept.put(draft, key);
      };
    });
  }

  /** Put an entry into the outbox, count it, and drop its draft for good: all of it, or nothing. */
  hand(record, draftKey) {
    return this.write(["outbox", "kept"], ({ outbox, kept }) => {
      outbox.add(record);
      kept.put(record.number, "number");
      if (!draftKey) return;
      const draft = kept.get(draftKey);
      draft.onsuccess = () => {
        kept.put(draft.result?.id, `done/${draftKey}`);
        kept.delete(draftKey);
      };
    });
  }

  /** The clinic has it: the receipt, which the caller has verified, goes in as the entry goes out of the outbox. */
  settle(id, receipt) {
    return this.write(["outbox", "sent", "kept"], ({ outbox, sent, kept }) => {
      const asked = outbox.get(id);
      asked.onsuccess = () => {
        if (!asked.result) return;
        sent.put({ ...asked.result, receipt });
        outbox.delete(id);
        kept.put(receipt.sequence, "last-sequence");
        if (receipt.day !== asked.result.day) kept.delete(`done/draft/e${asked.result.day}`); // may be written yet
      };
    });
  }

  /** Whether as much as the longest entry can be written and read again; else the browser's error. */
  async probe() {
    const text = "m".repeat(PROBE_LETTERS);
    await this.keep("probe", text);
    if ((await this.kept("probe")) !== text) throw new Error("not kept");
    await this.drop("probe");
  }

  /** Empty this phone. Refused while an entry has no receipt. */
  async forget() {
    if (await this.countUnsent()) throw new Error("unsent");
    await this.write(["outbox", "sent", "kept"], (stores) => {
      const asked = stores.outbox.count();
      asked.onsuccess = () => {
        if (asked.result) return;
        stores.sent.clear();
        stores.kept.clear();
      };
    });
  }
}
