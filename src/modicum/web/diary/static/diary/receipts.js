// Whether a receipt is the clinic's, and is for this very entry.

import { bytes, fromBase64 } from "./canonical.js";

/** The clinic's public key, as the browser wants it. */
export const importKey = (base64) => crypto.subtle.importKey("raw", fromBase64(base64), { name: "Ed25519" }, false, ["verify"]);

/** Whether this browser can check signatures at all. */
export async function canVerify() {
  try {
    await importKey(btoa("\x58".padEnd(32, "\x66"))); // the base point of the curve: a key like any other
    return true;
  } catch {
    return false;
  }
}

/**
 * The receipt in a signed envelope, or null: for a wrong signature, another trial, another form.
 *
 * The signature is over the very characters of the payload.
 */
export async function opened(envelope, key, trial) {
  try {
    const good = await crypto.subtle.verify("Ed25519", key, fromBase64(envelope.signature), bytes(envelope.payload));
    if (!good) return null;
    const receipt = JSON.parse(envelope.payload);
    const whole = receipt.schema === "modicum.receipt/1" && receipt.trial === trial && Number.isInteger(receipt.sequence);
    return whole ? receipt : null;
  } catch {
    return null;
  }
}

/** Whether a receipt is for a record of the outbox: the same id, and the same content. */
export const covers = (receipt, record) => receipt.id === record.id && receipt.content_sha256 === record.sha256;
