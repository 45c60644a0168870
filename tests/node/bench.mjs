// Times the loops of loops.mjs in Node and in headless Chromium, and prints them side by side.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { measure } from "./loops.mjs";
import { moduleFolder, repository, shardlab } from "./module.mjs";

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
    return await page.evaluate(async () => {
      const shardlab = await import("/shardlab.js");
      await shardlab.default();
      const { measure } = await import("/loops.mjs");
      return measure(shardlab);
    });
  } finally {
    await browser.close();
  }
}

function print(place, results) {
  console.log(`${place.padEnd(42)} ${"ns/record".padStart(10)} ${"reference".padStart(10)} ${"ratio".padStart(6)}`);
  for (const { name, pipeline, reference } of results) {
    const cells = [pipeline.toFixed(0).padStart(10), reference.toFixed(0).padStart(10)];
    console.log(`${name.padEnd(42)} ${cells.join(" ")} ${(reference / pipeline).toFixed(2).padStart(6)}`);
  }
}

print("Node", await measure(shardlab));
print("Chromium", await measureInChromium());
