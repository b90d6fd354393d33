/* The drop area says which file it holds; sending a large one shows how much has left. */
"use strict";
(function () {
  document.addEventListener("change", (event) => {
    const place = event.target.closest("[data-drop]");
    if (!place) return;
    const file = event.target.files[0];
    place.querySelector("[data-file-name]").textContent = file ? file.name + " · " + size(file.size) : "";
  });
  ["dragenter", "dragleave", "drop"].forEach((name) => document.addEventListener(name, (event) => {
    const place = event.target.closest && event.target.closest("[data-drop]");
    if (place) place.classList.toggle("imp-over", name === "dragenter");
  }));
  function size(bytes) {
    const [amount, unit] = bytes < 1048576 ? [bytes / 1024, "kB"] : [bytes / 1048576, "MB"];
    return new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(amount) + " " + unit;
  }
  const form = () => document.getElementById("upload");
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target === form()) form().querySelector("[data-sending]").hidden = false;
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    if (event.target !== form() || !event.detail.lengthComputable) return;
    const bar = form().querySelector("[data-sent]"), text = form().querySelector("[data-sending-text]");
    if (event.detail.loaded < event.detail.total) { bar.max = event.detail.total; bar.value = event.detail.loaded; return; }
    bar.removeAttribute("value"); text.textContent = text.dataset.reading;
  });
})();
