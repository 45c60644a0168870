// The console and the stream's panel: typing, history, completion, buttons that print their commands, links.
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { open, watch } from "./page.mjs";

const scenario = (id) => readFileSync(new URL(`../../www/scenarios/${id}.json`, import.meta.url), "utf8");

let complaints;

test.beforeEach(async ({ page }) => {
  complaints = watch(page);
});

test.afterEach(() => {
  expect(complaints).toEqual([]);
});

/** Opens the page with a scenario of article D at a moment, and shows a tab. */
async function begin(page, id, t, tab) {
  await open(page);
  await page.evaluate(
    async ([text, t]) => {
      await window.shardlab.load(text);
      await window.shardlab.seek(t);
    },
    [scenario(id), t],
  );
  await page.getByTestId(`tab-${tab}`).click();
}

const seek = (page, t) => page.evaluate((t) => window.shardlab.seek(t), t);
const digest = (page) => page.evaluate(() => window.shardlab.digest());
const field = (page) => page.getByTestId("console-line");
const entries = (page) => page.getByTestId("console-entry");

/** Types a line and runs it. */
async function run(page, line) {
  await field(page).fill(line);
  await field(page).press("Enter");
}

test("the article's session is the transcript, up to the playhead", async ({ page }) => {
  await begin(page, "reshard-limits", 400_000, "console");
  await expect(entries(page)).toHaveCount(6);
  const prefix = (type) => `An error occurred (${type}) when calling the UpdateShardCount operation: `;
  const sentences = [
    [0, `${prefix("InvalidArgumentException")}UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 2 Target shard count: 8`],
    [2, `${prefix("InvalidArgumentException")}UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: 4 Target shard count: 1`],
    [4, `${prefix("LimitExceededException")}Rate exceeded for stream test under account 123456789012.`],
  ];
  for (const [place, sentence] of sentences) {
    await expect(entries(page).nth(place).locator(".answer")).toHaveText(sentence);
  }
  await expect(entries(page).nth(1)).toContainText("aws kinesis update-shard-count --cli-input-json '{\"StreamName\":\"test\"");
  await expect(entries(page).nth(1)).toContainText("00:20.000");
  await seek(page, 125_000);
  await expect(entries(page)).toHaveCount(3);
  await seek(page, 5_000);
  await expect(entries(page)).toHaveCount(0);
});

test("2 to 4 shards typed as at a terminal, and replayed from the link", async ({ page }) => {
  await begin(page, "reshard-2-to-4", 10_000, "console");
  await run(page, "aws kinesis update-shard-count --stream-name foo --target-shard-count 4 --scaling-type UNIFORM_SCALING");
  await expect(entries(page)).toHaveCount(1);
  await expect(entries(page).first()).toContainText('"TargetShardCount": 4');
  await expect(page.getByTestId("console-answer")).toContainText("TargetShardCount");
  await expect(field(page)).toHaveValue("");
  await seek(page, 80_000);
  await run(page, "aws kinesis describe-stream --stream-name foo");
  const description = entries(page).last();
  await expect(description).toContainText("ParentShardId");
  await expect(description).toContainText("85070591730234615865843651857942052864");
  await expect(page.getByTestId("console-answer")).toContainText("lines of answer");
  // The newest is in view, below what is longer than its box.
  await expect(description.locator(".answer")).toBeInViewport();
  await seek(page, 240_000);
  const before = await digest(page);
  await page.getByTestId("share").click();
  const { hash } = new URL(page.url());
  await page.goto("about:blank");
  await open(page, `./${hash}`);
  expect(await digest(page)).toBe(before);
  await page.getByTestId("tab-console").click();
  await expect(entries(page)).toHaveCount(4);
  await expect(entries(page).nth(2)).toContainText("aws kinesis update-shard-count --cli-input-json");
});

test("a command at the end of the scenario makes it longer, and the link replays it", async ({ page }) => {
  await begin(page, "reshard-2-to-4", 240_000, "console");
  await run(page, "aws kinesis describe-limits");
  await expect(entries(page)).toHaveCount(3);
  expect(await page.evaluate(() => window.shardlab.state().now)).toBe(240_001);
  const before = await digest(page);
  await page.getByTestId("share").click();
  const { hash } = new URL(page.url());
  await page.goto("about:blank");
  await open(page, `./${hash}`);
  expect(await digest(page)).toBe(before);
});

test("the keyboard alone opens, completes, recalls, runs and leaves the console", async ({ page }) => {
  await begin(page, "reshard-2-to-4", 0, "stream");
  await page.getByTestId("tab-stream").press("/");
  await expect(field(page)).toBeFocused();
  // Nothing to complete: Tab moves on, and Shift+Tab comes back.
  await page.keyboard.press("Tab");
  await expect(page.getByTestId("console-run")).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type("aws kin");
  await page.keyboard.press("Tab");
  await expect(field(page)).toHaveValue("aws kinesis ");
  await page.keyboard.type("describe-s");
  await page.keyboard.press("Tab");
  await expect(field(page)).toHaveValue("aws kinesis describe-stream");
  const candidates = page.getByTestId("console-candidates").getByRole("button");
  await expect(candidates).toHaveText(["describe-stream", "describe-stream-consumer", "describe-stream-summary"]);
  await page.keyboard.press("Escape");
  await expect(candidates).toHaveCount(0);
  await page.keyboard.type("-summary --stream-n");
  await page.keyboard.press("Tab");
  await page.keyboard.type("foo");
  await page.keyboard.press("Enter");
  await expect(entries(page)).toHaveCount(1);
  await expect(entries(page).first()).toContainText('"OpenShardCount": 2');
  // Letters that are shortcuts elsewhere are letters here.
  await page.keyboard.type("k l t 6 ?");
  await expect(field(page)).toHaveValue("k l t 6 ?");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.keyboard.press("ArrowUp");
  await expect(field(page)).toHaveValue("aws kinesis describe-stream-summary --stream-name foo");
  await page.keyboard.press("ArrowDown");
  await expect(field(page)).toHaveValue("k l t 6 ?");
  await field(page).fill("clear");
  await page.keyboard.press("Enter");
  await expect(entries(page)).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("tab-console")).toBeFocused();
});

test("help and wrong usage are answered, but are no part of the run", async ({ page }) => {
  await begin(page, "reshard-2-to-4", 0, "console");
  const before = await digest(page);
  await run(page, "aws kinesis nothing");
  await expect(page.getByTestId("console-aside")).toContainText("no call");
  await expect(page.getByTestId("console-aside")).toContainText("nothing");
  await run(page, "aws help");
  await expect(page.getByTestId("console-aside")).toContainText("$ aws help");
  const help = (await page.getByTestId("console-aside").textContent()).replace("$ aws help", "$ help");
  await run(page, "help");
  await expect(page.getByTestId("console-aside")).toHaveText(help);
  expect(await digest(page)).toBe(before);
  await expect(entries(page)).toHaveCount(0);
  await page.getByTestId("console-example").nth(1).click();
  await expect(field(page)).toBeFocused();
  await field(page).press("Enter");
  await expect(entries(page)).toHaveCount(1);
  await expect(page.getByTestId("console-aside")).toHaveCount(0);
});

test("split, merge and update print their commands, and say what AWS says", async ({ page }) => {
  await begin(page, "reshard-2-to-4", 1_000, "stream");
  await expect(page.getByTestId("stream-facts")).toContainText("ACTIVE");
  await page.getByTestId("shard").first().click();
  await expect(page.getByTestId("split-at")).toHaveValue("85070591730234615865843651857942052864");
  await page.getByTestId("split-at").fill("0");
  await page.getByTestId("split").click();
  const details = page.getByTestId("shard-details");
  await expect(details).toContainText("InvalidArgumentException");
  await page.getByTestId("split-at").fill("85070591730234615865843651857942052864");
  await page.getByTestId("split-at").press("Enter");
  await expect(details).toContainText("Accepted");
  await expect(page.getByTestId("stream-facts")).toContainText("UPDATING");
  await page.getByTestId("merge").click();
  await expect(details).toContainText("ResourceInUseException");
  await page.getByTestId("show-console").click();
  await expect(entries(page)).toHaveCount(3);
  await expect(entries(page).nth(1)).toContainText(
    "aws kinesis split-shard --stream-name foo --shard-to-split shardId-000000000000 --new-starting-hash-key 85070591730234615865843651857942052864",
  );
  await page.getByTestId("tab-stream").click();
  await seek(page, 50_000);
  await expect(page.getByTestId("shard-row")).toHaveCount(4);
  // Three shards to four: the plan is there before it is asked for.
  await page.getByTestId("target-count").fill("4");
  const steps = page.getByTestId("plan-steps").getByRole("listitem");
  await expect(steps).toHaveText(["Split 1 at 75.0 % → 4 + 54 open"]);
  await page.getByTestId("update-count").click();
  await expect(page.getByTestId("stream-facts")).toContainText("UPDATING");
  await seek(page, 240_000);
  await expect(page.getByTestId("shards")).toContainText("Open: 4");
  await expect(page.getByTestId("shards")).toContainText("Closed: 2");
});

test("a partition key shows its MD5, its hash key, its place and its shard", async ({ page }) => {
  await begin(page, "reshard-2-to-4", 0, "stream");
  await page.getByTestId("partition-key").fill("1");
  const place = page.getByTestId("key-place");
  for (const text of ["c4ca4238a0b923820dcc509a6f75849b", "261578874264819908609102035485573088411", "76.8 %", "shard-…001"]) {
    await expect(place).toContainText(text);
  }
  await page.getByTestId("partition-key").fill("");
  await expect(place).toHaveCount(0);
});

test("undoing all changes takes live commands back", async ({ page }) => {
  await begin(page, "reshard-2-to-4", 0, "console");
  await run(page, "aws kinesis describe-limits");
  await expect(page.getByTestId("reset")).toBeVisible();
  await page.getByTestId("reset").click();
  await expect(entries(page)).toHaveCount(0);
  await expect(page.getByTestId("reset")).toHaveCount(0);
});

for (const [width, lang] of [[390, "en"], [390, "ja"], [320, "ja"]]) {
  test(`${width} pixels wide in ${lang}, both tabs fit and their targets can be hit`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 });
    await begin(page, "reshard-2-to-4", 240_000, "console");
    await page.evaluate((lang) => window.shardlab.setLanguage(lang), lang);
    for (const tab of ["console", "stream"]) {
      await page.getByTestId(`tab-${tab}`).click();
      if (tab === "stream") {
        await page.getByTestId("shard").first().click();
        await expect(page.getByTestId("split")).toBeVisible();
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, tab).toBeLessThanOrEqual(0);
      const small = await page.locator(".panel-body :is(button, input, textarea), .tab").evaluateAll((elements) =>
        elements
          .map((element) => [element.dataset.testid ?? element.textContent, element.getBoundingClientRect()])
          .filter(([, box]) => Math.min(box.width, box.height) < 24)
          .map(([name]) => name),
      );
      expect(small).toEqual([]);
    }
  });
}
