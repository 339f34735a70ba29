// A page that nobody uses is left before somebody else reads it. It warns first, and one press keeps it.
// The clinic ends an idle log-in by itself too; this takes away what is on the screen. Use of one tab is use of all.
const notice = document.getElementById("idle");
const minutes = Number(notice.dataset.minutes);
const WARNED_MS = 2 * 60 * 1000;
const TOLD_EVERY_MS = 60 * 1000;
const idleMs = minutes * 60 * 1000;
const USED = "modicum.used"; // when any tab was used last
const opened = Date.now();
let told = opened;

const used = () => Math.max(opened, Number(localStorage.getItem(USED)));

function tell() {
  told = Date.now();
  fetch(notice.dataset.here, { method: "HEAD", redirect: "manual" }).catch(() => {});
}

function use() {
  if (Date.now() - used() >= idleMs) return; // too late: the page is about to go
  localStorage.setItem(USED, Date.now());
  notice.hidden = true;
  if (Date.now() - told >= TOLD_EVERY_MS) tell();
}

let left = false;

function look() {
  const idle = Date.now() - used();
  if (left) return;
  left = idle >= idleMs;
  if (left) notice.querySelector("form").submit();
  else notice.hidden = idle < idleMs - WARNED_MS;
}

for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, use, { passive: true });
addEventListener("pageshow", look);
document.addEventListener("visibilitychange", look);
setInterval(look, 1000);
