// Chooses spans on a worklog's page, by link, by keyboard and by mouse, and holds its counts against those of SQL.
// Usage: node span.mjs CHROMIUM PAGE EXPECTED   Exit status 1 if anything differs.
// EXPECTED: [{"from": "2025-09-14T09:30Z", "to": ..., "grades": {"error": 3}, "clusters": {"1": 12}}]
import fs from "node:fs";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [chromium, file, expected] = process.argv.slice(2);
const spans = JSON.parse(fs.readFileSync(expected, "utf8"));
const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox"] });
const faults = [];
let page;
async function open(hash) {
  await page?.close();
  page = await browser.newPage();
  await page.setViewport({ width: 1440, height: 900 });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("console", (message) => ["error", "warn"].includes(message.type()) && faults.push(`console: ${message.text()}`));
  await page.goto(pathToFileURL(file).href + hash);
  await page.waitForSelector("#span-told");
}

// as a reader sees them: what stands in the legend, in the table and in the sections
const counted = () => page.evaluate(() => {
  const number = (text) => Number(text.replaceAll(",", ""));
  const grades = Object.fromEntries([...document.querySelectorAll("[data-grade]")].map((grade) => [grade.dataset.grade, number(grade.textContent)]));
  const clusters = {};
  for (const row of document.querySelectorAll("tr[data-cluster]")) {
    const section = document.querySelector(`section[data-cluster="${row.dataset.cluster}"]`);
    const line = section.querySelector(".of-span").textContent.match(/: ([\d,]+) of/);
    const inRow = row.querySelector(".of-span").textContent.match(/([\d,]+) of/);
    if (line?.[1] !== inRow?.[1] || row.hidden !== section.hidden) clusters[row.dataset.cluster] = "table and section differ";
    else if (inRow && (number(inRow[1]) === 0) !== row.hidden) clusters[row.dataset.cluster] = "shown without an entry, or hidden with one";
    else if (inRow) clusters[row.dataset.cluster] = number(inRow[1]);
  }
  return { grades, clusters, address: location.hash, told: document.querySelector("#span-told").textContent };
});

function compare(how, found, span) {
  for (const kind of ["grades", "clusters"]) {
    for (const name of new Set([...Object.keys(found[kind]), ...Object.keys(span[kind])])) {
      const [has, wants] = [found[kind][name] ?? 0, span[kind][name] ?? 0];
      if (has !== wants) faults.push(`${span.from} to ${span.to} by ${how}: ${kind} ${name}: ${has} on the page, ${wants} in SQL`);
    }
  }
  if (!Object.keys(found.clusters).length) faults.push(`${span.from} to ${span.to} by ${how}: no cluster has a count`);
}

for (const span of spans) {
  await open(`#from=${span.from}&to=${span.to}`);
  compare("link", await counted(), span);
  // to the whole time and back with the keyboard
  const ends = await page.evaluate(() => ["from", "to"].map((end) => Number(document.querySelector(`#span-${end}`).value)));
  await page.click("#span-all");
  const whole = await page.evaluate(() => [location.hash, [...document.querySelectorAll("tr[data-cluster]")].some((row) => row.hidden)]);
  if (whole[0] !== "" || whole[1]) faults.push(`the whole time is not back: ${whole}`);
  for (const [name, end] of [["to", ends[1]], ["from", ends[0]]]) {
    // one press from there: a thousand would take their time
    await page.$eval(`#span-${name}`, (slider, value) => { slider.value = value; }, end - 1);
    await page.focus(`#span-${name}`);
    await page.keyboard.press("ArrowRight");
  }
  const typed = await counted();
  compare("keyboard", typed, span);
  if (typed.address !== `#from=${span.from}&to=${span.to}`) faults.push(`the address is ${typed.address}`);
}

// a drag gives whole slots, and the address it leaves gives the same counts
await page.click("#span-all");
const box = await (await page.$("svg.timeline")).boundingBox();
await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
await page.mouse.down();
await page.mouse.move(box.x + box.width * 0.9, box.y + 50, { steps: 5 });
await page.mouse.up();
const dragged = await counted();
if (!/^#from=.+Z&to=.+Z$/.test(dragged.address)) faults.push(`a drag leaves the address ${dragged.address}`);
if (await page.evaluate(() => document.querySelectorAll("svg.timeline rect.outside").length) !== 2) faults.push("the chart is not pale outside of the span");
await open(dragged.address);
compare("its own link", await counted(), { ...dragged, from: "a drag", to: "its end" });

await browser.close();
console.log(faults.length ? faults.join("\n") : `${spans.length} spans are counted as SQL counts them`);
process.exit(faults.length ? 1 : 0);
