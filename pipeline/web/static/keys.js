// Keys → the links and buttons that are there anyway: nothing can be done here that a click cannot do.
"use strict";

const entries = () => [...document.querySelectorAll("[data-entry]")];
let current = -1;

function step(by) {
  const found = entries();
  if (!found.length) return;
  found[current]?.classList.remove("current");
  current = Math.min(Math.max(current + by, 0), found.length - 1);
  found[current].classList.add("current");
  found[current].scrollIntoView({ block: "nearest" });
  found[current].querySelector("a, button, input")?.focus({ preventScroll: true });
}

function chosen(entry) {
  return entry?.querySelector('input[type="checkbox"][name="id"]');
}

// A verdict by one key is for the entry that is current, unless some are ticked.
function verdict(key) {
  const form = document.getElementById("verdict");
  if (!form) return;
  const ticked = document.querySelector('input[name="id"]:checked, #verdict input[type="hidden"][name="id"]');
  const box = chosen(entries()[current]);
  if (!ticked && box) box.checked = true;
  if (ticked || box) form.requestSubmit(form.querySelector(`button[data-key="${key}"]`));
}

function note() {
  const field = document.querySelector('#verdict [data-key="n"]');
  const folded = field?.closest("details");
  if (folded) folded.open = true;
  const box = chosen(entries()[current]);
  if (box) box.checked = true;
  field?.focus();
}

const doing = {
  j: () => step(1),
  k: () => step(-1),
  o: () => entries()[current]?.querySelector("a[href]")?.click(),
  x: () => chosen(entries()[current])?.click(),
  a: () => verdict("a"),
  d: () => verdict("d"),
  n: note,
  u: () => document.querySelector('button[data-key="u"]')?.click(),
  "/": () => document.querySelector('[data-key="/"]')?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return document.activeElement?.blur();
  if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
  const act = doing[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// Only where a page may write to the clipboard: else the field's text is selected and copied by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  const said = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = said; }, 2000);
  });
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-all]")) return;
  for (const box of document.querySelectorAll('input[type="checkbox"][name="id"]')) box.checked = event.target.checked;
});
