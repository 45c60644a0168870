// Times the loops of loops.mjs in Node and in headless Chromium, and prints them side by side.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { measure } from "./loops.mjs";
import { moduleFolder, repository, scenarios as files, shardlab } from "./module.mjs";

const scenarios = files.map((file) => JSON.parse(file.text));
const webdriver = JSON.parse(readFileSync(new URL("webdriver.json", repository), "utf8"));

/** The files of a page that runs the loops; they come straight from the disk. */
const FILES = {
  "/": { body: "<!DOCTYPE html>", contentType: "text/html" },
  "/loops.mjs": { path: fileURLToPath(new URL("loops.mjs", import.meta.url)) },
  "/shardlab.js": { path: `${moduleFolder}/web/shardlab.js` },
  "/shardlab_bg.wasm": { path: `${moduleFolder}/web/shardlab_bg.wasm` },
};

/** The results of the loops in Chromium. */
async function measureInChromium() {
  const { args } = webdriver["goog:chromeOptions"];
  const browser = await chromium.launch({ executablePath: process.env.CHROME, args });
  try {
    const page = await browser.newPage();
    await page.route("http://bench.test/**", (route) =>
      route.fulfill(FILES[new URL(route.request().url()).pathname] ?? { status: 404 }),
    );
    await page.goto("http://bench.test/");
    return await page.evaluate(async (scenarios) => {
      const shardlab = await import("/shardlab.js");
      await shardlab.default();
      const { measure } = await import("/loops.mjs");
      return measure(shardlab, scenarios);
    }, scenarios);
  } finally {
    await browser.close();
  }
}

function printRow(name, ...cells) {
  console.log(name.padEnd(40), ...cells.map((cell) => cell.padStart(12)));
}

const node = await measure(shardlab, scenarios);
const browser = await measureInChromium();
printRow("times per second", "Node", "Chromium", "ratio");
for (const [idx, { name, perSecond }] of node.entries()) {
  const other = browser[idx].perSecond;
  printRow(name, perSecond.toFixed(1), other.toFixed(1), (other / perSecond).toFixed(2));
}
