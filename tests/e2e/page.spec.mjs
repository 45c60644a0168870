// The page as a person uses it: playing, the article's table, the keyboard, both languages, a phone, mistakes.
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { open, watch } from "./page.mjs";

const digests = JSON.parse(readFileSync(new URL("../fixtures/digests.json", import.meta.url), "utf8"));
const ROWS = { "parallelization-1": 4, "parallelization-3": 10 };

let complaints;

test.beforeEach(async ({ page }) => {
  complaints = watch(page);
});

test.afterEach(() => {
  expect(complaints).toEqual([]);
});

/** The playhead in milliseconds. */
const now = (page) => page.evaluate(() => window.shardlab.state().now);

/** Chooses a shipped scenario in the menu. */
async function choose(page, id) {
  await open(page);
  await page.getByTestId("scenario-menu").click();
  await page.getByTestId(`scenario-${id}`).click();
}

for (const id of Object.keys(ROWS)) {
  test(`${id} plays to the end and agrees with the article in every row`, async ({ page }) => {
    await choose(page, id);
    await page.getByTestId("speed-max").click();
    await page.getByTestId("play-pause").click();
    const until = await page.evaluate(() => window.shardlab.state().until);
    await expect.poll(() => page.evaluate(() => window.shardlab.summary().records.perMapping[0].pending)).toBe(0);
    await page.evaluate((until) => window.shardlab.seek(until), until);
    expect(await page.evaluate(() => window.shardlab.digest())).toBe(digests[id]);
    const rows = page.getByTestId("article-row");
    await expect(rows).toHaveCount(ROWS[id]);
    await expect(rows.filter({ hasText: "✓" })).toHaveCount(ROWS[id]);
  });
}

for (const [id, digest] of Object.entries(digests).filter(([id]) => !(id in ROWS))) {
  test(`${id} runs on the page as it does natively, and back`, async ({ page }) => {
    await choose(page, id);
    const until = await page.evaluate(() => window.shardlab.state().until);
    for (const t of [until, until / 2, until]) {
      await page.evaluate((t) => window.shardlab.seek(Math.floor(t)), t);
    }
    expect(await page.evaluate(() => window.shardlab.digest())).toBe(digest);
  });
}

test("going back shows the same as the first visit", async ({ page }) => {
  await open(page);
  const visit = (t) =>
    page.evaluate(async (t) => {
      await window.shardlab.seek(t);
      return window.shardlab.digest();
    }, t);
  const first = await visit(60_000);
  await visit(240_000);
  expect(await visit(60_000)).toBe(first);
  expect(await visit(0)).not.toBe(first);
});

test("another parallelization factor rebuilds the run", async ({ page }) => {
  await open(page);
  for (let factor = 4; factor <= 5; factor += 1) {
    await page.getByTestId("parallelization-increase").click();
  }
  await expect(page.getByTestId("parallelization-value")).toHaveText(/5/);
  await page.evaluate(() => window.shardlab.seek(240_000));
  const lanes = await page.evaluate(() => window.shardlab.state().mappings[0].lanes.length);
  expect(lanes).toBe(5);
  // Every key on its own lane: 30 records of 3 s each, one after the other.
  const end = await page.evaluate(() => window.shardlab.summary().lastEventAt);
  expect(end).toBeGreaterThan(90_000);
  expect(end).toBeLessThan(95_000);
});

test("the keyboard alone plays, steps, scrubs and changes the factor", async ({ page }) => {
  await open(page);
  await page.keyboard.press("ArrowRight");
  expect(await now(page)).toBe(350);
  await page.keyboard.press("Shift+ArrowRight");
  expect(await now(page)).toBe(2000);
  await page.keyboard.press("Shift+ArrowRight");
  expect(await now(page)).toBe(8200);
  await page.keyboard.press("Shift+ArrowLeft");
  expect(await now(page)).toBe(2000);
  await page.keyboard.press("BracketRight");
  expect(await now(page)).toBe(3000);
  await page.keyboard.press("End");
  expect(await now(page)).toBeGreaterThan(180_000);
  await page.keyboard.press("Home");
  expect(await now(page)).toBe(0);
  await page.keyboard.press("Space");
  await expect.poll(() => now(page)).toBeGreaterThan(200);
  await page.keyboard.press("Space");
  const paused = await now(page);
  await page.waitForTimeout(300);
  expect(await now(page)).toBe(paused);
  // Through the page by Tab: every stop shows where it is, and the scrubber is one of them.
  const seen = new Set();
  for (let stop = 0; stop < 60; stop += 1) {
    await page.keyboard.press("Tab");
    const id = await page.evaluate(() => document.activeElement?.dataset.testid ?? "");
    seen.add(id);
    const outlined = await page.evaluate(() => {
      const { activeElement: element, body } = document;
      return element === body || element === null || getComputedStyle(element).outlineStyle !== "none";
    });
    expect(outlined, id).toBe(true);
  }
  for (const id of ["scenario-menu", "language-ja", "parallelization-increase", "play-pause", "scrub", "share"]) {
    expect([...seen], id).toContain(id);
  }
});

test("the language switch turns every text, and is remembered", async ({ page }) => {
  await open(page);
  await page.getByTestId("language-ja").click();
  await expect(page.locator("html")).toHaveAttribute("lang", "ja");
  await expect(page.getByTestId("caption")).toHaveText(/[ぁ-んァ-ヶ一-龠]/);
  await expect(page.getByTestId("tab-table")).toHaveText("表");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", "ja");
  await page.getByTestId("language-en").click();
  await expect(page.getByTestId("tab-table")).toHaveText("Table");
});

for (const width of [390, 320]) {
  test(`${width} pixels wide nothing is cut off and everything is reachable`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 });
    await open(page);
    await page.evaluate(() => window.shardlab.seek(60_000));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    for (const id of ["play-pause", "scrub", "scenario-menu", "tab-table", "settings"]) {
      await expect(page.getByTestId(id)).toBeInViewport();
    }
    const play = await page.getByTestId("play-pause").boundingBox();
    expect(Math.min(play.width, play.height)).toBeGreaterThanOrEqual(44);
  });
}

test("a scenario with five mistakes shows five messages and keeps the old run", async ({ page }) => {
  await open(page);
  await page.evaluate(() => window.shardlab.seek(60_000));
  const before = await page.evaluate(() => window.shardlab.digest());
  const text = readFileSync(new URL("../fixtures/scenarios/five-mistakes.json", import.meta.url), "utf8");
  await page.getByTestId("scenario-menu").click();
  await page.getByTestId("paste-json").click();
  await page.getByTestId("paste-text").fill(text);
  await page.getByTestId("paste-load").click();
  await expect(page.getByTestId("problem")).toHaveCount(5);
  await expect(page.getByTestId("problem").first()).toContainText("$.until");
  expect(await page.evaluate(() => window.shardlab.digest())).toBe(before);
});

test("a shared link reproduces scenario, moment and language", async ({ page }) => {
  await open(page);
  await page.getByTestId("parallelization-increase").click();
  await page.getByTestId("language-ja").click();
  await page.evaluate(() => window.shardlab.seek(42_000));
  await page.getByTestId("share").click();
  const digest = await page.evaluate(() => window.shardlab.digest());
  const { hash } = new URL(page.url());
  expect(hash).toMatch(/^#2\./);
  await page.goto("about:blank");
  await open(page, `./${hash}`);
  expect(await page.evaluate(() => window.shardlab.digest())).toBe(digest);
  await expect(page.locator("html")).toHaveAttribute("lang", "ja");
});
