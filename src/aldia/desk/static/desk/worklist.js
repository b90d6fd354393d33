/* «Cola»: the lock of the case that is open, quick dates, Ctrl+Enter, the script of who answers, the sum of what is
   ticked. The page works without it. */
"use strict";
(function () {
  const $ = (selector, within) => (within || document).querySelector(selector);
  const $$ = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const cookie = (name) => (new RegExp("(?:^|; )" + name + "=([^;]*)").exec(document.cookie) || [])[1];
  const KEEP_ALIVE = 60000;
  const FIELDS = "input:not([type=hidden]):not([disabled]), select, textarea";
  let held = null, clock = null;

  /* The lock: taken when the case is opened, kept up while it is, left when it is not. A colleague who has it, or
     takes it, makes the panel read-only. */
  function hold() {
    const card = $("#card[data-lock]");
    const next = card ? card.dataset.lock : null;
    if (held && held.take !== next) leave();
    clearInterval(clock);
    if (!card) return;
    held = { take: next, leave: card.dataset.leave };
    take();
    clock = setInterval(take, KEEP_ALIVE);
  }
  async function take() {
    const mine = held;
    const answer = await fetch(mine.take, { method: "POST", headers: { "X-CSRFToken": cookie("aldia_csrf") || "", "HX-Request": "true" } }).catch(() => null);
    if (!answer || answer.status !== 409 || held !== mine) return;
    clearInterval(clock);
    held = null;
    window.htmx.swap("#lock", await answer.text(), { swapStyle: "outerHTML" });
    $$("#case-work fieldset").forEach((fieldset) => { fieldset.disabled = true; });
  }
  function leave() {
    if (!held) return;
    const said = new FormData();
    said.append("csrfmiddlewaretoken", cookie("aldia_csrf") || "");
    navigator.sendBeacon(held.leave, said);
    held = null;
  }
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => { if (event.persisted) hold(); });

  /* Days, numbers and scripts at hand. */
  document.addEventListener("click", (event) => {
    const sets = event.target.closest("[data-sets]");
    if (sets) { const field = document.getElementById(sets.dataset.sets); field.value = sets.dataset.value; field.dispatchEvent(new Event("input", { bubbles: true })); }
    const picks = event.target.closest("[data-picks]");
    if (picks) { const radio = $("input[type=radio]", picks.closest(".al-number")); if (radio) radio.checked = true; }
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === "reached") $$("[data-script]").forEach((each) => { each.open = each.dataset.script === event.target.value; });
    if (event.target.name === "reached") fitOutcomes(event.target.form, event.target.value);
    if (event.target.name === "outcome") followOutcome(event.target);
    if (event.target.name === "line" && event.target.form) addUp(event.target.form);
  });
  /* Only what can have come of it with whoever answered; and the part of the panel that an outcome asks for. */
  function fitOutcomes(form, reached) {
    const outcome = form.elements.outcome;
    $$("option[data-reached]", outcome).forEach((each) => { each.hidden = each.disabled = !each.dataset.reached.split(" ").includes(reached); });
    if (outcome.selectedOptions[0] && outcome.selectedOptions[0].disabled) outcome.value = "";
  }
  function followOutcome(outcome) {
    const chosen = outcome.selectedOptions[0], effect = chosen && chosen.dataset.effect;
    $$("details[data-effect]", outcome.form).forEach((each) => { if (each.dataset.effect === effect) each.open = true; });
  }
  /* What is ticked is what is promised, until somebody types another amount. */
  function addUp(form) {
    const amount = form.elements.amount, ticked = $$("input[name=line]:checked").filter((each) => each.form === form);
    if (!amount || !ticked.length || new Set(ticked.map((each) => each.dataset.currency)).size > 1) return;
    const digits = Number(ticked[0].dataset.digits);
    const minor = ticked.reduce((sum, each) => sum + Number(each.dataset.minor), 0);
    const text = String(minor).padStart(digits + 1, "0");
    amount.value = digits ? text.slice(0, -digits) + "," + text.slice(-digits) : text;
    amount.dispatchEvent(new Event("input", { bubbles: true }));
  }
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "Enter") return;
    const form = $("form[data-ctrl-enter]");
    if (!form || $("dialog[open]")) return;
    event.preventDefault();
    form.requestSubmit($("button[type=submit]", form));
  });
  /* On a phone the case stands below the list. */
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "card" && !$("#card", event.target)) return;
    hold();
    const card = $("#card"), asked = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (card && asked && asked.matches("a") && matchMedia("(max-width: 61.9rem)").matches) { card.scrollIntoView({ block: "start" }); card.focus({ preventScroll: true }); }
  });
  document.addEventListener("DOMContentLoaded", () => {
    hold();
    const row = $("[data-row][aria-current]");
    if (row && (!document.activeElement || document.activeElement === document.body) && !location.hash) { row.focus({ preventScroll: true }); row.scrollIntoView({ block: "nearest" }); }
    if (new URLSearchParams(location.search).has("ver") && matchMedia("(max-width: 61.9rem)").matches && !$("[role=alert]")) { const card = $("#card"); if (card) { card.scrollIntoView({ block: "start" }); card.focus({ preventScroll: true }); } }
    const wrong = $("#card .al-field-error, #card [role=alert]");
    if (wrong) { const field = $(FIELDS, wrong.closest(".al-field") || document.createElement("p")) || $("#card"); field.focus(); }
  });
})();
