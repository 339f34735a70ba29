// What was typed outlives a log-in that had ended: this tab alone keeps it, until the next page of the same person.
const KEY = "modicum.typed";
const LEFT_OUT = ["password", "hidden", "file", "submit", "button"];
const { who } = document.getElementById("idle").dataset;
const forms = () => [...document.querySelectorAll("main form")];
const fields = (form) => [...form.elements].filter((one) => one.name && !LEFT_OUT.includes(one.type));
const ticked = (one) => one.type === "checkbox" || one.type === "radio";

function keep({ target }) {
  const number = forms().indexOf(target);
  if (number < 0 || location.pathname.startsWith("/accounts/")) return;
  const said = fields(target).map((one) => [one.name, ticked(one) ? one.checked : one.value]);
  sessionStorage.setItem(KEY, JSON.stringify({ who, path: location.pathname, number, said }));
}

function bring(held) {
  const form = forms()[held.number];
  const found = form ? fields(form) : [];
  if (found.length !== held.said.length || found.some((one, at) => one.name !== held.said[at][0])) return;
  found.forEach((one, at) => {
    one[ticked(one) ? "checked" : "value"] = held.said[at][1];
    one.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.getElementById("again").hidden = false;
}

const held = JSON.parse(sessionStorage.getItem(KEY) || "null");
sessionStorage.removeItem(KEY);
const back = new URLSearchParams(location.search).has("again");
if (back && held && held.who === who && held.path === location.pathname) bring(held);
document.addEventListener("submit", keep);
