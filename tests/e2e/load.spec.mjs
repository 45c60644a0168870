// Loading: from any path, within its size, and with a readable message when it cannot.
import { expect, test } from "@playwright/test";
import { gzipSync } from "node:zlib";
import { mounted, open, ready, watch } from "./page.mjs";
import { subpathUrl } from "./playwright.config.mjs";

// What a newcomer waits for, and what article C plays with. It may not grow; the bar is 220 kB (docs/performance.md).
const FIRST_LOAD_BYTES_MAX = 220_000;

// The rest of the program and all styles, which are fetched once the first picture is painted.
const REST = "**/shardlab_rest-*.wasm";
const STYLES = "**/style_whole-*.css";

/** What became of the rest of the program: none (yet), fetched, called or failed. */
const rest = (page) => page.evaluate(() => document.documentElement.dataset.rest);

for (const [place, address] of [["the root", "./"], ["a sub-path", subpathUrl]]) {
  test(`the page loads from ${place} without complaint`, async ({ page }) => {
    const complaints = watch(page);
    await open(page, address);
    expect(await page.evaluate(() => typeof window.shardlab)).toBe("object");
    await expect(page.locator("#boot")).toHaveCount(0);
    expect(complaints).toEqual([]);
  });
}

test("the first load is small, plays article C by itself, and fetches each file once", async ({ page }) => {
  const responses = [];
  page.on("response", (response) => responses.push(response));
  await page.route(REST, () => {});
  await page.route(STYLES, () => {});
  await page.goto("./");
  await mounted(page);
  await page.getByTestId("speed-max").click();
  await page.getByTestId("play-pause").click();
  await expect(page.getByTestId("article-row").filter({ hasText: "✓" })).toHaveCount(10);
  // Whatever called for the rest would still wait for it, and so would this.
  expect(await rest(page)).toBeUndefined();
  const names = responses.map((response) => response.url());
  expect(new Set(names).size, names.join("\n")).toBe(names.length);
  const bodies = await Promise.all(responses.map((response) => response.body()));
  const bytes = bodies.map((body) => gzipSync(body, { level: 9 }).length);
  const table = names.map((name, idx) => `${bytes[idx]} ${new URL(name).pathname}`).join("\n");
  console.log(`${table}\n${bytes.reduce((sum, size) => sum + size)} bytes gzipped in all`);
  expect(bytes.reduce((sum, size) => sum + size), table).toBeLessThanOrEqual(FIRST_LOAD_BYTES_MAX);
});

/** Lists the streams on the console's tab. */
async function useConsole(page) {
  await page.getByTestId("tab-console").click();
  const answer = await page.evaluate(() => window.shardlab.cli("aws kinesis list-streams"));
  expect(JSON.parse(answer.stdout).StreamNames).toHaveLength(1);
}

test("the rest of the program follows the first picture", async ({ page }) => {
  const complaints = watch(page);
  await open(page);
  await expect(page.locator("html")).toHaveAttribute("data-rest", "fetched");
  await useConsole(page);
  expect(complaints).toEqual([]);
});

test("what needs the rest of the program before it is there gets it at once", async ({ page }) => {
  const complaints = watch(page);
  await page.route(REST, (route) => (route.request().resourceType() === "xhr" ? route.continue() : undefined));
  await open(page);
  await useConsole(page);
  expect(await rest(page)).toBe("called");
  expect(complaints).toEqual([]);
});

test("the picture plays on without the rest of the program, and the page says so", async ({ page }) => {
  await page.route(REST, (route) => route.abort("blockedbyclient"));
  await open(page);
  const notice = page.getByTestId("boot-rest");
  await expect(notice.locator("p:not([lang])").first()).toContainText(/\w+ \w+/);
  await expect(notice.locator("p[lang=ja]")).toContainText(/[ぁ-ん]{2}/);
  await page.mouse.move(0, 100);
  await page.mouse.move(1_200, 700, { steps: 40 });
  await page.getByTestId("speed-max").click();
  await page.getByTestId("play-pause").click();
  await expect(page.getByTestId("article-row").filter({ hasText: "✓" })).toHaveCount(10);
  await page.unroute(REST);
  await notice.getByRole("button").click();
  await expect(page.locator("html")).toHaveAttribute("data-rest", "fetched");
});

test("a rest of the program with other content is not run", async ({ page }) => {
  await page.route(REST, (route) => route.fulfill({ contentType: "application/wasm", body: "no wasm" }));
  await open(page);
  await expect(page.getByTestId("boot-rest")).toContainText("not what was published");
});

test("the shell says what is coming before the program is there", async ({ page }) => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("./");
  await expect(page.getByRole("heading", { name: "Shardlab" })).toBeVisible();
  await expect(page.getByText("not affiliated with AWS")).toBeVisible();
  await expect(page.getByText("AWS とは関係ありません")).toBeVisible();
  await expect(page.getByRole("progressbar")).toBeVisible();
  release();
  await ready(page);
});

/** The message for one reason stands in both languages, and no other one. */
async function expectFailure(page, reason) {
  const failure = page.getByTestId("boot-failure");
  await expect(failure).toBeVisible();
  const shown = failure.locator("[data-failure]:visible");
  await expect(shown).toHaveAttribute("data-failure", reason);
  await expect(shown.locator("p:not([lang])")).toContainText(/\w+ \w+/);
  await expect(shown.locator("p[lang=ja]")).toContainText(/[ぁ-ん]{2}/);
  await expect(page.getByRole("progressbar")).toBeHidden();
}

const FAULTS = {
  "a blocked wasm file": ["**/*.wasm", (route) => route.abort("blockedbyclient")],
  "a missing wasm file": ["**/*.wasm", (route) => route.fulfill({ status: 404 })],
  "a blocked script": [/shardlab-.*\.js$/, (route) => route.abort("blockedbyclient")],
};
for (const [name, [files, fault]] of Object.entries(FAULTS)) {
  test(`${name} is explained, and Retry loads the page`, async ({ page }) => {
    await page.route(files, fault);
    await page.goto("./");
    await expectFailure(page, "download");
    await page.unroute(files);
    await page.getByTestId("boot-retry").click();
    await ready(page);
  });
}

test("a wasm file with other content is not run", async ({ page }) => {
  await page.route("**/*.wasm", (route) => route.fulfill({ contentType: "application/wasm", body: "no wasm" }));
  await page.goto("./");
  await expectFailure(page, "download");
});

test("a program that stops at its start is explained", async ({ page }) => {
  await page.addInitScript(() => (WebAssembly.instantiate = () => Promise.reject(new Error("no memory"))));
  await page.goto("./");
  await expectFailure(page, "start");
  await expect(page.getByText("no memory")).toBeVisible();
});

test("a browser without WebAssembly is told so", async ({ page }) => {
  await page.addInitScript(() => delete globalThis.WebAssembly);
  await page.goto("./");
  await expectFailure(page, "unsupported");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  test("the shell asks for it", async ({ page }) => {
    await page.goto("./");
    // By selector: Playwright's texts leave <noscript> out.
    await expect(page.locator("noscript p:not([lang])")).toBeVisible();
    await expect(page.locator("noscript p[lang=ja]")).toBeVisible();
    await expect(page.getByRole("progressbar")).toBeHidden();
  });
});
