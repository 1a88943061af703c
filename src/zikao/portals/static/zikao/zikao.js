// Small comforts. Every page works without this file.
(() => {
  "use strict";

  // The node's clock: the page carries the node's time, the machine's own clock only counts on from it.
  const clock = document.querySelector("[data-node-clock]");
  if (clock) {
    const start = Date.parse(clock.dateTime) - performance.now();
    const format = new Intl.DateTimeFormat("zh-CN", {
      timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    });
    const day = clock.textContent.replace(/\d{2}:\d{2}\s*$/, "");
    setInterval(() => { clock.textContent = day + format.format(start + performance.now()); }, 5000);
  }

  // The page that is open is in sight in the side bar, however long that is.
  const here = document.querySelector(".side [aria-current]");
  if (here) here.scrollIntoView({ block: "nearest", inline: "nearest" });

  // One clause or menu is open at a time; Escape or a click elsewhere closes it.
  const open = () => document.querySelectorAll("details.clause[open], details.post-menu[open]");
  document.addEventListener("click", (event) => {
    open().forEach((each) => { if (!each.contains(event.target)) each.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") open().forEach((each) => { each.open = false; each.firstElementChild.focus(); });
    const typing = event.target.closest && event.target.closest("input, select, textarea");
    const search = document.querySelector(".filters input, .search input");
    if (event.key === "/" && !typing && search) { event.preventDefault(); search.focus(); }
    const keyed = !typing && !event.ctrlKey && !event.metaKey && !event.altKey
      && [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
    if (keyed) { event.preventDefault(); keyed.click(); }
  });

  // Rows that are ticked for an act on many: all of this page at once.
  const offerAll = () => document.querySelectorAll("[data-pick-all]").forEach((each) => { each.hidden = false; });
  offerAll();
  document.addEventListener("htmx:afterSwap", offerAll);
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-pick-all]");
    if (all) document.querySelectorAll("input[name=pick]").forEach((each) => { each.checked = event.target.checked; });
  });

  // What was refused is read first.
  const refused = document.querySelector("#error-summary, #refusal");
  if (refused) refused.focus();

  // A draft outlives the session: kept in this tab only, never passwords or files; gone when the form was taken, and
  // with a sign-out.
  const sent = sessionStorage.getItem("draft-sent");
  if (sent && document.querySelector(".said")) { sessionStorage.removeItem(sent); sessionStorage.removeItem("draft-sent"); }
  document.querySelectorAll("form[data-sign-out]").forEach((form) => {
    form.addEventListener("submit", () => sessionStorage.clear());
  });
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    const key = "draft:" + location.pathname + (form.dataset.draft ? ":" + form.dataset.draft : "");
    const fields = () => [...form.elements].filter((e) => e.name && !["password", "file", "hidden", "submit"].includes(e.type));
    let kept = {};
    try { kept = JSON.parse(sessionStorage.getItem(key) || "{}"); } catch { kept = {}; }
    let brought = false;
    fields().forEach((e) => {
      const had = kept[e.name + "=" + (e.type === "radio" || e.type === "checkbox" ? e.value : "")];
      if (had === undefined) return;
      const box = e.type === "radio" || e.type === "checkbox";
      if (box ? e.checked === had : e.value === had || (e.value !== "" && (refused || e.tagName !== "SELECT"))) return;
      brought = true;
      if (box) e.checked = had;
      else e.value = had;
    });
    if (brought && !refused) {
      const [note, drop] = [document.createElement("div"), document.createElement("button")];
      note.className = "hint";
      note.setAttribute("role", "status");
      note.append("已恢复您上次没有提交的内容。");
      [drop.type, drop.className, drop.textContent] = ["button", "button plain", "清除"];
      drop.addEventListener("click", () => { sessionStorage.removeItem(key); location.reload(); });
      note.append(drop);
      form.prepend(note);
    }
    form.addEventListener("input", () => {
      const now = {};
      fields().forEach((e) => {
        const box = e.type === "radio" || e.type === "checkbox";
        now[e.name + "=" + (box ? e.value : "")] = box ? e.checked : e.value;
      });
      try { sessionStorage.setItem(key, JSON.stringify(now)); } catch { /* no room: the draft is not kept */ }
    });
    form.addEventListener("submit", () => {
      sessionStorage.setItem("draft-sent", key);
      const button = form.querySelector("button[type=submit], button:not([type])");
      if (button) setTimeout(() => { button.disabled = true; }, 0);
    });
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("button:disabled").forEach((each) => { each.disabled = false; });
  });
})();
