// Crops a picture to a portrait of 3 by 4 before it is sent. Without this file the picture is sent as it is.
(() => {
  "use strict";
  const input = document.querySelector("input[type=file][data-crop]");
  const stage = document.querySelector("[data-crop-stage]");
  if (!input || !stage || !window.DataTransfer) return;
  const canvas = stage.querySelector("[data-crop-canvas]");
  const zoom = stage.querySelector("[data-crop-zoom]");
  const [outWidth, outHeight] = [360, 480];
  const pen = canvas.getContext("2d");
  let picture = null, x = 0, y = 0;

  const cover = () => Math.max(canvas.width / picture.width, canvas.height / picture.height);
  const scale = () => cover() * zoom.value / 100;
  const keepIn = () => {
    x = Math.min(0, Math.max(canvas.width - picture.width * scale(), x));
    y = Math.min(0, Math.max(canvas.height - picture.height * scale(), y));
  };
  const paint = () => {
    if (!picture) return;
    keepIn();
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, x, y, picture.width * scale(), picture.height * scale());
    pen.strokeStyle = "rgba(29, 78, 137, .9)";
    pen.lineWidth = 2;
    pen.setLineDash([6, 5]);
    pen.beginPath();
    pen.ellipse(canvas.width / 2, canvas.height * .46, canvas.width * .29, canvas.height * .29, 0, 0, 7);
    pen.stroke();
  };

  input.addEventListener("change", () => {
    const file = input.files[0];
    if (!file || !/^image\//.test(file.type)) return;
    const reader = new FileReader();
    reader.onload = () => {
      const read = new Image();
      read.onload = () => {
        picture = read;
        zoom.value = 100;
        x = (canvas.width - picture.width * scale()) / 2;
        y = (canvas.height - picture.height * scale()) / 2;
        stage.hidden = false;
        paint();
        stage.scrollIntoView({ block: "nearest" });
      };
      read.src = reader.result;
    };
    reader.readAsDataURL(file);
  });

  let before = 100;
  zoom.addEventListener("input", () => {
    const change = zoom.value / before;
    before = zoom.value;
    x = canvas.width / 2 - (canvas.width / 2 - x) * change;
    y = canvas.height / 2 - (canvas.height / 2 - y) * change;
    paint();
  });
  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX - x, y: event.clientY - y };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!held) return;
    x = event.clientX - held.x;
    y = event.clientY - held.y;
    paint();
  });
  canvas.addEventListener("pointerup", () => { held = null; });
  const steps = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] };
  canvas.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step || !picture) return;
    event.preventDefault();
    x += step[0];
    y += step[1];
    paint();
  });

  let cropped = false;
  input.form.addEventListener("submit", (event) => {
    if (!picture || cropped) return;
    event.preventDefault();
    const out = document.createElement("canvas");
    [out.width, out.height] = [outWidth, outHeight];
    const ratio = outWidth / canvas.width;
    const brush = out.getContext("2d");
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, outWidth, outHeight);
    brush.drawImage(picture, x * ratio, y * ratio, picture.width * scale() * ratio, picture.height * scale() * ratio);
    out.toBlob((blob) => {
      const carrier = new DataTransfer();
      carrier.items.add(new File([blob], "portrait.jpg", { type: "image/jpeg" }));
      input.files = carrier.files;
      cropped = true;
      input.form.requestSubmit();
    }, "image/jpeg", .9);
  });
})();
