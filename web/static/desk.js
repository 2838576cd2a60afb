// desk.js: the alignment editor by keyboard. Comfort only: every command is a button of the form.
// Needs app.js (its keys press the buttons of the bar; `say`) and htmx, which sends the form and morphs the answer in.
"use strict";
{
const desk = () => document.getElementById("desk");
const rows = () => [...document.querySelectorAll("#desk .bead")];
const current = () => document.querySelector("#desk .bead[tabindex='0']");
const tick = (row) => row.querySelector(".joint input");
const WAIT = 3000;   // ms until a change is sent again that got no answer
const SLOW = 500;    // ms until the bar says that a change is under way

// One tab stop in the list: the controls of the other rows are out of the way of Tab.
const rove = (row) => {
  for (const other of rows()) {
    const here = other === row;
    other.tabIndex = here ? 0 : -1;
    for (const input of other.querySelectorAll("input")) input.tabIndex = here ? 0 : -1;
  }
};

// The bar names what a command acts on: what is ticked, else where the keyboard is.
const name = () => {
  const picked = document.getElementById("picked"), row = current();
  if (!picked) return;
  const ticked = [...document.querySelectorAll("#desk .joint input:checked")].map((i) => i.dataset.label);
  const left = [...document.querySelectorAll("#desk .n input:checked")].filter((i) => i.name === "s").map((i) => i.value);
  const right = [...document.querySelectorAll("#desk .n input:checked")].filter((i) => i.name === "t").map((i) => i.value);
  if (left.length || right.length) ticked.push(`${left.join(", ") || "–"} ↔ ${right.join(", ") || "–"}`);
  const shown = ticked.slice(0, 4).join(", ") + (ticked.length > 4 ? " …" : "");
  picked.textContent = ticked.length ? picked.dataset.selected.replace("%", shown)
    : row ? picked.dataset.here.replace("%", tick(row).dataset.label) : "";
};

const clocks = () => {
  for (const time of document.querySelectorAll("[data-clock]")) {
    const when = new Date(time.dateTime), today = when.toDateString() === new Date().toDateString();
    const shape = today ? { hour: "2-digit", minute: "2-digit" } : { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" };
    time.textContent = when.toLocaleString(document.documentElement.lang, { hourCycle: "h23", ...shape });
  }
};

const go = (element, where = element.closest(".bead")) => {
  if (where) rove(where);
  element.focus({ preventScroll: true });
  (where ?? element).scrollIntoView({ block: "nearest" });
};

const refresh = () => { const row = current() ?? rows()[0]; if (row) rove(row); name(); clocks(); };

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("#desk .bead");
  if (row) { rove(row); name(); }
});
document.addEventListener("change", (event) => { if (event.target.closest("#desk")) name(); });

// ---- One change at a time: what is pressed while one is under way waits, in order --------------------------------------------
let sent = null, waiting = [], focused = null, again = 0, slow = 0, replayed = false;
const busy = () => sent || (waiting.length && !replayed);

document.addEventListener("submit", (event) => {
  if (event.target !== desk() || !event.submitter) return;
  if (busy()) {
    event.preventDefault(); event.stopImmediatePropagation();
    const op = event.submitter.value;
    waiting.push(() => [...desk().querySelectorAll("button[name=op]")].find((b) => b.value === op && !b.disabled)?.click());
    return;
  }
  const active = document.activeElement, row = current();
  focused = active?.closest(".beads") ? { id: active.id, cut: active.matches(".cut, .cut-stop") } : null;
  desk().elements.here.value = row ? tick(row).value : "";
  desk().elements.focus.value = active?.matches("#desk .n input") ? active.id : "";
  sent = event.submitter.value;
  slow = setTimeout(() => desk().classList.add("is-slow"), SLOW);
}, true);

document.addEventListener("htmx:after:request", (event) => {
  const ctx = event.detail.ctx;
  if (ctx.sourceElement !== desk() || ctx.text.includes('id="desk"')) return;
  event.preventDefault();   // a refusal of the server (logged out, not allowed): told here, the page stays
  const page = new DOMParser().parseFromString(ctx.text, "text/html"), trouble = document.getElementById("trouble");
  trouble.textContent = [...page.querySelectorAll("main h1, main p")].slice(0, 2).map((e) => e.textContent.trim()).join(". ") || `${ctx.response.status}`;
  trouble.hidden = false;
  sent = null; waiting = [];
});

document.addEventListener("htmx:after:swap", (event) => {
  const form = desk();
  if (!form || event.detail.ctx.sourceElement !== form) return;
  for (const box of form.querySelectorAll(".beads input")) box.checked = box.hasAttribute("checked");
  const row = current() ?? rows()[0], cut = form.querySelector(".cut[autofocus]") ?? form.querySelector(".cut-stop");
  refresh();
  if (cut) go(cut);
  else if (focused) {
    const same = focused.id ? document.getElementById(focused.id) : null;
    go(same?.matches(".n input") ? same : row);
  } else row?.scrollIntoView({ block: "nearest" });
  say(form.dataset.say ?? "");
});

const next = () => {
  if (sent) return;
  const step = waiting.shift();
  if (!step) return;
  replayed = true;
  try { step(); } finally { replayed = false; }
  next();
};
document.addEventListener("htmx:finally:request", (event) => {
  const ctx = event.detail.ctx;
  if (!ctx.sourceElement?.matches?.("#desk")) return;
  clearTimeout(slow);
  desk().classList.remove("is-slow");
  if (sent && /^error/.test(ctx.status)) {
    document.getElementById("unsent").hidden = false;
    clearTimeout(again);
    const op = sent;
    again = setTimeout(() => {
      sent = null;
      [...desk().querySelectorAll("button[name=op]")].find((b) => b.value === op)?.click();
    }, WAIT);
    return;
  }
  sent = null;
  setTimeout(next);
});

// ---- Keys ----------------------------------------------------------------------------------------------------------------------
const jump = (link) => {
  const all = rows(), here = all.indexOf(current()), unsure = (row) => ["doubtful", "weak"].includes(row.dataset.c);
  const found = link.dataset.jump === "next" ? all.slice(here + 1).find(unsure) : all.slice(0, Math.max(here, 0)).findLast(unsure);
  if (found) { go(found); return; }
  const far = new URL(link.dataset.far, location.href);
  if (far.pathname + far.search === location.pathname + location.search) location.hash = far.hash;
  location.assign(far);
};
document.addEventListener("click", (event) => {
  const link = event.target.closest("#desk [data-jump]");
  if (link && event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey)) { event.preventDefault(); jump(link); }
  for (const menu of document.querySelectorAll(".export[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// In a column: up and down from sentence to sentence, left and right to the other side.
const along = (input, step) => {
  const all = [...document.querySelectorAll(`#desk .n input[name='${input.name}']`)], to = all[all.indexOf(input) + step];
  if (to) go(to);
};
const across = (row, side) => { const to = row.querySelector(`.n input[name='${side}']`); if (to) go(to); };

document.addEventListener("keydown", (event) => {
  const target = event.target;
  if (event.isComposing || event.altKey || !target.closest) return;
  if (event.key === "Escape" && target.closest(".export[open]")) { const m = target.closest(".export"); m.open = false; m.querySelector("summary").focus(); return; }
  const row = target.closest("#desk .bead"), undo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  if (!row && !(undo && desk())) return;
  if ((event.ctrlKey || event.metaKey) && !undo) return;
  const taken = () => { event.preventDefault(); event.stopImmediatePropagation(); };
  if (busy() && event.key !== "Tab" && event.key !== "Shift") {
    const { key, shiftKey, ctrlKey, metaKey } = event;
    taken();
    waiting.push(() => (document.activeElement ?? document.body).dispatchEvent(
      new KeyboardEvent("keydown", { key, shiftKey, ctrlKey, metaKey, bubbles: true, cancelable: true })));
    return;
  }
  if (undo || !row) return;
  const cuts = [...row.querySelectorAll(".cut")], cut = cuts.indexOf(target);
  if (row.querySelector(".cutting") && event.key === "Escape") { taken(); row.querySelector(".cut-stop").click(); return; }
  if (target.matches(".cut, .cut-stop")) {
    const to = { ArrowLeft: cut - 1, ArrowRight: cut + 1, ArrowUp: cut - 1, ArrowDown: cut + 1, Home: 0, End: cuts.length - 1 }[event.key];
    if (to !== undefined) { taken(); cuts[Math.max(0, Math.min(to, cuts.length - 1))].focus(); }
    else if (event.key.length === 1 && event.key !== " ") taken();   // letters are commands of the list, not of these buttons
    return;
  }
  const sentence = target.matches(".n input");
  const link = { n: "next", p: "previous" }[event.key.toLowerCase()];
  if (link && !event.shiftKey) { const a = document.querySelector(`#desk [data-jump='${link}']`); taken(); if (a) jump(a); return; }
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") { taken(); across(row, event.key === "ArrowLeft" ? "s" : "t"); return; }
  if (event.key === "Escape") { taken(); go(row); return; }
  if (event.key === " ") { taken(); (sentence ? target : tick(row)).click(); if (!sentence) go(row); return; }
  if (!sentence || event.shiftKey) return;
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step) { taken(); along(target, step); }
}, true);

window.addEventListener("beforeunload", (event) => {
  if (document.getElementById("unsent")?.hidden === false) event.preventDefault();   // a change would be lost
});

refresh();
const arrive = () => {   // by a link to this row; the browser looks for the fragment at about the same time and drops the focus
  if (location.hash === "#at" && current() && !document.querySelector(".cut")) setTimeout(() => go(current()));
};
if (document.readyState === "complete") arrive(); else window.addEventListener("load", arrive);
if (desk()) for (const box of desk().querySelectorAll(".beads input")) box.checked = box.hasAttribute("checked");   // never what a reload remembers
}
