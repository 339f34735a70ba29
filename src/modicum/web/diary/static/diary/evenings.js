// Which evening it is. Pure: the time, the zone and the window of the schedule are arguments.

const DAY_MS = 86_400_000;
const TOLERATED_MS = 120_000; // a reply takes seconds; what is more is a clock that is off
const formats = new Map();

function format(zone) {
  if (!formats.has(zone)) {
    const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
    formats.set(zone, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...parts }));
  }
  return formats.get(zone);
}

/** What a clock on the wall shows: date, minutes after midnight, and minutes ahead of UTC. */
export function wall(ms, zone) {
  const part = Object.fromEntries(format(zone).formatToParts(ms).map(({ type, value }) => [type, value]));
  const [year, month, day, hour, minute, second] = ["year", "month", "day", "hour", "minute", "second"].map((name) => Number(part[name]));
  const asIfUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  return { date: dateOf(asIfUtc), minutes: hour * 60 + minute, ahead: Math.round((asIfUtc - Math.floor(ms / 1000) * 1000) / 60_000) };
}

const dateOf = (ms) => new Date(ms).toISOString().slice(0, 10);

export const minutesOf = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

export const moved = (date, days) => dateOf(Date.parse(date) + days * DAY_MS);

/** Days from one date to another; dates have no zone, so no hour is ever missing. */
export const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

/** The date of the diary's day: it lasts until some hours after midnight. */
export function diaryDate(ms, zone, window) {
  const { date, minutes } = wall(ms, zone);
  return minutes < minutesOf(window.day_ends) ? moved(date, -1) : date;
}

/**
 * What may be filled in now.
 *
 * open: the evening of `date`, which is today's. late: yesterday's, until noon. closed: nothing until `opens`.
 */
export function evening(ms, zone, window) {
  const { minutes } = wall(ms, zone);
  const date = diaryDate(ms, zone, window);
  if (minutes < minutesOf(window.day_ends) || minutes >= minutesOf(window.opens)) return { state: "open", date, about: "today" };
  if (minutes < minutesOf(window.late_until)) return { state: "late", date: moved(date, -1), about: "yesterday" };
  return { state: "closed", date, about: "today" };
}

/** How an evening is called now: today, yesterday, or null where it is neither. */
export function aboutOf(date, ms, zone, window) {
  const back = daysBetween(date, diaryDate(ms, zone, window));
  return back === 0 ? "today" : back === 1 ? "yesterday" : null;
}

/** A time as the phone's clock has it, with its offset. */
export function stamp(ms, zone) {
  const { ahead } = wall(ms, zone);
  const sign = ahead < 0 ? "-" : "+";
  const two = (number) => String(number).padStart(2, "0");
  const offset = `${sign}${two(Math.floor(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}`;
  return new Date(ms + ahead * 60_000).toISOString().replace("Z", offset);
}

/** How far the phone's clock is behind the clinic's, in milliseconds; 0 where it is close. */
export function learnOffset(serverTime, sentMs, receivedMs) {
  const offset = Date.parse(serverTime) - (sentMs + receivedMs) / 2;
  return Number.isFinite(offset) && Math.abs(offset) > TOLERATED_MS ? Math.round(offset) : 0;
}

/** The time that windows go by. A clock that went back since it was compared was set right: it is believed. */
export function trueTime(phoneMs, clock) {
  return !clock || phoneMs < clock.learned_ms - TOLERATED_MS ? phoneMs : phoneMs + clock.offset_ms;
}
