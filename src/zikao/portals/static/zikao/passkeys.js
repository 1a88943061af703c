// Passkeys: hands the server's challenge to the browser, and what the device signed back to the form.
(() => {
  "use strict";
  const fields = document.querySelectorAll("input[name=passkey][data-options]");
  if (!window.PublicKeyCredential) {
    fields.forEach(({ form }) => {
      const said = form.querySelector("[data-passkey-said]");
      if (said) said.textContent = "这个浏览器不支持通行密钥。";
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

  fields.forEach((field) => {
    const form = field.form;
    form.hidden = false;
    const said = form.querySelector("[data-passkey-said]") || document.createElement("div");
    const code = field.dataset.ceremony === "get" ? form.elements.namedItem("code") : null;
    if (!said.isConnected) {
      said.className = "hint";
      said.setAttribute("role", "status");
      field.before(said);
      if (code) said.textContent = "动态码不填的，提交时用通行密钥确认。";
    }
    form.addEventListener("submit", async (event) => {
      if (code && code.value.trim()) return; // a code was typed instead
      event.preventDefault();
      said.textContent = "请按浏览器的提示确认……";
      try {
        const credential = await ask(field.dataset.ceremony, JSON.parse(field.dataset.options));
        field.value = answer(credential);
        form.submit();
      } catch (error) {
        said.textContent = error.name === "InvalidStateError" ? "这个通行密钥已经登记过。" : "没有完成，请再试一次。";
        form.querySelectorAll("button:disabled").forEach((each) => { each.disabled = false; });
      }
    });
  });
})();
