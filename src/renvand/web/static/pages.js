// What a page cannot do without a script: paste a block of cells, add rows, jump to the search.
"use strict";

const cellsOf = (row) => [...row.querySelectorAll("input, select")];

function addRow(form) {
  const rows = form.querySelectorAll("tbody tr");
  const last = rows[rows.length - 1];
  const row = last.cloneNode(true);
  const at = Number(last.dataset.row) + 1;
  row.dataset.row = at;
  row.querySelector("th").textContent = at + 1;
  row.querySelectorAll(".fault").forEach((fault) => fault.remove());
  row.querySelectorAll(".wrong").forEach((cell) => cell.classList.remove("wrong"));
  for (const cell of cellsOf(row)) {
    cell.name = cell.name.replace(/^c-\d+-/, `c-${at}-`);
    cell.setAttribute("aria-label", cell.getAttribute("aria-label").replace(/\d+$/, at + 1));
    if (cell.tagName === "SELECT") cell.selectedIndex = 0;
    else cell.value = "";
  }
  last.after(row);
  return row;
}

function put(cell, text) {
  if (cell.tagName !== "SELECT") {
    cell.value = text;
    return;
  }
  const wanted = text.toLowerCase();
  const found = [...cell.options].find(
    (option) => option.value.toLowerCase() === wanted || option.text.toLowerCase() === wanted,
  );
  cell.value = found ? found.value : "";
}

function pasteBlock(form, start, text) {
  const block = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
  let row = start.closest("tr");
  const first = cellsOf(row).indexOf(start);
  block.forEach((line, at) => {
    if (at > 0) row = row.nextElementSibling || addRow(form);
    const cells = cellsOf(row);
    line.forEach((value, place) => {
      if (cells[first + place]) put(cells[first + place], value.trim());
    });
  });
  form.dispatchEvent(new Event("pasted"));
}

function step(cell, key) {
  const row = cell.closest("tr");
  const next = key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
  const target = next && cellsOf(next)[cellsOf(row).indexOf(cell)];
  if (target) target.focus();
  return Boolean(target);
}

for (const form of document.querySelectorAll("[data-grid]")) {
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (event.target.matches("td input") && /[\t\n]/.test(text.trimEnd())) {
      event.preventDefault();
      pasteBlock(form, event.target, text);
    }
  });
  form.addEventListener("keydown", (event) => {
    const isCell = event.target.matches("td input");
    if (isCell && ["ArrowUp", "ArrowDown"].includes(event.key) && !event.target.list) {
      if (step(event.target, event.key)) event.preventDefault();
    }
    if (isCell && event.key === "Enter" && !event.ctrlKey) {
      event.preventDefault(); // Enter goes down a row, as in a sheet; Ctrl-Enter saves
      step(event.target, "ArrowDown");
    }
    if (event.key === "Enter" && event.ctrlKey) form.requestSubmit();
  });
  const more = form.querySelector("[data-more]");
  if (more) {
    more.hidden = false;
    more.addEventListener("click", () => cellsOf(addRow(form))[0].focus());
  }
  let changed = false;
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("pasted", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  window.addEventListener("beforeunload", (event) => changed && event.preventDefault());
}

for (const form of document.querySelectorAll("form[data-submit]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

document.addEventListener("input", (event) => {
  const shown = event.target.matches("input[type=range]") && event.target.labels[0].querySelector("output");
  if (shown) shown.value = event.target.value;
});

document.addEventListener("keydown", (event) => {
  const search = document.querySelector("input[type=search]");
  const isTyping = event.target.matches("input, select, textarea");
  if (event.key === "/" && search && !isTyping && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    search.focus();
  }
});

// Where the pages or tabs go on to the side, the one that is shown is in sight.
for (const way of document.querySelectorAll(".ways [aria-current], .tabs [aria-current]")) {
  const row = way.parentElement;
  if (row.scrollWidth > row.clientWidth) row.scrollLeft = way.offsetLeft - row.offsetLeft - 40;
}

// A map is an SVG: its view box moves and grows; circles keep the size they have on the screen.
const CLOSEST = 24;

function mapOf(figure) {
  const svg = figure.querySelector("svg");
  const whole = svg.viewBox.baseVal;
  const all = { x: whole.x, y: whole.y, w: whole.width, h: whole.height };
  const circles = [...svg.querySelectorAll("circle")].map((circle) => [circle, circle.r.baseVal.value]);
  const numbers = [...svg.querySelectorAll("text[font-size]")].map((text) => [text, +text.getAttribute("font-size")]);
  let box = { ...all };
  const draw = () => {
    const scale = box.w / all.w;
    box.x = Math.min(Math.max(box.x, all.x), all.x + all.w - box.w);
    box.y = Math.min(Math.max(box.y, all.y), all.y + all.h - box.h);
    svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.w} ${box.h}`);
    for (const [circle, radius] of circles) circle.setAttribute("r", radius * Math.sqrt(scale) * scale ** 0.3);
    for (const [text, size] of numbers) text.setAttribute("font-size", size * scale);
    svg.querySelectorAll(".districts path, .rivers path, .reaches path").forEach((path) =>
      path.setAttribute("vector-effect", "non-scaling-stroke"),
    );
  };
  const place = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [point.x, point.y];
  };
  const zoom = (factor, [x, y] = [box.x + box.w / 2, box.y + box.h / 2]) => {
    const wide = Math.min(Math.max(box.w * factor, all.w / CLOSEST), all.w);
    const share = wide / box.w;
    box = { x: x - (x - box.x) * share, y: y - (y - box.y) * share, w: wide, h: box.h * share };
    draw();
  };
  return { svg, place, zoom, move: (x, y) => ((box.x += x), (box.y += y), draw()), reset: () => ((box = { ...all }), draw()), box: () => box };
}

for (const figure of document.querySelectorAll("[data-map]")) {
  const map = mapOf(figure);
  const held = new Map(); // pointers on the map: one moves it, two pinch it
  let gap = 0;
  let moved = false;
  map.svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    map.zoom(event.deltaY > 0 ? 1.25 : 0.8, map.place(event));
  }, { passive: false });
  map.svg.addEventListener("pointerdown", (event) => {
    held.set(event.pointerId, event);
    moved = false;
    gap = 0;
  });
  map.svg.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) return;
    const far = Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY);
    if (!moved && far < 4) return; // a click that shakes
    if (!moved) map.svg.setPointerCapture(event.pointerId);
    moved = true;
    if (held.size === 1) {
      const [x, y] = map.place(event);
      const [u, v] = map.place(before);
      map.move(u - x, v - y);
    }
    held.set(event.pointerId, event);
    if (held.size === 2) {
      const [one, two] = [...held.values()];
      const now = Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
      const middle = { clientX: (one.clientX + two.clientX) / 2, clientY: (one.clientY + two.clientY) / 2 };
      if (gap) map.zoom(gap / now, map.place(middle));
      gap = now;
    }
  });
  for (const end of ["pointerup", "pointercancel"]) map.svg.addEventListener(end, (event) => held.delete(event.pointerId));
  map.svg.addEventListener("dragstart", (event) => event.preventDefault());
  map.svg.addEventListener("click", (event) => moved && event.preventDefault(), true);
  const buttons = document.createElement("div");
  buttons.className = "zoom";
  for (const [sign, label, act] of [["+", figure.dataset.in, () => map.zoom(0.6)], ["−", figure.dataset.out, () => map.zoom(1 / 0.6)], ["⌂", figure.dataset.all, map.reset]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", label);
    button.title = label;
    button.addEventListener("click", act);
    buttons.append(button);
  }
  buttons.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    map.move(step[0] * map.box().w * 0.2, step[1] * map.box().h * 0.2);
  });
  figure.prepend(buttons);
}
