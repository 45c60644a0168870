// Settings while a run goes on: calls at the playhead, the other way from the start, AWS's refusals, the filter, what
// is assumed; and the pictures of the table's tab.
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { open, watch } from "./page.mjs";

let complaints;

test.beforeEach(async ({ page }) => {
  complaints = watch(page);
});

test.afterEach(() => {
  expect(complaints).toEqual([]);
});

const seek = (page, t) => page.evaluate((t) => window.shardlab.seek(t), t);
const digest = (page) => page.evaluate(() => window.shardlab.digest());
const mapping = (page) => page.evaluate(() => window.shardlab.state().mappings[0]);
const now = (page) => page.evaluate(() => window.shardlab.state().now);

/** Loads a shipped scenario and goes to a moment. */
async function begin(page, id, t) {
  const text = readFileSync(new URL(`../../www/scenarios/${id}.json`, import.meta.url), "utf8");
  await page.evaluate((text) => window.shardlab.load(text), text);
  await seek(page, t);
}

test("every switch the owner asked for is in sight, and turning one while it runs is a command", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  for (const id of ["shards-increase", "parallelization-increase", "bisect", "checkpoint", "deploy"]) {
    await expect(page.getByTestId(id)).toBeInViewport();
  }
  await seek(page, 20_000);
  await page.getByTestId("bisect").click();
  await expect(page.getByTestId("bisect")).toBeChecked();
  expect(await now(page)).toBe(20_001);
  await expect(page.locator("#rail")).toContainText("--bisect-batch-on-function-error");
  await expect(page.getByTestId("scenario-menu")).toContainText("one command");
  // A mapping takes no other change until the one before is in force, after the model's activation.
  await page.getByTestId("parallelization-increase").click();
  await expect(page.locator("#rail")).toContainText("ResourceInUseException");
  await expect(page.locator("#rail")).toContainText("Updating");
  await seek(page, 25_000);
  await page.getByTestId("parallelization-increase").click();
  await expect(page.getByTestId("parallelization-value")).toHaveText("4");
  await seek(page, 30_000);
  await page.getByTestId("more-settings").click();
  await page.getByTestId("retries").selectOption("2");
  await expect(page.getByTestId("retries")).toHaveValue("2");
  await page.getByTestId("shards-increase").click();
  await expect(page.locator("#rail")).toContainText("update-shard-count");
  await expect(page.getByTestId("scenario-menu")).toContainText("5 commands");
  await seek(page, 120_000);
  await expect(page.getByTestId("shards-value")).toHaveText("2");
  expect((await mapping(page)).lanes.length).toBeGreaterThanOrEqual(4);
  await page.getByTestId("share").click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const before = await digest(page);
  await page.goto("about:blank");
  await open(page, link);
  expect(await digest(page)).toBe(before);
  // Before the command nothing was changed.
  await seek(page, 10_000);
  await expect(page.getByTestId("bisect")).not.toBeChecked();
});

test("from the start the run is built anew, and so it is at the start", async ({ page }) => {
  await open(page);
  await page.getByTestId("checkpoint").click();
  await expect(page.getByTestId("scenario-menu")).toContainText("Checkpoint on");
  await seek(page, 20_000);
  await page.getByTestId("since-start").click();
  await expect(page.getByTestId("since-start")).toHaveAttribute("aria-pressed", "true");
  await page.getByTestId("bisect").focus();
  await page.keyboard.press("Space");
  await expect(page.getByTestId("scenario-menu")).toContainText("Bisect on error on, Checkpoint on");
  expect(await now(page)).toBe(0);
  // What AWS has no call for says so, and starts anew either way.
  await page.getByTestId("since-now").click();
  await seek(page, 20_000);
  await expect(page.locator("#rail")).toContainText("Runs again from the start.");
  await page.getByTestId("per-record-increase").click();
  expect(await now(page)).toBe(0);
  await page.getByTestId("reset").click();
  await expect(page.getByTestId("bisect")).not.toBeChecked();
});

test("what AWS refuses is said where it was asked for", async ({ page }) => {
  await open(page);
  await seek(page, 20_000);
  await page.getByTestId("more-settings").click();
  await page.getByTestId("tumbling-window-increase").click();
  const rail = page.locator("#rail");
  await expect(rail).toContainText("InvalidParameterValueException");
  await expect(page.getByTestId("tumbling-window-value")).toHaveText("none");
  await page.getByTestId("parallelization-decrease").click();
  await expect(rail).not.toContainText("InvalidParameterValueException");
});

test("a filter is judged while it is typed, and applied at the playhead", async ({ page }) => {
  await open(page);
  await seek(page, 20_000);
  await page.getByTestId("filter-fold").click();
  await page.getByTestId("filter-add").click();
  const pattern = page.getByTestId("filter-pattern");
  await pattern.fill('{"partitionKey": [{"prefx": "1"}]}');
  await expect(page.getByTestId("filter")).toContainText("At $.partitionKey[0]: no rule that Lambda knows.");
  await expect(page.getByTestId("filter-apply")).toBeDisabled();
  await pattern.fill('{"partitionKey": ["1", "2"]}');
  await expect(page.getByTestId("filter-matched")).toHaveText("20 of the latest 50 records match");
  await expect(page.getByTestId("filter-records").getByRole("listitem")).toHaveCount(6);
  await page.getByTestId("filter-apply").click();
  await expect(page.getByTestId("filter")).toContainText("--filter-criteria");
  await expect(page.getByTestId("filter-fold")).toContainText("1");
  await expect(page.getByTestId("filter-apply")).toBeDisabled();
  await page.getByTestId("tab-log").click();
  await seek(page, 30_000);
  await page.getByTestId("log-filter").selectOption({ label: "Others" });
  await expect(page.getByRole("tabpanel")).toContainText("A filter keeps");
});

test("what is assumed can be turned, and goes back to what is assumed", async ({ page }) => {
  await open(page);
  await expect(page.getByTestId("assumed")).toContainText("Poll of each shard");
  await page.getByTestId("model-fold").click();
  await page.getByTestId("dial-rollout").selectOption({ label: "10 s" });
  await expect(page.getByTestId("scenario-menu")).toContainText("Roll-out of an alias 10 s");
  await page.getByTestId("dial-poll").selectOption({ label: "0.5 s" });
  await seek(page, 20_000);
  expect(await page.evaluate(() => window.shardlab.summary().polls?.perMapping?.[0] ?? 1)).toBeGreaterThan(0);
  await page.getByTestId("dial-poll-reset").click();
  await expect(page.getByTestId("dial-poll")).toHaveValue("1000");
  await page.getByTestId("dial-rollout-reset").click();
  await expect(page.getByTestId("scenario-menu")).not.toContainText("Changed");
});

test("article B's sizes stand beside the run's, with what was done again", async ({ page }) => {
  await open(page);
  for (const [id, sizes, total] of [
    ["checkpoint-bisect", ["10", "5", "2", "3", "5", "2", "3"], "19"],
    ["checkpoint-report", ["10", "7", "4", "1"], "10"],
  ]) {
    await begin(page, id, 60_000);
    const rows = page.getByTestId("matrix-row");
    await expect(rows).toHaveCount(sizes.length);
    for (const [place, size] of sizes.entries()) {
      await expect(rows.nth(place).locator("td.number").nth(0)).toHaveText(size);
      await expect(rows.nth(place).locator("td.number").nth(1)).toHaveText(size);
    }
    await expect(page.getByTestId("matrix-total")).toHaveText(new RegExp(`${total}.*${total}`, "s"));
    await expect(page.getByTestId("matrix").locator("svg")).toBeVisible();
  }
  await begin(page, "checkpoint-bisect", 60_000);
  await expect(page.getByTestId("matrix-facts")).toContainText(/7\s*invocations.*19\s*handled.*9\s*repeated/s);
  // A click on an attempt looks at it, as its row does.
  await page.getByTestId("matrix").click({ position: { x: 40, y: 60 } });
  await expect(page.getByTestId("inspect").getByRole("heading", { level: 2 })).toHaveText("Invocation 1");
});

test("the share of the new version is a picture and a table, and an environment has its log stream", async ({ page }) => {
  await open(page);
  await begin(page, "deploy-1-shard", 100_000);
  await expect(page.getByTestId("share-figure").locator("svg")).toBeVisible();
  await page.getByTestId("share-fold").click();
  const rows = page.getByTestId("share-table").locator("tbody tr");
  await expect(rows).toHaveCount(20);
  await expect(rows.nth(19)).toHaveText(/100 %\s*100 %/);
  await page.getByTestId("tab-log").click();
  await page.getByTestId("log-filter").selectOption({ label: "Others" });
  await page.getByRole("button", { name: /Environment \d+ starts/ }).first().click();
  await expect(page.getByTestId("log-streams").getByRole("button").first()).toBeVisible();
  await expect(page.getByTestId("log-lines")).toContainText("START RequestId");
  await page.getByTestId("log-streams").getByRole("button").first().click();
  await expect(page.getByTestId("inspect").getByRole("heading", { level: 2 })).toHaveText("Environment 1");
});

test("the tray lists its documents, each to be copied", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  await begin(page, "parallelization-3-error-retries", 400_000);
  await page.getByTestId("tab-log").click();
  await page.getByRole("button", { name: /records of shard.* discarded/ }).first().click();
  await expect(page.getByTestId("documents").getByRole("listitem")).not.toHaveCount(0);
  await page.getByTestId("document-copy").first().click();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  expect(copied.requestContext.condition).toBe("RetryAttemptsExhausted");
  const redrive = page.getByTestId("document-redrive").first();
  await redrive.click();
  await expect(page.getByTestId("document-redriven").first()).toContainText("running");
  await expect(page.getByTestId("scenario-menu")).toContainText("one command");
  await seek(page, 460_000);
  await expect(page.getByTestId("document-redriven").first()).toContainText("error");
});
