// Watches article C play, as a newcomer would in the first seconds, and prints the functions of its wasm that ran. Started by
// `cargo xtask late`, with the folder of a page whose functions say when they run.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";

const TYPES = { css: "text/css", html: "text/html", js: "text/javascript", svg: "image/svg+xml" };
const folder = process.argv[2];
const ran = new Set();

async function use(browser, options) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  await page.route("**/*", (route) => {
    const path = new URL(route.request().url()).pathname;
    const file = path === "/" ? "/index.html" : path;
    route.fulfill({ body: readFileSync(join(folder, file)), contentType: TYPES[file.split(".").pop()] });
  });
  await page.goto("http://localhost/");
  await page.locator("html[data-ready=true]").waitFor();
  await page.getByTestId("play-pause").click();
  await page.waitForTimeout(5_000);
  await page.getByTestId("speed-max").click();
  await page.waitForTimeout(5_000);
  for (const idx of await page.evaluate(() => [...window.shardlabRan])) {
    ran.add(idx);
  }
  await context.close();
}

const browser = await chromium.launch({ executablePath: process.env.CHROME, args: ["--no-sandbox"] });
try {
  for (const options of [{ locale: "en-US" }, { locale: "ja-JP", colorScheme: "dark" }]) {
    await use(browser, options);
  }
} finally {
  await browser.close();
}
console.log([...ran].sort((a, b) => a - b).join(" "));
