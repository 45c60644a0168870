// Watches article C play, as newcomers would in the first seconds, and prints which points of its code the wasm came to,
// and in a second line which places of the style sheet were used.
// Started by `cargo xtask late`, with the folder of a page that notes them.
//
// The page's clock is driven from here, so that the same program comes to the same points on every machine.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";

const TYPES = { css: "text/css", html: "text/html", js: "text/javascript", svg: "image/svg+xml", wasm: "application/wasm" };
const folder = process.argv[2];
const reached = new Set();
const used = new Set();

const LARGE = { width: 1440, height: 900 };
const NEWCOMERS = [
  { locale: "en-US", viewport: LARGE },
  { locale: "ja-JP", viewport: LARGE, colorScheme: "dark" },
  { locale: "ja-JP", viewport: { width: 1024, height: 768 }, reducedMotion: "reduce" },
  { locale: "en-US", viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, hasTouch: true, isMobile: true },
  { locale: "en-US", viewport: LARGE, forcedColors: "active" },
  { locale: "en-US", viewport: { width: 1280, height: 720 } },
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

/** The last of them on a slow machine, in real time: the first frames come late. */
async function useSlowly(browser) {
  const context = await browser.newContext(NEWCOMERS.at(-1));
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 8 });
  await serve(page, true);
  await page.goto("http://localhost/");
  await page.locator("html[data-ready=true]").waitFor();
  await page.waitForTimeout(2_000);
  await page.getByTestId("play-pause").click();
  await page.waitForTimeout(4_000);
  await collect(page);
  await context.close();
}

/** Notes what a page has come to. */
async function collect(page) {
  const bytes = await page.evaluate(() => [...window.shardlabReached()]);
  bytes.forEach((isReached, place) => isReached && reached.add(place));
}

async function use(browser, options, { speed, stands }) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const pass = (ms) => page.clock.runFor(ms);
  await page.clock.install({ time: new Date("2026-01-01T00:00:00Z") });
  // Yew lets frames in between while it works for more than 16 ms: by a clock that stands still it never does.
  if (stands) {
    await page.clock.pauseAt(new Date("2026-01-01T00:00:01Z"));
  }
  await serve(page, options !== NEWCOMERS[0]);
  await page.coverage.startCSSCoverage();
  await page.goto("http://localhost/");
  await page.locator("html[data-ready=true]").waitFor();
  await pass(1_000);
  await page.getByTestId("play-pause").click();
  await pass(2_000);
  // A frame that comes late.
  await page.clock.fastForward(300);
  await pass(2_000);
  await setSpeed(page, speed);
  await pass(13_000);
  await collect(page);
  const sheets = await page.coverage.stopCSSCoverage();
  const [sheet] = sheets.filter(({ url }) => url.includes("/style-"));
  sheet.ranges.forEach(({ start, end }) => used.add(`${start}-${end}`));
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

const browser = await chromium.launch({ executablePath: process.env.CHROME, args: ["--no-sandbox"] });
try {
  for (const [place, options] of NEWCOMERS.entries()) {
    for (const stands of [true, false]) {
      await use(browser, options, { speed: place % 2 === 0 ? "20" : "max", stands });
    }
  }
  await useSlowly(browser);
} finally {
  await browser.close();
}
console.log([...reached].sort((a, b) => a - b).join(" "));
console.log([...used].join(" "));
