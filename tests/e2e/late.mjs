// Watches article C play, as newcomers would in the first seconds, and prints which points of its code the wasm came to.
// Started by `cargo xtask late`, with the folder of a page that notes them.
//
// The page's clock is driven from here, so that the same program comes to the same points on every machine.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";

const TYPES = { css: "text/css", html: "text/html", js: "text/javascript", svg: "image/svg+xml", wasm: "application/wasm" };
const folder = process.argv[2];
const reached = new Set();

const LARGE = { width: 1440, height: 900 };
const NEWCOMERS = [
  { locale: "en-US", viewport: LARGE },
  { locale: "ja-JP", viewport: LARGE, colorScheme: "dark" },
  { locale: "ja-JP", viewport: { width: 1024, height: 768 }, reducedMotion: "reduce" },
  { locale: "en-US", viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, hasTouch: true, isMobile: true },
  { locale: "en-US", viewport: LARGE, forcedColors: "active" },
];

/** Serves the folder. For some what follows the first part does not come: the page that says so still plays. */
async function serve(page, restComes) {
  await page.route("**/*", (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path.includes("shardlab_rest") && !restComes) {
      return route.abort();
    }
    const file = path === "/" ? "index.html" : path;
    return route.fulfill({ body: readFileSync(join(folder, file)), contentType: TYPES[file.split(".").pop()] });
  });
}

async function use(browser, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const pass = (ms) => page.clock.runFor(ms);
  await page.clock.install({ time: new Date("2026-01-01T00:00:00Z") });
  await serve(page, options !== NEWCOMERS[0]);
  await page.goto("http://localhost/");
  await page.locator("html[data-ready=true]").waitFor();
  await pass(1_000);
  await lookAround(page);
  await page.getByTestId("play-pause").click();
  await pass(4_000);
  for (const speed of ["0.5", "1", "2", "5", "20"]) {
    await setSpeed(page, speed);
    await pass(1_000);
  }
  await lookAround(page);
  await page.keyboard.press("Space");
  await pass(500);
  await page.keyboard.press("Space");
  await page.setViewportSize({ width: options.viewport.width - 60, height: options.viewport.height - 60 });
  await pass(500);
  await setSpeed(page, "max");
  await pass(5_000);
  const bytes = await page.evaluate(() => [...window.shardlabReached()]);
  bytes.forEach((isReached, place) => isReached && reached.add(place));
  await context.close();
}

/** Chooses a speed in the row of buttons, or in the menu where there is no room for them. */
async function setSpeed(page, name) {
  const menu = page.getByTestId("speed-menu");
  if (await menu.isVisible()) {
    await menu.selectOption(name);
  } else {
    await page.locator(".segment", { has: page.getByTestId(`speed-${name}`) }).click();
  }
}

/** Moves the mouse over the page. */
async function lookAround(page) {
  const { width, height } = page.viewportSize();
  for (let x = 0.05; x < 1; x += 0.15) {
    for (let y = 0.05; y < 1; y += 0.1) {
      await page.mouse.move(x * width, y * height);
    }
    await page.clock.runFor(50);
  }
}

const browser = await chromium.launch({ executablePath: process.env.CHROME, args: ["--no-sandbox"] });
try {
  for (const options of NEWCOMERS) {
    await use(browser, options);
  }
} finally {
  await browser.close();
}
console.log([...reached].sort((a, b) => a - b).join(" "));
