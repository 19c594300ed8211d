// Opens pages in headless Chromium, as a reader on a desk and on a phone would, and says what is wrong with them.
// Usage: node check.mjs CHROMIUM PAGE...   Exit status 1 if anything is.
import fs from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [chromium, ...pages] = process.argv.slice(2);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox"] });
const faults = [];

async function open(file, width, scheme) {
  const page = await browser.newPage();
  const url = pathToFileURL(file).href;
  const fault = (text) => faults.push(`${file} at ${width}, ${scheme}: ${text}`);
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  page.on("console", (message) => ["error", "warn"].includes(message.type()) && fault(`console: ${message.text()}`));
  page.on("pageerror", (error) => fault(`script: ${error.message}`));
  page.on("dialog", (dialog) => { fault(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => request.url() !== url && fault(`request: ${request.url()}`));
  await page.goto(url);
  return { page, fault };
}

async function looks(file, width, scheme) {
  const { page, fault } = await open(file, width, scheme);
  const [needs, has] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  if (needs > has) fault(`${needs} wide`);
  if (await page.evaluate(() => "injected" in window)) fault("injected text ran");
  await page.close();
}

async function works(file) {
  const { page, fault } = await open(file, 1440, "light");
  const sorted = await page.evaluate(() => {
    const table = document.querySelector("table.sortable");
    const button = [...(table?.querySelectorAll("th button") ?? [])].find((one) => one.textContent === "entries");
    if (!button) return true;
    const column = button.parentElement.cellIndex;
    const values = () => [...table.tBodies[0].rows].map((row) => Number((row.cells[column].dataset.value ?? row.cells[column].textContent).replaceAll(",", "")));
    button.click();
    const rises = values().every((value, at, all) => at === 0 || all[at - 1] <= value);
    button.click();
    return rises && values().every((value, at, all) => at === 0 || all[at - 1] >= value);
  });
  if (!sorted) fault("a table does not sort by its entries");
  const filtered = await page.evaluate(() => {
    const search = document.querySelector("#filter");
    if (!search) return true;
    const rows = [...document.querySelectorAll("tr[data-text]")];
    const word = rows[0].dataset.text;
    search.value = word;
    search.dispatchEvent(new Event("input"));
    const shown = rows.filter((row) => !row.hidden);
    const fits = shown.length > 0 && shown.every((row) => row.dataset.text.includes(word.split(" ")[0]));
    search.value = "no cluster says this";
    search.dispatchEvent(new Event("input"));
    const none = rows.every((row) => row.hidden);
    search.value = "";
    search.dispatchEvent(new Event("input"));
    return fits && none && rows.every((row) => !row.hidden);
  });
  if (!filtered) fault("the filter does not work");
  const opened = await page.evaluate(() => {
    const link = document.querySelector('a.n[href^="#q-"]');
    if (!link) return true;
    link.click();
    const query = document.querySelector(link.getAttribute("href"));
    return getComputedStyle(query).display !== "none" && query.textContent.includes("select");
  });
  if (!opened) fault("a number does not open its query");
  await page.close();
}

async function accessible(file, scheme) {
  const page = await browser.newPage();
  // the checker is no part of the page and its policy would keep it out
  await page.setBypassCSP(true);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run());
  for (const { impact, id, nodes } of found.violations) {
    if (["serious", "critical"].includes(impact)) faults.push(`${file}, ${scheme}: ${impact} ${id}: ${nodes[0].html.slice(0, 160)}`);
  }
  await page.close();
}

for (const file of pages) {
  for (const width of [390, 1440]) for (const scheme of ["light", "dark"]) await looks(file, width, scheme);
  await works(file);
  for (const scheme of ["light", "dark"]) await accessible(file, scheme);
}
await browser.close();
console.log(faults.length ? faults.join("\n") : `${pages.length} pages are in order`);
process.exit(faults.length ? 1 : 0);
