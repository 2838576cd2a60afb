// app.js: comfort only. Every page works without it.
"use strict";
const live = document.getElementById("live");
const say = (text) => { live.textContent = ""; requestAnimationFrame(() => { live.textContent = text; }); };

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  if (!navigator.clipboard) return;   // plain http on another host: select the form by hand
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("is-done");
  say(`${document.body.dataset.copied}: ${button.dataset.copy}`);
  setTimeout(() => button.classList.remove("is-done"), 1500);
});

// Esc and a click elsewhere close the header menu.
const menu = document.querySelector("[data-menu]");
document.addEventListener("click", (e) => { if (!menu.contains(e.target)) menu.open = false; });
menu.addEventListener("keydown", (e) => { if (e.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); } });

// "/" goes to the search field. Single letters work only while focus is inside the list that they act on (WCAG 2.1.4).
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.metaKey || event.ctrlKey || event.altKey) return;   // never steal keys from an IME
  if (event.target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) return;
  if (event.key === "?") { document.querySelector("[data-keys]")?.click(); event.preventDefault(); return; }
  if (event.key === "/") { const f = document.querySelector("#q, #find"); if (f) { f.focus(); f.select(); event.preventDefault(); } return; }
  const list = event.target.closest(".beads, .cands");
  if (!list) return;
  const items = [...list.children], item = event.target.closest(".bead, .cand"), here = items.indexOf(item);
  const go = { ArrowDown: here + 1, j: here + 1, ArrowUp: here - 1, k: here - 1, Home: 0, End: items.length - 1 }[event.key];
  if (items[go]) {
    items.forEach((other) => { other.tabIndex = -1; });
    items[go].tabIndex = 0; items[go].focus(); event.preventDefault(); return;
  }
  // Any other key presses the button that names it: first one inside the row, then one in the form's bar.
  const key = (event.shiftKey ? "Shift+" : "") + (event.key.length === 1 ? event.key.toUpperCase() : event.key);
  const has = (b) => b.getAttribute("aria-keyshortcuts") === key && !b.disabled;
  const bar = list.closest("form")?.querySelectorAll(".bar button") ?? [];   // a read-only list has none
  const button = [...(item?.querySelectorAll("button") ?? []), ...bar].find(has);
  if (button) { button.click(); event.preventDefault(); }
});

// A mouse that rests on a marked term opens its card; a click, a tap or Enter does so without any script (popovertarget).
let timer;
document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse" || event.target.closest(".card")) { clearTimeout(timer); return; }
  const term = event.target.closest(".term"), open = document.querySelector(".card:popover-open");
  clearTimeout(timer);
  if (term) timer = setTimeout(() => { const card = term.popoverTargetElement; if (card !== open) card.showPopover({ source: term }); }, 200);
  else if (open) timer = setTimeout(() => open.hidePopover(), 400);
});

// Instant look-up: no request while an input method composes, one when it has finished; the count is spoken.
document.addEventListener("input", (event) => {
  if (event.isComposing && event.target.hasAttribute("hx-get")) event.stopImmediatePropagation();
}, true);
document.addEventListener("compositionend", (event) => {
  if (event.target.hasAttribute?.("hx-get")) event.target.dispatchEvent(new Event("input", { bubbles: true }));
});
// An answer without the part that was asked for (an error, a login) is not put in its place: the page is opened to show it.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if (!ctx.select || !ctx.text || new DOMParser().parseFromString(ctx.text, "text/html").querySelector(ctx.select)) return;
  event.preventDefault();
  if (ctx.request.method === "GET") location.assign(ctx.request.action); else location.reload();
});
let place = -1;   // where the keyboard was in a list that an answer changes
document.addEventListener("htmx:before:request", () => {
  place = [...document.querySelectorAll(".cand")].findIndex((row) => row.contains(document.activeElement));
});
document.addEventListener("htmx:after:swap", () => {
  const spoken = document.querySelector("#results, #review");
  if (spoken?.dataset.say) say(spoken.dataset.say);
  const rows = document.querySelectorAll(".cand");
  if (place >= 0 && rows.length) {
    const next = rows[Math.min(place, rows.length - 1)];
    rows.forEach((row) => { row.tabIndex = row === next ? 0 : -1; });
    next.focus();
  }
  place = -1;
});

// Ctrl Z presses the button that takes the last change back, outside fields. Space ticks the row, E opens it: buttons do the rest.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
    const undo = document.querySelector(event.shiftKey ? "[data-redo]" : "[data-undo]");
    if (undo) { undo.click(); event.preventDefault(); }
  }
  if (event.key === " " && event.target.matches(".cand")) {
    event.target.querySelector(".tick input")?.click(); event.preventDefault();
  }
});
