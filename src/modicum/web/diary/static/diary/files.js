// Files that a person can keep: what waits on this phone, and all that it holds.

import { el } from "./elements.js";

/** Everything unsent as one document: whoever at the clinic gets it can hand it in. */
export function rescue(records, drafts, trial, madeAt) {
  const entries = records.map((record) => ({ ...JSON.parse(record.text) }));
  return { schema: "modicum.rescue/1", trial, made_at: madeAt, entries, unfinished: drafts };
}

/** All that this phone holds of the diary. */
export function ownData(sent, unsent, drafts, trial, madeAt) {
  const received = sent.map((record) => ({ entry: JSON.parse(record.text), receipt: record.receipt }));
  const waiting = unsent.map((record) => ({ entry: JSON.parse(record.text), receipt: null }));
  return { schema: "modicum.phone-data/1", trial, made_at: madeAt, entries: [...received, ...waiting], unfinished: drafts };
}

/** Give a document to the person: by the phone's own sheet where there is one, else as a download. */
export const save = (name, document_) => give(new File([JSON.stringify(document_, null, 1)], name, { type: "application/json" }));

/** A file of the clinic. From an iPhone's home screen a link to it leads to a page without a way back. */
export async function fetched(path, name) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(answer.status);
  return give(new File([await answer.blob()], name, { type: answer.headers.get("Content-Type") }));
}

async function give(file) {
  if (matchMedia("(pointer: coarse)").matches && navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file] });
      return;
    } catch (error) {
      if (error.name === "AbortError") return;
    }
  }
  const url = URL.createObjectURL(file);
  const anchor = el("a", { href: url, download: file.name, hidden: true });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
