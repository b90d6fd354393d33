/* Before the first paint: light or dark as chosen (cookie), else as the device says. */
(function () {
  var chosen = /(?:^|; )aldia_theme=(light|dark)/.exec(document.cookie);
  var dark = chosen ? chosen[1] === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
})();
