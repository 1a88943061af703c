// Crops a picture, chosen or taken with the camera, to a portrait of 3 by 4 before it is sent; where the field names an
// address (data-check), what is cropped is checked there at once. Without this file the picture is sent as it is, and
// checked when the form is.
(() => {
  "use strict";
  const input = document.querySelector("input[type=file][data-crop]");
  const stage = document.querySelector("[data-crop-stage]");
  if (!input || !stage || !window.DataTransfer) return;
  const canvas = stage.querySelector("[data-crop-canvas]");
  const zoom = stage.querySelector("[data-crop-zoom]");
  const [outWidth, outHeight] = [360, 480];
  const pen = canvas.getContext("2d");
  const told = stage.querySelector("[data-crop-told]");
  let picture = null, x = 0, y = 0;
  let cut = null, asking = 0;  // the picture as it is cropped now, once it was cut; which check is the last

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
    cut = null;
    if (input.dataset.check) ask(++asking);
  };
  const cropped = () => new Promise((done) => {
    if (cut) return done(cut);
    const out = document.createElement("canvas");
    [out.width, out.height] = [outWidth, outHeight];
    const ratio = outWidth / canvas.width;
    const brush = out.getContext("2d");
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, outWidth, outHeight);
    brush.drawImage(picture, x * ratio, y * ratio, picture.width * scale() * ratio, picture.height * scale() * ratio);
    out.toBlob((blob) => done(cut = blob), "image/jpeg", .9);
  });
  const ask = async (mine) => {
    told.textContent = "";
    await new Promise((moved) => setTimeout(moved, 500));  // until nothing has moved for half a second
    if (mine !== asking) return;
    const body = new FormData();
    body.append("csrfmiddlewaretoken", input.form.elements.csrfmiddlewaretoken.value);
    body.append("portrait", await cropped(), "portrait.jpg");
    try {
      const answer = await fetch(input.dataset.check, { method: "POST", body, redirect: "error" });
      const text = [200, 422].includes(answer.status) ? await answer.text() : "";
      if (mine === asking) told.innerHTML = text;
    } catch {
      told.textContent = "";  // no answer: it is checked when the form is sent
    }
  };

  let before = 100;
  const show = (found) => {
    [picture, zoom.value, before] = [found, 100, 100];
    x = (canvas.width - picture.width * scale()) / 2;
    y = (canvas.height - picture.height * scale()) / 2;
    stage.hidden = canvas.hidden = false;
    paint();
    stage.scrollIntoView({ block: "nearest" });
  };
  input.after(stage);  // beside the field that it belongs to
  input.addEventListener("change", () => {
    const file = input.files[0];
    if (!file || !/^image\//.test(file.type)) return;
    const reader = new FileReader();
    reader.onload = () => {
      const read = new Image();
      read.onload = () => show(read);
      read.src = reader.result;
    };
    reader.readAsDataURL(file);
  });

  const camera = stage.querySelector("[data-crop-video]");
  if (navigator.mediaDevices && camera) {
    const button = document.createElement("button");
    [button.type, button.className, button.textContent] = ["button", "button plain", "用摄像头拍摄"];
    input.after(button);
    let stream = null;
    const stop = () => {
      if (stream) stream.getTracks().forEach((track) => track.stop());
      stream = null;
      camera.hidden = true;
      button.textContent = "用摄像头拍摄";
    };
    button.addEventListener("click", async () => {
      if (stream) {
        const shot = document.createElement("canvas");
        [shot.width, shot.height] = [camera.videoWidth, camera.videoHeight];
        shot.getContext("2d").drawImage(camera, 0, 0);
        stop();
        input.required = false;
        show(shot);
        return;
      }
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user", width: 1280, height: 960 } });
      } catch {
        button.textContent = "没有摄像头，或没有允许使用：请选择照片文件";
        return;
      }
      camera.srcObject = stream;
      await camera.play();
      [stage.hidden, camera.hidden, canvas.hidden] = [false, false, true];
      button.textContent = "拍下";
    });
    addEventListener("pagehide", stop);
  }

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

  input.form.addEventListener("submit", (event) => {
    if (!picture) return;
    if (!cut) {
      event.preventDefault();
      cropped().then(() => input.form.requestSubmit());
      return;
    }
    const carrier = new DataTransfer();
    carrier.items.add(new File([cut], "portrait.jpg", { type: "image/jpeg" }));
    input.files = carrier.files;
  });
})();
