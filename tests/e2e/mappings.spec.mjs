// Several mappings: which one is looked at, and what changes with it.
import { expect, test } from "@playwright/test";
import { open, ready, watch } from "./page.mjs";

let complaints;

test.beforeEach(async ({ page }) => {
  complaints = watch(page);
});

test.afterEach(() => {
  expect(complaints).toEqual([]);
});

const STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/s";
const mapping = (FunctionName, more) => ({
  EventSourceArn: STREAM,
  FunctionName,
  StartingPosition: "TRIM_HORIZON",
  ...more,
});

/** One function works at once, the other one takes a second for each record. */
const SCENARIO = {
  version: 1,
  id: "two",
  until: 60_000,
  stream: { StreamName: "s" },
  producers: [{ type: "rounds", partitionKeys: ["1"], rounds: 10, period: 1, startAt: 500 }],
  functions: ["quick", "slow"].map((FunctionName, perRecord) => ({
    FunctionName,
    versions: { 1: { handler: { perRecord: 1000 * perRecord } } },
  })),
  eventSourceMappings: [mapping("quick", { BatchSize: 10 }), mapping("slow", { BatchSize: 5 })],
};

test("settings, the life of a record and the link belong to the mapping that is looked at", async ({ page }) => {
  await open(page);
  await page.evaluate((scenario) => window.shardlab.load(scenario), SCENARIO);
  await page.evaluate(() => window.shardlab.seek(4000));
  const [first, second] = [page.getByTestId("mapping-0"), page.getByTestId("mapping-1")];
  await expect(first).toHaveAttribute("aria-pressed", "true");
  await page.getByTestId("more-settings").click();
  await expect(page.getByTestId("batch-size-value")).toHaveText("10");
  await second.click();
  await expect(second).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByTestId("batch-size-value")).toHaveText("5");
  await expect(page.getByTestId("per-record-value")).toHaveText("1 s");
  // A setting is turned for this mapping alone.
  await page.getByTestId("batch-size-decrease").click();
  await expect(page.getByTestId("batch-size-value")).toHaveText("2");
  await first.click();
  await expect(page.getByTestId("batch-size-value")).toHaveText("10");
  // What belongs to the other mapping looks at it.
  await page.getByTestId("tab-inspect").click();
  await page.getByTestId("inspect-empty").locator('[data-object="mapping-1"]').click();
  await expect(second).toHaveAttribute("aria-pressed", "true");
  await page.evaluate(() => window.shardlab.seek(30_000));
  await page.getByTestId("share").click();
  await expect(page).toHaveURL(/[#&]mapping=1/);
  await page.reload();
  await ready(page);
  await expect(page.getByTestId("mapping-1")).toHaveAttribute("aria-pressed", "true");
  // A record has a life with each of them.
  await page.getByTestId("tab-log").click();
  await page.getByTestId("log").locator('[data-object="record-0"]').last().click();
  const life = page.getByTestId("life");
  const alone = (place) => page.getByTestId(`life-of-${place}`);
  await expect(life).toContainText("0:01.0");
  const slow = await life.innerText();
  await alone(0).click();
  await expect(first).toHaveAttribute("aria-pressed", "true");
  await expect(life).not.toHaveText(slow);
});

test("a document that did not arrive says so, and cannot be redriven", async ({ page }) => {
  const failed = "arn:aws:sqs:us-east-1:123456789012:failed";
  await open(page);
  await page.evaluate((scenario) => window.shardlab.load(scenario), {
    ...SCENARIO,
    functions: [
      {
        FunctionName: "quick",
        versions: { 1: { handler: { rules: [{ when: { partitionKey: "1" }, then: "throw" }] } } },
      },
    ],
    eventSourceMappings: [
      mapping("quick", { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: failed } } }),
    ],
    commands: [{ at: 0, fault: "destinationFailure", destination: failed }],
  });
  await page.evaluate(() => window.shardlab.seek(10_000));
  await expect(page.getByTestId("mapping-0")).toHaveCount(0);
  await page.getByTestId("tab-log").click();
  await page.getByTestId("log").getByText("not delivered").click();
  await expect(page.getByTestId("documents")).toContainText("not delivered");
  await expect(page.getByTestId("document-redrive")).toBeDisabled();
  await expect(page.getByTestId("inspect")).toContainText("nobody is told");
});
