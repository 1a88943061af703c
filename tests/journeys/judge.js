// What every page must be, wherever a journey arrives: read by tests/journeys/walk.py. Returns what is wrong.
async () => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const short = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 160);
  const root = document.documentElement;
  const wrong = [];

  if (!root.lang.startsWith("zh")) wrong.push(`language is ${root.lang || "not said"}`);
  if (all("h1").length !== 1) wrong.push(`${all("h1").length} first headings`);
  if (!document.title.trim()) wrong.push("no title");
  if (root.scrollWidth > root.clientWidth) {
    const edge = root.clientWidth;
    const clips = (e) => e && e !== root && (getComputedStyle(e).overflowX !== "visible" || clips(e.offsetParent));
    const out = all("body *").filter((e) => e.getBoundingClientRect().right > edge + 1 && !clips(e.offsetParent));
    wrong.push(`scrolls sideways, ${root.scrollWidth} in ${edge}: ${out.slice(0, 3).map(short).join("  ")}`);
  }

  const named = (e) => e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.title
    || (e.labels && [...e.labels].some((label) => label.textContent.trim()));
  for (const e of all("input:not([type=hidden]), select, textarea")) if (!named(e)) wrong.push(`no label: ${short(e)}`);
  for (const e of all("a[href], button")) if (!named(e) && !e.textContent.trim()) wrong.push(`no name: ${short(e)}`);
  for (const e of all("img:not([alt])")) wrong.push(`no alternative: ${short(e)}`);
  for (const e of all("img")) {
    e.loading = "eager";
    await e.decode().catch(() => wrong.push(`no picture: ${short(e)}`));
  }

  const ids = all("[id]").map((e) => e.id);
  for (const id of ids.filter((id, place) => ids.indexOf(id) !== place)) wrong.push(`two elements named ${id}`);
  for (const e of all("[aria-labelledby], [aria-describedby], label[for], a[href^='#']")) {
    const asked = e.getAttribute("aria-labelledby") || e.getAttribute("aria-describedby") || e.getAttribute("for")
      || e.getAttribute("href").slice(1);
    for (const id of asked.split(" ")) if (!ids.includes(id)) wrong.push(`nobody is named ${id}: ${short(e)}`);
  }

  // contrast AA of plain text: 4.5, or 3 where it is large
  const parts = (colour) => {
    const found = colour.match(/[\d.]+/g).map(Number);
    return colour.startsWith("color(") ? [...found.slice(0, 3).map((c) => c * 255), found[3] ?? 1] : found;
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const [r, g, b, alpha = 1] = parts(getComputedStyle(e).backgroundColor);
      if (alpha > 0.5) return [r, g, b];
    }
    return [255, 255, 255];
  };
  for (const e of all("body *")) {
    const text = [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent.trim());
    if (!text || e.closest("svg, [disabled], option, script, .unseen, .skip") || !e.checkVisibility()) continue;
    const style = getComputedStyle(e);
    const [a, b] = [light(parts(style.color).slice(0, 3)), light(behind(e))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (contrast < (large ? 3 : 4.5)) wrong.push(`contrast ${contrast.toFixed(2)}: ${short(e)}`);
  }
  return wrong;
}
