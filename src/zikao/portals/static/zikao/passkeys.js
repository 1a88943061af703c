// Passkeys: hands the server's challenge to the browser, and what the device signed back to the form.
(() => {
  "use strict";
  const forms = document.querySelectorAll("form[data-passkey]");
  if (!window.PublicKeyCredential) {
    forms.forEach((form) => {
      const said = form.querySelector("[data-passkey-said]");
      const button = form.querySelector("button");
      if (said) said.textContent = "这个浏览器不支持通行密钥。";
      if (button) button.disabled = true;
    });
    return;
  }
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  const ask = (kind, options) => {
    const publicKey = { ...options, challenge: bytes(options.challenge) };
    if (kind === "create") {
      publicKey.user = { ...options.user, id: bytes(options.user.id) };
      publicKey.excludeCredentials = named(options.excludeCredentials);
      return navigator.credentials.create({ publicKey });
    }
    publicKey.allowCredentials = named(options.allowCredentials);
    return navigator.credentials.get({ publicKey });
  };
  const answer = (credential) => {
    const response = { clientDataJSON: text(credential.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
  };

  forms.forEach((form) => {
    form.hidden = false;
    const said = form.querySelector("[data-passkey-said]");
    form.addEventListener("submit", async (event) => {
      if (event.submitter && event.submitter.hasAttribute("data-without-passkey")) return;
      event.preventDefault();
      said.textContent = "请按浏览器的提示确认……";
      try {
        const credential = await ask(form.dataset.passkey, JSON.parse(form.dataset.options));
        form.elements.namedItem("passkey").value = answer(credential);
        form.submit();
      } catch (error) {
        said.textContent = error.name === "InvalidStateError" ? "这个通行密钥已经登记过。" : "没有完成，请再试一次。";
      }
    });
  });
})();
