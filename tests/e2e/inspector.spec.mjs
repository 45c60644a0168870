// The inspector: why an object is as it is, where a record's time went, its JSON, by mouse and by keyboard.
import { expect, test } from "@playwright/test";
import { open, watch } from "./page.mjs";

let complaints;

test.beforeEach(async ({ page }) => {
  complaints = watch(page);
});

test.afterEach(() => {
  expect(complaints).toEqual([]);
});

/** The playhead in milliseconds. */
const now = (page) => page.evaluate(() => window.shardlab.state().now);

/** Chooses a shipped scenario, goes to a moment and shows the inspector. */
async function look(page, id, t) {
  await open(page);
  await page.getByTestId("scenario-menu").click();
  await page.getByTestId(`scenario-${id}`).click();
  await page.evaluate((t) => window.shardlab.seek(t), t);
  await page.getByTestId("tab-inspect").click();
}

/** Seconds of a cell such as "93.625 s". */
const seconds = (text) => Number.parseFloat(text);

test("a chain of causes leads from object to object and to the events behind it", async ({ page }) => {
  await look(page, "parallelization-3-error", 118_000);
  await page.getByTestId("inspect-empty").getByRole("button", { name: /^Batcher 2/ }).click();
  const steps = page.getByTestId("why").getByRole("listitem");
  await expect(steps.first()).toContainText("waits until 1:58.2");
  await expect(steps.nth(1)).toContainText("1-5");
  await expect(page.getByTestId("sources").getByRole("listitem").first()).toContainText("Lambda Developer Guide");
  await steps.nth(1).getByRole("button", { name: "Record 1-5" }).click();
  await expect(page.getByRole("heading", { name: "Record 1-5" })).toBeVisible();
  await steps.nth(1).getByRole("button", { name: /^Go to event/ }).click();
  await expect.poll(() => now(page)).toBe(117_400);
});

test("a record's time adds up to its age", async ({ page }) => {
  await look(page, "parallelization-3-error", 118_000);
  await page.getByTestId("inspect-empty").getByRole("button", { name: /^Batcher 2/ }).click();
  await page.getByTestId("why").getByRole("button", { name: "Record 1-5" }).click();
  const time = page.getByTestId("time");
  const rows = await time.locator("tbody td:nth-child(2)").allTextContents();
  const age = seconds(await time.locator("tfoot td").first().textContent());
  expect(rows.map(seconds).reduce((sum, each) => sum + each, 0)).toBeCloseTo(age, 6);
  const { steps } = await page.evaluate(() => window.shardlab.explain("record", 20));
  await expect(page.getByTestId("why").getByRole("listitem")).toHaveCount(steps.length);
});

test("what records do not pass through can be chosen by keyboard, with its JSON as AWS shows it", async ({ page }) => {
  await look(page, "parallelization-3", 60_000);
  const mapping = page.getByTestId("inspect-empty").getByRole("button", { name: "Mapping 1", exact: true });
  await mapping.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Mapping 1" })).toBeVisible();
  await page.getByTestId("json-fold").focus();
  await page.keyboard.press("Enter");
  const shown = JSON.parse(await page.getByTestId("json").textContent());
  const uuid = shown.UUID;
  const asked = await page.evaluate((UUID) => window.shardlab.call("lambda", "GetEventSourceMapping", { UUID }), uuid);
  expect(shown).toEqual(asked);
  await page.getByTestId("inspect-close").click();
  await expect(page.getByTestId("inspect-empty")).toBeVisible();
});

test("the marks of a shard are its poller and its checkpoint", async ({ page }) => {
  await look(page, "parallelization-3", 60_000);
  const stage = await page.locator("canvas").first().boundingBox();
  // Below the shard: how far it is read, and how far it is done.
  const marks = { "Poller of shard-…000": 390, "Checkpoint of shard-…000": 409 };
  for (const [name, y] of Object.entries(marks)) {
    await page.mouse.click(stage.x + 205, y);
    await expect(page.getByRole("heading", { name })).toBeVisible();
  }
});

test("Japanese says the same", async ({ page }) => {
  await look(page, "parallelization-3-error", 118_000);
  await page.evaluate(() => window.shardlab.setLanguage("ja"));
  await page.getByTestId("inspect-empty").getByRole("button", { name: /^バッチャー2/ }).click();
  await expect(page.getByTestId("why")).toContainText("1:58.2まで待ってからバッチを再試行します");
  await expect(page.getByTestId("sources")).toContainText("Lambda開発者ガイド");
});
