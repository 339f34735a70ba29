// A PIN or the phone's own check before the diary is shown. It keeps others from looking, not a thief who takes the
// phone apart: nothing is encrypted by it, and it never deletes anything.

import { bytes, fromBase64, hex, toBase64 } from "./canonical.js";

const ITERATIONS = 310_000; // of PBKDF2 with SHA-256; about half a second on a phone
const FREE_TRIES = 5;
const PAUSE_MS = 30_000;
export const AWAY_MS = 120_000; // as long may the page be out of sight before it asks again

const random = (length) => crypto.getRandomValues(new Uint8Array(length));

async function derived(pin, salt, iterations) {
  const key = await crypto.subtle.importKey("raw", bytes(pin.normalize("NFKC")), "PBKDF2", false, ["deriveBits"]);
  return hex(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: fromBase64(salt), iterations }, key, 256));
}

/** What is kept of a PIN. */
export async function made(pin) {
  const salt = toBase64(random(16));
  return { salt, iterations: ITERATIONS, hash: await derived(pin, salt, ITERATIONS), tries: 0, last_ms: 0, passkey: null };
}

/** How long to wait before the next try, in milliseconds: nothing at first, then longer and longer. */
export function pause(lock, ms) {
  if (lock.tries < FREE_TRIES) return 0;
  const wait = PAUSE_MS * 2 ** Math.min(lock.tries - FREE_TRIES, 6);
  return Math.min(wait, Math.max(0, lock.last_ms + wait - ms));
}

/** Try a PIN: the lock as it is afterwards, and whether it opens. */
export async function tried(lock, pin, ms) {
  const open = (await derived(pin, lock.salt, lock.iterations)) === lock.hash;
  return { open, lock: { ...lock, tries: open ? 0 : lock.tries + 1, last_ms: ms } };
}

/** Whether this phone can ask for a finger, a face or its own PIN. */
export async function hasPasskeys() {
  try {
    return Boolean(await globalThis.PublicKeyCredential?.isUserVerifyingPlatformAuthenticatorAvailable());
  } catch {
    return false;
  }
}

/** Make a passkey that stays on this phone; its id, or null where the person turned away. */
export async function makePasskey(name) {
  const publicKey = {
    challenge: random(32),
    rp: { name: "Modicum" },
    user: { id: random(16), name, displayName: name },
    pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }],
    authenticatorSelection: { authenticatorAttachment: "platform", userVerification: "required", residentKey: "discouraged" },
    timeout: 60_000,
  };
  try {
    return toBase64((await navigator.credentials.create({ publicKey })).rawId);
  } catch {
    return null;
  }
}

/** Ask the phone whether it is its owner. */
export async function unlockByPasskey(id) {
  const allowCredentials = [{ type: "public-key", id: fromBase64(id), transports: ["internal"] }];
  try {
    return Boolean(await navigator.credentials.get({ publicKey: { challenge: random(32), allowCredentials, userVerification: "required", timeout: 60_000 } }));
  } catch {
    return false;
  }
}
