/* What pages share: menus, the rail on a phone, dialogs, keyboard, the command palette, forms that send once and
   keep what was typed. Everything works without it but the keyboard; no evaluation of text, no inline handlers. */
"use strict";
(function () {
  const $ = (selector, within) => (within || document).querySelector(selector);
  const $$ = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
  const shown = (element) => element.getClientRects().length > 0 && !element.disabled;
  const cookie = (name) => (new RegExp("(?:^|; )" + name + "=([^;]*)").exec(document.cookie) || [])[1];

  /* Menus: one open at a time, closed by Escape or a click elsewhere. */
  document.addEventListener("click", (event) => {
    $$("details.al-menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    const opener = event.target.closest("[data-opens]");
    if (opener) { event.preventDefault(); openDialog(opener.dataset.opens); }
    if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
    if (event.target.closest("[data-rail]")) toggleRail();
    else if (!event.target.closest("#rail")) toggleRail(false);
    const theme = event.target.closest("[data-theme]");
    if (theme) chooseTheme(theme.dataset.theme);
  });

  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    dialog.showModal();
    const first = $("input:not([type=hidden]), textarea, select", dialog);
    if (first) first.focus();
  }
  function toggleRail(open) {
    const rail = $("#rail"), button = $("[data-rail]");
    if (!rail || !button) return;
    const now = rail.classList.toggle("al-open", open);
    button.setAttribute("aria-expanded", String(now));
  }
  function chooseTheme(theme) {
    document.cookie = "aldia_theme=" + theme + "; path=/; max-age=31536000; SameSite=Lax";
    const dark = theme === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
    document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
    $$("[data-theme]").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.theme === theme)));
    document.dispatchEvent(new CustomEvent("aldia:theme"));
  }
  const chosen = cookie("aldia_theme") || "auto";
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    if ((cookie("aldia_theme") || "auto") === "auto") chooseTheme("auto");
  });
  $$("[data-theme]").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.theme === chosen)));

  /* Keyboard. `g` and a letter goes to a page; j and k walk the rows of a list; any other letter presses the
     button that carries it (data-key) in the current row, else on the page. */
  let waitsForPage = false;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault(); return openDialog("palette");
    }
    if (event.key === "Escape") { $$("details.al-menu[open]").forEach((menu) => { menu.open = false; $("summary", menu).focus(); }); toggleRail(false); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.target.closest("dialog") && $("dialog[open]")) return paletteKeys(event);
    if (waitsForPage) { waitsForPage = false; return press("[data-go='" + CSS.escape(event.key) + "']", event); }
    if (event.key === "g") { waitsForPage = true; setTimeout(() => { waitsForPage = false; }, 1500); return; }
    if (event.key === "?") return openDialog("help");
    if (event.key === "/") { event.preventDefault(); return ($("main [type=search]") || $("[data-opens=palette]")).focus(); }
    if (event.key === "j" || event.key === "k") return walk(event.key === "j" ? 1 : -1, event);
    if (event.key === "Enter" && event.target.matches("[data-row]")) return open(event.target);
    if (event.key === "x" && event.target.matches("[data-row]")) return tick(event.target, event);
    press("[data-key='" + CSS.escape(event.key) + "']", event);
  });
  function press(selector, event) {
    const row = event.target.closest("[data-row]");
    const found = (row && $$(selector, row).find(shown)) || $$(selector).find(shown);
    if (found && found.closest("#card") && row && isBesideCard(row) && !row.hasAttribute("aria-current")) return open(row);
    const field = found && found.matches("details[open][data-focuses] > summary") ? firstField(found.parentElement) : null;
    if (field) { event.preventDefault(); return field.focus(); }
    if (!found) return;
    event.preventDefault();
    if (found.matches("input, textarea")) return found.focus();
    found.click();
    if (found.matches("details[data-focuses] > summary")) focusFirst(found.parentElement); /* who types on is not waited for */
  }
  /* A part of a form that opens gives its first field. */
  const firstField = (part) => $("input:not([type=hidden]):not(:disabled), select:not(:disabled), textarea:not(:disabled)", part);
  document.addEventListener("click", (event) => {
    const part = event.target.closest("details[data-focuses] > summary");
    if (part) setTimeout(() => { if (document.activeElement === part || !part.parentElement.contains(document.activeElement)) focusFirst(part.parentElement); });
  });
  function focusFirst(part) {
    const field = part.open && firstField(part);
    if (field) field.focus();
  }
  function walk(step, event) {
    const rows = $$("[data-row]").filter(shown);
    if (!rows.length) return;
    const now = rows.indexOf(event.target.closest("[data-row]"));
    const next = rows[Math.min(rows.length - 1, Math.max(0, now + step))];
    event.preventDefault(); next.tabIndex = 0; next.focus(); next.scrollIntoView({ block: "nearest" });
    if (isBesideCard(next) && !next.closest("[data-opens-on-enter]") && (now < 0 ? !next.hasAttribute("aria-current") : next !== rows[now])) open(next);
  }
  /* In a list beside the message it opens, the keys act on the row one stands on, never on another one's message. */
  function isBesideCard(row) { return row.matches("li[data-row]") && $("a[data-open][hx-get]", row) !== null; }
  function open(row) { const link = $("a[data-open], a", row); if (link) link.click(); }
  function tick(row, event) { const box = $("input[type=checkbox]", row); if (box) { event.preventDefault(); box.click(); } }
  function paletteKeys() { /* Tab and Enter are the browser's own. */ }

  /* The palette: arrows walk the answers. */
  document.addEventListener("keydown", (event) => {
    const palette = event.target.closest("#palette");
    if (!palette || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
    const links = $$("li a", palette), now = links.indexOf(document.activeElement);
    if (event.key === "Enter") { if (now < 0 && links.length) { event.preventDefault(); links[0].click(); } return; }
    event.preventDefault();
    const next = now + (event.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? $("input", palette) : links[Math.min(next, links.length - 1)] || $("input", palette)).focus();
  });

  /* Select many: a box in the head ticks all shown; what acts on the ticked shows how many there are. */
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-select-all]");
    if (all) $$("[data-select]", all.closest("form, section")).forEach((box) => { box.checked = all.checked; });
    if (event.target.matches("[data-select], [data-select-all]")) countTicked();
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
  function countTicked() {
    $$("[data-ticked]").forEach((place) => {
      const count = $$("[data-select]:checked", place.closest("form, section")).length;
      place.textContent = String(count);
      const acts = place.closest("[data-acts-on-ticked]");
      if (acts) acts.hidden = count === 0;
    });
  }

  /* A form leaves once; a click while it is under way does nothing. The back button finds it ready again. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = (event.submitter && event.submitter.dataset.asks) || form.dataset.asks;
    if (question && !window.confirm(question)) { event.preventDefault(); return; }
    const unsaved = form.dataset.asksIfTyped && typedBeside(form);
    if (unsaved && !window.confirm(form.dataset.asksIfTyped)) { event.preventDefault(); return; }
    noteLeft(unsaved || form);
    /* form.method would be the field of that name, where there is one. */
    if (form.getAttribute("method") !== "post" || form.matches("[hx-post]")) return;
    if (form.dataset.left) { event.preventDefault(); return; }
    form.dataset.left = "yes";
    const token = $("input[name=csrfmiddlewaretoken]", form);
    if (token) token.value = cookie("aldia_csrf") || token.value; /* whoever logs in anew has another one */
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => { $$("form[data-left]").forEach((form) => { delete form.dataset.left; $$("[aria-busy]", form).forEach((each) => each.removeAttribute("aria-busy")); }); });

  /* What was typed or ticked survives the end of a session: kept in this tab, with what stood there before, until
     the form has been accepted. It is given back only over the same, or over nothing: what the house says by now
     is never overwritten unseen. data-keep names the form and what it is about. */
  const KEPT = "input:not([type=hidden]):not([type=password]):not([type=file]), textarea, select";
  const BETWEEN = "\u0000";
  const isTick = (field) => field.type === "checkbox" || field.type === "radio";
  const stands = (field) => isTick(field) ? String(field.checked) : field.value;
  function stood(field) {
    if (isTick(field)) return String(field.defaultChecked);
    return field.tagName === "SELECT" ? $$("option", field).filter((each) => each.defaultSelected).map((each) => each.value).join() : field.defaultValue;
  }
  const keptName = (field) => ["aldia", location.pathname, field.form.dataset.keep, field.name, isTick(field) ? field.value : ""].join(":");
  const keptOf = (field) => (sessionStorage.getItem(keptName(field)) || "").split(BETWEEN);
  function keep(field) {
    const [before, typed] = keptOf(field);
    sessionStorage.setItem(keptName(field), (typed === undefined ? stood(field) : before) + BETWEEN + stands(field));
  }
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.form || !("keep" in field.form.dataset) || !field.name || !field.matches(KEPT)) return;
    const group = field.type === "radio" ? $$("input[type=radio]", field.form).filter((each) => each.name === field.name) : [field];
    group.forEach(keep);
  });
  function giveBack(root) {
    $$("form[data-keep]", root).forEach((form) => {
      if (form.dataset.kept) return;
      form.dataset.kept = "yes";
      const fields = $$(KEPT, form).filter((field) => field.name).map((field) => [field, ...keptOf(field)]);
      fields.forEach((each) => giveBackTo(...each)); /* read all before: one of a group, given back, is kept anew with the others */
    });
  }
  /* Only the form that was accepted is forgotten; what waits in others stays. */
  const keptBy = (form) => ["aldia", location.pathname, form.dataset.keep, ""].join(":");
  function noteLeft(form) {
    if ("keep" in form.dataset) sessionStorage.setItem("aldia-left", keptBy(form)); else sessionStorage.removeItem("aldia-left");
  }
  function forgetAccepted() {
    const left = sessionStorage.getItem("aldia-left");
    sessionStorage.removeItem("aldia-left");
    if (left && $("[data-accepted]")) Object.keys(sessionStorage).filter((key) => key.startsWith(left)).forEach((key) => sessionStorage.removeItem(key));
  }
  /* The form beside it that holds words nobody has saved, if there is one. */
  function typedBeside(form) {
    const beside = $$("form[data-keep]", form.closest("article"));
    return beside.find((each) => $$(KEPT, each).some((field) => field.name && stands(field) !== stood(field)));
  }
  function giveBackTo(field, before, typed) {
    const now = stood(field);
    if (typed === undefined || typed === stands(field) || (field.type === "radio" && typed !== "true")) return;
    if (now !== before && now.trim() !== "") return sessionStorage.removeItem(keptName(field));
    if (isTick(field)) field.checked = typed === "true"; else field.value = typed;
    const folded = field.closest("details");
    if (folded) folded.open = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* htmx: the token of this visit goes with every request; a session that ended says so and loses nothing. */
  document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = cookie("aldia_csrf") || ""; delete event.detail.parameters.csrfmiddlewaretoken; });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401) { event.detail.shouldSwap = false; openDialog("expired"); }
    else if (status === 422 || status === 409) { event.detail.shouldSwap = true; event.detail.isError = false; }
    else if (status >= 400) { event.detail.shouldSwap = false; openDialog("failed"); }
  });
  document.addEventListener("htmx:sendError", () => openDialog("failed"));
  document.addEventListener("htmx:afterSettle", (event) => {
    giveBack(event.target); countTicked(); drawCharts(event.target);
    const focus = $("[data-focus]", event.target);
    if (focus) focus.focus();
  });

  /* A list beside what it opens: the row whose message stands there is marked, in the same moment in which it comes
     to stand there: a key pressed before would open it once more instead of acting on it. */
  document.addEventListener("htmx:afterSwap", markOpened);
  function markOpened(event) {
    const link = event.detail.requestConfig && event.detail.requestConfig.elt;
    const row = link && link.closest("li[data-row]");
    if (!row || !document.getElementById("card")) return;
    $$("[aria-current]", row.parentElement).forEach((each) => each.removeAttribute("aria-current"));
    row.setAttribute("aria-current", "true");
  }

  /* Charts: the library is fetched only where there is one; the numbers stand beside it in a table. */
  let library = null;
  function fetchLibrary(address) {
    library = library || new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address; script.onload = () => done(window.echarts); script.onerror = failed;
      document.head.append(script);
    });
    return library;
  }
  function drawCharts(root) {
    $$("[data-chart]", root).forEach(async (place) => {
      const source = document.getElementById(place.dataset.chart);
      if (!source || place.dataset.drawn) return;
      place.dataset.drawn = "yes";
      const echarts = await fetchLibrary(place.dataset.library);
      const draw = () => {
        const style = getComputedStyle(document.documentElement);
        const token = (name) => style.getPropertyValue(name).trim();
        const text = source.textContent.replace(/var\((--[a-z0-9-]+)\)/g, (_all, name) => token(name));
        const option = JSON.parse(text);
        const chart = echarts.getInstanceByDom(place) || echarts.init(place, null, { renderer: "svg" });
        option.animation = false;
        option.textStyle = { fontFamily: getComputedStyle(document.body).fontFamily, color: token("--tblr-body-color") };
        const written = (value) => Number(value).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 });
        [].concat(option.yAxis || []).forEach((axis) => { axis.axisLabel = { ...axis.axisLabel, formatter: written }; });
        if (option.tooltip) option.tooltip.valueFormatter = written;
        chart.setOption(option, true);
        chart.off("click");
        chart.on("click", (params) => { if (params.data && params.data.link) location.assign(params.data.link); });
        return chart;
      };
      const chart = draw();
      new ResizeObserver(() => chart.resize()).observe(place);
      document.addEventListener("aldia:theme", draw);
    });
  }
  /* A question given up for a newer one, or for another page, is no error. */
  function forgetGivenUp(_element, name, detail) {
    if (name === "htmx:sendAbort" || (name === "htmx:afterRequest" && detail.xhr && detail.xhr.status === 0)) delete detail.error;
  }
  document.addEventListener("DOMContentLoaded", () => { if (window.htmx) window.htmx.logger = forgetGivenUp; });
  document.addEventListener("DOMContentLoaded", () => { forgetAccepted(); giveBack(document); countTicked(); drawCharts(document); });
})();
