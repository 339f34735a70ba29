// One form of a JSON document (RFC 8785), its hash, and ids that sort by time.

const encoder = new TextEncoder();

/** The document with its keys in order and nothing between them: what is hashed, here and at the clinic. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object") {
    const members = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${members.join(",")}}`;
  }
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("not a number of JSON");
  return JSON.stringify(value);
}

/** Text without halves of characters, which no two programs write alike. */
export function whole(text) {
  return text.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF]/g, (found) => (found.length === 2 ? found : "\uFFFD"));
}

export const bytes = (text) => encoder.encode(text);

export const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export const toBase64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

export const sha256 = async (text) => hex(await crypto.subtle.digest("SHA-256", bytes(text)));

/** A UUIDv7: the time in milliseconds, then chance. */
export function uuid7(milliseconds) {
  const drawn = crypto.getRandomValues(new Uint8Array(10));
  const digits = Math.max(0, Math.floor(milliseconds)).toString(16).padStart(12, "0").slice(-12) + hex(drawn);
  const variant = ((parseInt(digits[16], 16) & 3) | 8).toString(16);
  return [digits.slice(0, 8), digits.slice(8, 12), `7${digits.slice(13, 16)}`, variant + digits.slice(17, 20), digits.slice(20)].join("-");
}
