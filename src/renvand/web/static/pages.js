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
