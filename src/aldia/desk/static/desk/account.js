// Passkeys: [data-passkey="create"|"get"] is a form with a hidden credential; its button starts the ceremony.
(() => {
  "use strict";

  const tell = (form, words) => {
    const place = form.querySelector("[data-passkey-says]");
    if (place) { place.textContent = words; place.hidden = !words; }
  };

  const options = async (form) => {
    const from = form.dataset.optionsFrom;
    if (from) {
      const answer = await fetch(from, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      return (await answer.json()).request_options;
    }
    const data = JSON.parse(document.getElementById(form.dataset.options).textContent);
    return data.creation_options || data.request_options;
  };

  const forCreation = (form, wanted) => {
    const alone = form.querySelector("[name=passwordless]");
    const choice = wanted.publicKey.authenticatorSelection;
    if (!alone || !choice) return wanted;
    choice.residentKey = alone.checked ? "required" : "discouraged";
    choice.requireResidentKey = alone.checked;
    if (alone.checked) choice.userVerification = "required";
    return wanted;
  };

  const run = async (form) => {
    const json = window.webauthnJSON;
    if (!json || !json.supported()) { tell(form, form.dataset.unsupported); return; }
    tell(form, "");
    try {
      const wanted = await options(form);
      const made = form.dataset.passkey === "create"
        ? await json.create(forCreation(form, wanted)) : await json.get(wanted);
      form.querySelector("[name=credential]").value = JSON.stringify(made);
      form.submit();
    } catch (trouble) {
      tell(form, trouble && trouble.name === "SecurityError" ? form.dataset.unsupported : form.dataset.refused);
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-passkey-starts]");
    if (!button) return;
    event.preventDefault();
    run(button.form || button.closest("[data-passkey]"));
  });
})();
