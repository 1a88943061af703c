// Keys for the doubt queue, letters that go on by themselves in the key grid, the points pad of the marking desk.
(() => {
  const doubt = document.querySelector("[data-keys]");
  if (doubt) {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const button = doubt.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
      if (button) { event.preventDefault(); button.click(); }
    });
  }
  const boxes = [...document.querySelectorAll(".key-grid input")];
  boxes.forEach((box, at) => {
    box.addEventListener("input", () => {
      box.value = box.value.toUpperCase().replace(/[^A-D]/g, "");
      if (box.value && boxes[at + 1]) boxes[at + 1].focus();
    });
    box.addEventListener("focus", () => box.select());
    box.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -10, ArrowDown: 10 }[event.key];
      const back = event.key === "Backspace" && !box.value ? -1 : 0;
      const target = boxes[at + (step || back)];
      if ((step || back) && target) { event.preventDefault(); target.focus(); }
    });
  });
  const desk = document.querySelector("[data-desk]");
  if (desk) {
    const points = desk.querySelector("#points");
    points.focus();
    points.select();
    desk.querySelectorAll("[data-points]").forEach((button) =>
      button.addEventListener("click", () => { points.value = button.dataset.points; points.focus(); }));
    desk.querySelector("[data-half]").addEventListener("click", () => {
      points.value = String(Math.min(Number(points.dataset.most), (Number(points.value) || 0) + 0.5));
      points.focus();
    });
    const form = desk.querySelector("form");
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
    desk.querySelector(".desk-picture").addEventListener("contextmenu", (event) => event.preventDefault());
  }
})();
