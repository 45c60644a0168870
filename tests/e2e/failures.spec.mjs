// Failures: the switches beside the picture, and what was given up with its document.
import { expect, test } from "@playwright/test";
import { open, watch } from "./page.mjs";

let complaints;

test.beforeEach(async ({ page }) => {
  complaints = watch(page);
});

test.afterEach(() => {
  expect(complaints).toEqual([]);
});

const SCENARIO = {
  version: 1,
  id: "failing",
  until: 600_000,
  stream: { StreamName: "s", ShardCount: 1 },
  producers: [{ type: "rounds", partitionKeys: ["1"], rounds: 10, period: 1, startAt: 500 }],
  functions: [
    {
      FunctionName: "f",
      Timeout: 30,
      versions: { 1: { handler: { perRecord: 1000, rules: [{ when: { partitionKey: "1", number: 4 }, then: "throw" }] } } },
    },
  ],
  eventSourceMappings: [
    {
      EventSourceArn: "arn:aws:kinesis:us-east-1:123456789012:stream/s",
      FunctionName: "f",
      StartingPosition: "TRIM_HORIZON",
    },
  ],
};

const summary = (page) => page.evaluate(() => window.shardlab.summary());
const seek = (page, t) => page.evaluate((t) => window.shardlab.seek(t), t);

test("bisect, retries and a destination are settings, and what is given up has its document", async ({ page }) => {
  await open(page);
  await page.evaluate((scenario) => window.shardlab.load(scenario), SCENARIO);
  await seek(page, 60_000);
  expect((await summary(page)).records.perMapping[0]).toMatchObject({ succeeded: 0, discarded: 0, pending: 10 });
  for (const id of ["bisect", "checkpoint"]) {
    await expect(page.getByTestId(id)).toBeInViewport();
    await expect(page.getByTestId(id)).not.toBeChecked();
  }
  await expect(page.getByTestId("retries")).toBeHidden();
  // What would have been, with other settings from the start on.
  await page.getByTestId("since-start").click();
  await page.getByTestId("bisect").focus();
  await page.keyboard.press("Space");
  await expect(page.getByTestId("bisect")).toBeChecked();
  await page.getByTestId("more-settings").click();
  await page.getByTestId("retries").selectOption("1");
  await page.getByTestId("destination").selectOption({ label: "SQS" });
  await expect(page.getByTestId("scenario-menu")).toContainText("Bisect on error on, Max retries 1, Dead-letter queue SQS");
  await seek(page, 60_000);
  expect((await summary(page)).records.perMapping[0]).toMatchObject({ succeeded: 9, discarded: 1, pending: 0 });
  await page.getByTestId("tab-log").click();
  await page.getByRole("button", { name: /discarded/ }).click();
  const document = JSON.parse(await page.getByTestId("document").textContent());
  expect(document.requestContext).toMatchObject({ condition: "RetryAttemptsExhausted", approximateInvokeCount: 2 });
  expect(document.KinesisBatchInfo).toMatchObject({ shardId: "shardId-000000000000", batchSize: 1 });
  await expect(page.getByTestId("inspect")).toContainText("arn:aws:sqs:us-east-1:");
  await page.getByTestId("reset").click();
  await expect(page.getByTestId("bisect")).not.toBeChecked();
  await expect(page.getByTestId("retries")).toHaveValue("18446744073709551615");
});

test("an invocation shows its event, judges an answer and lists what became of its batch", async ({ page }) => {
  await open(page);
  const mapping = { ...SCENARIO.eventSourceMappings[0], BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1 };
  await page.evaluate((scenario) => window.shardlab.load(scenario), { ...SCENARIO, eventSourceMappings: [mapping] });
  await seek(page, 60_000);
  await page.getByTestId("tab-log").click();
  await page.getByRole("button", { name: /Invocation 1: 10 records/ }).click();
  const parts = page.getByTestId("tree").getByRole("listitem");
  await expect(parts).toHaveText([
    /^10records 1–10✕ failed$/,
    /5records 1–5✕ failed$/,
    /2records 1–2✓ ok$/,
    /3records 3–5✕ failed$/,
    /1record 3✓ ok$/,
    /2records 4–5✕ failed$/,
    /1record 4attempt 2✕ failed$/,
    /1record 5✓ ok$/,
    /5records 6–10✓ ok$/,
  ]);
  await page.getByTestId("event-fold").click();
  const event = JSON.parse(await page.getByTestId("event").textContent());
  expect(event.Records).toHaveLength(10);
  const ids = event.Records.map((record) => record.kinesis.sequenceNumber);
  await page.getByTestId("answer-fold").click();
  const verdict = page.getByTestId("verdict");
  await page.getByTestId("answer").fill(JSON.stringify({ batchItemFailures: [{ itemIdentifier: ids[3] }] }));
  await expect(verdict).toContainText("ReportBatchItemFailures any answer is a success");
  await expect(verdict).toContainText("Cut at record 1-4");
  await expect(verdict).toContainText("3 of the records are done, and the other 7 are a new batch");
  await page.getByTestId("answer").fill("{");
  await expect(verdict).toContainText("This is no JSON: line 1");
  await page.getByTestId("answer-presets").selectOption({ label: "[]" });
  await expect(page.getByTestId("answer")).toHaveValue("[]");
  await expect(verdict).toContainText("an empty answer reports nothing");
  await parts.nth(6).getByRole("button").click();
  await expect(page.getByTestId("inspect").getByRole("heading", { level: 2 })).toHaveText("Invocation 8");
  await expect(parts.nth(6).getByRole("button")).toHaveAttribute("aria-current", "true");
});

test("the mapping is disabled at the playhead, and enabled again", async ({ page }) => {
  await open(page);
  await seek(page, 10_000);
  await page.getByTestId("more-settings").click();
  const enabled = page.getByTestId("enabled");
  await expect(enabled).toBeChecked();
  await enabled.click();
  await expect(enabled).not.toBeChecked();
  await seek(page, 60_000);
  await expect(page.locator("#rail")).toContainText("Disabled");
  await expect(page.getByTestId("scenario-menu")).toContainText("one command");
  await enabled.focus();
  await page.keyboard.press("Space");
  await seek(page, 120_000);
  await expect(enabled).toBeEnabled();
  await expect(enabled).toBeChecked();
});
