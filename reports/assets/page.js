
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

// a span of the window: counts are of slots, which SQL counted, so that they are exact
const span = document.querySelector("#span");
const whole = span ? [0, Number(span.dataset.count)] : null;
let chosen = whole;
const milliseconds = (text) => Number(BigInt(text) / 1000000n);
const slots = new Map();
function slotsOf(element) {
  if (!slots.has(element)) {
    slots.set(element, element.dataset.slots.split(" ").filter(Boolean).map((text) => {
      const [slot, count] = text.split(":").map(Number);
      return [slot, count ?? 1];
    }));
  }
  return slots.get(element);
}
function countOf(element, [from, to]) {
  return slotsOf(element).reduce((sum, [slot, count]) => sum + (slot >= from && slot < to ? count : 0), 0);
}
const isWhole = () => !span || (chosen[0] === whole[0] && chosen[1] === whole[1]);
const sections = new Map(all("section[data-slots]").map((section) => [section.dataset.cluster, section]));
const isOutside = (item) => !isWhole() && sections.has(item.dataset.cluster) && countOf(sections.get(item.dataset.cluster), chosen) === 0;

// what is typed hides rows and clusters without it; a box hides a priority, a chosen span what has no entry in it
const search = document.querySelector("#filter");
const boxes = all("input[data-priority]");
const told = document.querySelector("#filtered");
function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.dataset.priority));
  let count = 0;
  for (const item of all("[data-text]")) {
    const text = item.dataset.text.toLowerCase();
    const fits = words.every((word) => text.includes(word)) && (!boxes.length || shown.has(item.dataset.priority)) && !isOutside(item);
    item.hidden = !fits;
    if (fits && item.tagName === "TR") count += 1;
  }
  told.textContent = `${count} shown`;
}
if (search) {
  search.addEventListener("input", filter);
  boxes.forEach((box) => box.addEventListener("change", filter));
}

if (span) {
  const slot = milliseconds(span.dataset.slot);
  const first = milliseconds(span.dataset.first);
  const ends = [milliseconds(span.dataset.from), milliseconds(span.dataset.to)];
  const timeline = document.querySelector("svg.timeline");
  const [fromBox, toBox] = [span.querySelector("#span-from"), span.querySelector("#span-to")];
  const button = span.querySelector("#span-all");
  const number = new Intl.NumberFormat("en");
  const clock = new Intl.DateTimeFormat("sv", { timeZone: span.dataset.zone, dateStyle: "short", timeStyle: "short" });
  const timeOf = (at) => Math.min(Math.max(first + at * slot, ends[0]), ends[1]);
  const linked = (time) => new Date(time).toISOString().replace(/:00\.000Z$/, "Z");
  const drawn = [milliseconds(timeline.dataset.from), milliseconds(timeline.dataset.to)];
  const share = (time) => Math.min(Math.max((time - drawn[0]) / Math.max(drawn[1] - drawn[0], 1), 0), 1);

  // what is outside of the span is pale
  function shade(svg) {
    const { width, height } = svg.viewBox.baseVal;
    // times and names stay readable
    const [y, size] = svg === timeline ? [14, 106] : [0, height];
    all("rect.outside", svg).forEach((rect) => rect.remove());
    if (isWhole()) return;
    const [from, to] = chosen.map((at) => share(timeOf(at)) * width);
    for (const [x, end] of [[0, from], [to, width]]) {
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      const shape = { class: "outside", x, y, width: Math.max(end - x, 0), height: size };
      Object.entries(shape).forEach(([name, value]) => rect.setAttribute(name, value));
      svg.append(rect);
    }
  }
  function write() {
    const ofSpan = isWhole();
    const [from, to] = chosen.map((at) => clock.format(timeOf(at)));
    [fromBox.value, toBox.value] = chosen;
    fromBox.setAttribute("aria-valuetext", from);
    toBox.setAttribute("aria-valuetext", to);
    button.disabled = ofSpan;
    const grades = all("[data-grade]");
    grades.forEach((grade) => { grade.textContent = number.format(countOf(grade, chosen)); });
    const sum = (range) => grades.reduce((all, grade) => all + countOf(grade, range), 0);
    let seen = 0;
    for (const [name, section] of sections) {
      const [count, total] = [countOf(section, chosen), countOf(section, whole)];
      if (count) seen += 1;
      const line = section.querySelector(".of-span");
      line.hidden = ofSpan;
      line.textContent = `Entries in the chosen span: ${number.format(count)} of ${number.format(total)}`;
      const row = document.querySelector(`tr[data-cluster="${name}"]`);
      const part = row?.querySelector(".of-span");
      if (part) {
        part.textContent = ofSpan ? "" : `${number.format(count)} of `;
        part.parentElement.dataset.value = count;
      }
    }
    span.querySelector("#span-told").textContent = `${from} to ${to} (${span.dataset.zone}): ` + (ofSpan
      ? `entries: ${number.format(sum(whole))}, clusters: ${seen}`
      : `entries: ${number.format(sum(chosen))} of ${number.format(sum(whole))}, clusters: ${seen} of ${sections.size}`);
    [timeline, ...all("[data-cluster] svg.bars")].forEach(shade);
    if (search) filter();
  }
  function choose(from, to, isLinked = true) {
    const start = Math.min(Math.max(from, 0), whole[1] - 1);
    chosen = [start, Math.min(Math.max(to, start + 1), whole[1])];
    write();
    if (!isLinked) return;
    const [since, until] = chosen.map((at) => linked(timeOf(at)));
    history.replaceState(null, "", isWhole() ? location.pathname + location.search : `#from=${since}&to=${until}`);
  }
  fromBox.addEventListener("input", () => choose(Number(fromBox.value), Math.max(chosen[1], Number(fromBox.value) + 1)));
  toBox.addEventListener("input", () => choose(Math.min(chosen[0], Number(toBox.value) - 1), Number(toBox.value)));
  button.addEventListener("click", () => choose(...whole));

  // on a screen that is touched the chart scrolls
  let begun = null;
  const slotAt = (event) => {
    const box = timeline.getBoundingClientRect();
    return (drawn[0] + (drawn[1] - drawn[0]) * (event.clientX - box.left) / box.width - first) / slot;
  };
  timeline.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" || event.button !== 0) return;
    begun = { x: event.clientX, at: slotAt(event) };
    timeline.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  timeline.addEventListener("pointermove", (event) => {
    if (!begun || Math.abs(event.clientX - begun.x) < 4) return;
    const at = slotAt(event);
    choose(Math.floor(Math.min(begun.at, at)), Math.ceil(Math.max(begun.at, at)));
  });
  for (const end of ["pointerup", "pointercancel"]) timeline.addEventListener(end, () => { begun = null; });

  // `#from=2025-09-14T09:30Z&to=2025-09-14T10:00Z`; other links leave the span as it is
  function follow() {
    const link = new URLSearchParams(location.hash.slice(1));
    const [from, to] = [Date.parse(link.get("from") ?? ""), Date.parse(link.get("to") ?? "")];
    if (Number.isNaN(from) || Number.isNaN(to) || to <= from) return;
    choose(Math.floor((from - first) / slot), Math.ceil((to - first) / slot), false);
  }
  addEventListener("hashchange", follow);
  write();
  follow();
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
