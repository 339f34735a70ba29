// Shows what a change does while it is made: the page is asked for with what is typed, and its preview is put in place.
// Without this script the button beside it does the same.
const form = document.querySelector("form[data-preview]");
const status = document.getElementById("shown");
const AGAIN_MS = 3000; // what is still being computed is looked for again
let latest = 0;
let again = 0;

async function show() {
  latest += 1;
  const mine = latest;
  const body = new FormData(form);
  body.set("do", "show");
  const answer = await fetch(location.href, { method: "POST", body });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.getElementById(form.dataset.preview);
  if (!found || mine !== latest) return; // a later change is on its way
  document.getElementById(form.dataset.preview).replaceChildren(...found.childNodes);
  status.textContent = form.dataset.shown;
  wait();
}

function wait() {
  clearTimeout(again);
  const awaited = document.getElementById(form.dataset.preview).querySelector("[data-awaited]");
  if (awaited) again = setTimeout(() => show().catch(wait), AGAIN_MS);
}

form.addEventListener("change", () => show().catch(() => {}));
wait();
