// Everything that is shown, in the person's language. English stands in for what another language lacks.

const LANGUAGES = ["en", "de"];
let words = {};
let plural = new Intl.PluralRules("en");
export let language = "en";

/** Load a language: the nearest that is there. */
export async function speak(wanted) {
  const found = LANGUAGES.find((one) => (wanted || "").toLowerCase().startsWith(one)) || "en";
  const load = async (name) => (await fetch(new URL(`words/${name}.json`, import.meta.url))).json();
  const [english, own] = await Promise.all([load("en"), found === "en" ? {} : load(found)]);
  words = { ...english, ...own };
  plural = new Intl.PluralRules(found);
  language = found;
  document.documentElement.lang = found;
}

/** A sentence, with its places filled; `n` also chooses between one and many. */
export function say(key, values = {}) {
  const text = words["n" in values ? `${key}.${plural.select(values.n)}` : key] ?? words[`${key}.other`] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** What stands in the way of handing in, in words that say what to do. */
export const sayTrouble = (kind, values) => say(`trouble.${kind}` in words ? `trouble.${kind}` : "trouble.any", values);

/** A date as a person says it: "Monday 27 July". */
export function sayDate(date) {
  const shape = { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" };
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, shape).format(Date.parse(date)).replace(",", language === "en" ? "" : ",");
}

/** Hours and minutes of a moment, in a zone. */
export const sayTime = (ms, zone) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(ms);
