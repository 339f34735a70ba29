// Lets a chart be read mark by mark. The server's drawing is there first and stays for who cannot see it; the engine is
// asked for only when somebody wants to point, and evaluates no text as script.
const page = document.documentElement;
const charts = [...document.querySelectorAll("figure.drawn:has(script)")];
// A colour in a document is the name of one of the look's, so that a chart follows the theme of its page.
function coloured(value, look) {
  if (typeof value === "string") return value.startsWith("--") ? look.getPropertyValue(value).trim() : value;
  if (Array.isArray(value)) return value.map((one) => coloured(one, look));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, coloured(one, look)]));
}

async function draw(figure) {
  await import(figure.dataset.engine);
  const spec = coloured(JSON.parse(figure.querySelector("script").textContent), getComputedStyle(page));
  const said = figure.querySelector("[role=status]");
  const tell = (handler, event, item, words) => {
    said.textContent = words || said.dataset.ask;
  };
  const place = figure.querySelector(".live");
  await window.vegaEmbed(place, spec, { ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: tell });
  place.hidden = false;
  figure.classList.add("read");
  said.textContent = said.dataset.ask;
}

for (const figure of charts) {
  const line = figure.querySelector(".pointed");
  const button = line.querySelector("button");
  line.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    draw(figure).then(
      () => button.remove(),
      () => {
        button.remove();
        line.querySelector("[role=status]").textContent = line.querySelector("[role=status]").dataset.failed;
      },
    );
  });
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const figure of charts) if (figure.classList.contains("read")) draw(figure);
});
