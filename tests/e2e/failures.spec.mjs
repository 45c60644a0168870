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
