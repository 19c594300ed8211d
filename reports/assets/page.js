
"use strict";
document.documentElement.classList.add("js");
const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

// on a phone the list of clusters would stand before everything
if (matchMedia("(max-width: 60rem)").matches) {
  all("nav.side details").forEach((details) => { details.open = false; });
}

// what came last is what is looked for
for (const box of all(".scroll")) {
  if (box.querySelector("svg.timeline, table.heat")) box.scrollLeft = box.scrollWidth;
}

// tables sort by their headings
for (const table of all("table.sortable")) {
  all("thead th", table).forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const falls = heading.getAttribute("aria-sort") === "ascending";
      all("th", table).forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", falls ? "descending" : "ascending");
      const key = (row) => (row.cells[column].dataset.value ?? row.cells[column].textContent.trim()).replace(/(\d),(?=\d{3})/g, "$1");
      const rows = all("tbody tr", table);
      rows.sort((a, b) => key(a).localeCompare(key(b), "en", { numeric: true }) * (falls ? -1 : 1));
      table.tBodies[0].append(...rows);
    });
  });
}

// what is typed hides rows and clusters without it; a box hides a priority
const search = document.querySelector("#filter");
const boxes = all("input[data-priority]");
const told = document.querySelector("#filtered");
function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.dataset.priority));
  let count = 0;
  for (const item of all("[data-text]")) {
    const text = item.dataset.text.toLowerCase();
    const fits = words.every((word) => text.includes(word)) && (!boxes.length || shown.has(item.dataset.priority));
    item.hidden = !fits;
    if (fits && item.tagName === "TR") count += 1;
  }
  told.textContent = `${count} shown`;
}
if (search) {
  search.addEventListener("input", filter);
  boxes.forEach((box) => box.addEventListener("change", filter));
}

const fold = document.querySelector("#fold");
if (fold) {
  fold.addEventListener("click", () => {
    const opens = fold.dataset.opens !== "no";
    all("main details").forEach((details) => { details.open = opens; });
    fold.dataset.opens = opens ? "no" : "yes";
    fold.textContent = opens ? "Fold all" : "Unfold all";
  });
}

for (const box of all(".copied")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    const text = box.querySelector("pre").textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(box.querySelector("pre"));
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  box.append(button);
}
