// Deploys by hand: the button and the key, what the settings and the ledger say, and the link that replays them.
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

/** Loads a shipped scenario and goes to a moment. */
async function begin(page, id, t) {
  const text = readFileSync(new URL(`../../www/scenarios/${id}.json`, import.meta.url), "utf8");
  await page.evaluate(
    async ([text, t]) => {
      await window.shardlab.load(text);
      await window.shardlab.seek(t);
    },
    [text, t],
  );
}

const seek = (page, t) => page.evaluate((t) => window.shardlab.seek(t), t);
const digest = (page) => page.evaluate(() => window.shardlab.digest());

test("a deploy is a command of the run, and the ledger lists both versions", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  await expect(page.getByTestId("deploy")).toBeDisabled();
  await expect(page.getByTestId("deploy-reason")).toHaveText("The function has one version only.");
  await begin(page, "deploy-1-shard", 60_000);
  await expect(page.getByTestId("ledger-row").first()).toContainText("v1");
  await expect(page.getByTestId("version")).toHaveText("v1");
  await expect(page.getByTestId("alias")).toHaveText("alias Sample → v1");
  await page.getByTestId("deploy").click();
  await expect(page.getByTestId("version")).toHaveText("v2");
  await expect(page.getByTestId("deploy")).toBeDisabled();
  await expect(page.getByTestId("alias")).toHaveText("alias Sample → v2; the move has reached 0 %");
  await seek(page, 63_501);
  await expect(page.getByTestId("alias")).toHaveText("alias Sample → v2; the move has reached 50 %");
  await seek(page, 75_000);
  await expect(page.getByTestId("alias")).toHaveText("alias Sample → v2");
  await expect(page.getByTestId("ledger-facts")).toContainText("by v2");
  await expect(page.getByTestId("ledger")).not.toContainText("Article A");
  await page.getByTestId("tab-console").click();
  await expect(page.getByText("aws lambda update-alias --function-name todo").first()).toBeVisible();
  await page.getByTestId("share").click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const before = await digest(page);
  await page.goto("about:blank");
  await open(page, link);
  await expect(page.getByTestId("version")).toHaveText("v2");
  expect(await digest(page)).toBe(before);
});

test("all rows can be copied as the article prints them", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  await begin(page, "deploy-1-shard", 120_000);
  await expect(page.getByTestId("ledger-facts")).toContainText("by v1, tag aaa");
  await page.getByTestId("ledger-copy").click();
  await expect(page.getByText("Copied")).toBeVisible();
  const lines = (await page.evaluate(() => navigator.clipboard.readText())).trimEnd().split("\n");
  const put = await page.evaluate(() => window.shardlab.summary().records.put);
  expect(lines).toHaveLength(put);
  expect(lines.filter((line) => !/^2020-11-02T\d\d:\d\d:\d\d\.\d{3}Z: test-0[123]-\d{4}, (aaa|xxxxxx)$/.test(line))).toEqual([]);
  const times = lines.map((line) => line.slice(0, 24));
  expect(times).toEqual([...times].sort());
});

test("the ledger with the article's rows fits beside the picture", async ({ page }) => {
  await open(page);
  for (const [id, t] of [["deploy-1-shard", 88_000], ["deploy-2-shards", 120_000]]) {
    await begin(page, id, t);
    const over = await page.getByTestId("ledger").evaluate((table) => {
      const panel = table.closest(".panel-body");
      return panel.scrollWidth - panel.clientWidth;
    });
    expect(over, id).toBe(0);
  }
});

test("D deploys, and article A's rows stand beside the run's", async ({ page }) => {
  await open(page);
  await begin(page, "deploy-1-shard", 100_000);
  await expect(page.getByTestId("ledger-row")).toHaveCount(60);
  // The first row of the new version is in the same line in both.
  const fifth = page.getByTestId("ledger-row").nth(4);
  await expect(fifth).toHaveText(/v2.*t02-0185v2/s);
  await expect(page.getByTestId("ledger-row").nth(3)).toHaveText(/v1.*t03-0097v1/s);
  await begin(page, "deploy-two-steps", 1000);
  const version = page.getByTestId("version");
  const first = await version.textContent();
  await page.keyboard.press("d");
  await expect(version).not.toHaveText(first);
});
