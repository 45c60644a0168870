// The stream by hand: pasted and copied out, cut and joined by mouse, keys and number, and kept in the link.
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { open, watch } from "./page.mjs";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const FLOW = read("../fixtures/scenarios/reshard-flow.json");

let complaints;

test.beforeEach(async ({ page }) => {
  complaints = watch(page);
});

test.afterEach(() => {
  expect(complaints).toEqual([]);
});

/** Opens the page with a scenario at a moment. */
async function begin(page, text, t) {
  await open(page);
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
const cli = (page, line) => page.evaluate((line) => window.shardlab.cli(line), line);
/** The stream's panel lists these shards. */
const expectShards = async (page, shards) => {
  await page.getByTestId("tab-stream").click();
  await expect(page.getByTestId("shard")).toHaveText(shards.map((shard) => `▸shard-…${shard}`));
};

async function paste(page, text) {
  await page.getByTestId("scenario-menu").click();
  await page.getByTestId("paste-json").click();
  await page.getByTestId("paste-text").fill(text);
  await page.getByTestId("paste-load").click();
}

async function copied(page) {
  await page.getByTestId("tab-stream").click();
  await page.getByTestId("stream-copy").click();
  await expect(page.getByText("Copied")).toBeVisible();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** What is copied out now is the stream of an earlier description. */
async function expectSame(page, before) {
  const again = JSON.parse(await copied(page)).StreamDescription;
  for (const field of ["StreamName", "Shards", "RetentionPeriodHours", "StreamModeDetails"]) {
    expect(before[field], field).toBeDefined();
    expect(again[field], field).toEqual(before[field]);
  }
}

test("an on-demand stream that is copied out and pasted stays on-demand", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const stream = { StreamName: "busy", StreamModeDetails: { StreamMode: "ON_DEMAND" }, ShardCount: 120, RetentionPeriodHours: 48 };
  await begin(page, JSON.stringify({ version: 1, id: "busy", until: 60_000, stream }), 1_000);
  const description = await copied(page);
  const { StreamDescription } = JSON.parse(description);
  expect(StreamDescription.StreamModeDetails).toEqual({ StreamMode: "ON_DEMAND" });
  expect(StreamDescription.HasMoreShards).toBe(false);
  expect(StreamDescription.Shards).toHaveLength(120);
  await begin(page, read("../../www/scenarios/reshard-2-to-4.json"), 5_000);
  await paste(page, description);
  await expect(page.getByTestId("scenario-menu")).toContainText("another stream");
  await expectSame(page, StreamDescription);
});

test("what the stream's fields do not take is said", async ({ page }) => {
  await begin(page, FLOW, 0);
  await page.getByTestId("tab-stream").click();
  await page.getByTestId("target-count").fill("1.5");
  await expect(page.getByTestId("plan")).toHaveText("Type a whole number from 1 to 4: half to double the open shards, within the quota.");
  await page.getByTestId("partition-key").fill("k".repeat(256));
  await expect(page.getByTestId("key-place")).toBeVisible();
  await page.getByTestId("partition-key").fill("k".repeat(257));
  await expect(page.getByTestId("key-too-long")).toContainText("at most 256 characters");
  await expect(page.getByTestId("key-place")).toHaveCount(0);
});

test("a stream that is copied out and pasted is the same stream", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await begin(page, read("../../www/scenarios/reshard-2-to-4.json"), 240_000);
  const description = await copied(page);
  const { StreamDescription } = JSON.parse(description);
  expect(StreamDescription.Shards).toHaveLength(6);
  await begin(page, read("../../www/scenarios/parallelization-3.json"), 5_000);
  await paste(page, description);
  await expect(page.getByTestId("scenario-menu")).toContainText("another stream");
  await expectSame(page, StreamDescription);
  // All else is still there: article C's producers and mapping, which now read this stream.
  await seek(page, 60_000);
  expect(await page.evaluate(() => window.shardlab.summary().records.put)).toBe(150);
  expect(await page.evaluate(() => window.shardlab.summary().records.perMapping[0].succeeded)).toBeGreaterThan(0);
  await page.getByTestId("reset").click();
  await expect(page.getByTestId("scenario-menu")).not.toContainText("another stream");
  await expectShards(page, ["000"]);
});

test("shards that are merged by number are those of the border", async ({ page }) => {
  await begin(page, JSON.stringify({ ...JSON.parse(FLOW), commands: [] }), 5_000);
  await page.getByTestId("rail-split").click();
  await page.getByTestId("cut-at").fill(String(2n ** 127n));
  await page.getByTestId("cut-at").press("Enter");
  await expect(page.getByTestId("scissors")).toContainText("Accepted");
  await expect(page.getByTestId("scissors")).toContainText("aws kinesis merge-shards --stream-name orders --shard-to-merge shardId-000000000000");
  await seek(page, 60_000);
  await expectShards(page, ["002", "001", "000"]);
});

test("a listing that is pasted is listed again, word by word", async ({ page }) => {
  await begin(page, FLOW, 70_000);
  const line = "aws kinesis list-shards --stream-name orders";
  const { stdout } = await cli(page, line);
  expect(JSON.parse(stdout).Shards.filter((shard) => shard.SequenceNumberRange.EndingSequenceNumber)).toHaveLength(4);
  const other = read("../../www/scenarios/parallelization-3.json");
  await begin(page, other, 5_000);
  await paste(page, stdout);
  await expect(page.getByTestId("dialog-close")).toBeHidden();
  // A listing does not name its stream.
  const again = await cli(page, line.replace("orders", JSON.parse(other).stream.StreamName));
  expect(again.stdout).toBe(stdout);
});

test("pages of list-shards are taken together, and all mistakes are listed", async ({ page }) => {
  await begin(page, FLOW, 0);
  const shard = (number, from, to) => ({
    ShardId: `shardId-${String(number).padStart(12, "0")}`,
    HashKeyRange: { StartingHashKey: String(from), EndingHashKey: String(to) },
    SequenceNumberRange: { StartingSequenceNumber: "49567765350424335901249109428910813132774667910635323426" },
  });
  const half = 2n ** 127n;
  const pages = [
    { Shards: [shard(7, 0n, half - 1n)], NextToken: "more" },
    { Shards: [shard(9, half, 2n ** 128n - 1n)] },
  ];
  await paste(page, pages.map((each) => JSON.stringify(each)).join("\n"));
  await expect(page.getByTestId("dialog-close")).toBeHidden();
  await expectShards(page, ["007", "009"]);
  const before = await digest(page);
  pages[1].Shards = [shard(9, half + 5n, "x"), shard(10, half, 3), shard("b", half, half)];
  await paste(page, JSON.stringify(pages));
  const problems = page.getByTestId("problem");
  await expect(problems).toHaveCount(3);
  await expect(problems.nth(0)).toContainText("$[1].Shards[0].HashKeyRange.EndingHashKey");
  await expect(problems.nth(0)).toContainText("decimal number below 2^128");
  await expect(problems.nth(1)).toContainText("the range ends before it starts");
  await expect(problems.nth(2)).toContainText("$[1].Shards[2].ShardId");
  expect(await digest(page)).toBe(before);
  await page.getByTestId("problems-edit").click();
  await expect(page.getByTestId("paste-text")).toHaveValue(/NextToken/);
});

test("gaps and overlaps of a listing are named", async ({ page }) => {
  await begin(page, FLOW, 0);
  const listing = JSON.parse((await cli(page, "aws kinesis list-shards --stream-name orders")).stdout);
  listing.Shards[0].HashKeyRange.EndingHashKey = "99";
  await paste(page, JSON.stringify(listing));
  await expect(page.getByTestId("problem")).toHaveText([/no open shard has the hash keys 100 to 170141183460469231731687303715884105727/]);
  await page.getByTestId("dialog-close").click();
  listing.Shards[0].HashKeyRange.EndingHashKey = listing.Shards[1].HashKeyRange.EndingHashKey;
  await paste(page, JSON.stringify(listing));
  await expect(page.getByTestId("problem").first()).toContainText("is open too and has some of these hash keys");
});

test("the scissors cut by keys and by number, and say what AWS says", async ({ page }) => {
  await begin(page, FLOW, 5_000);
  await page.keyboard.press("s");
  await expect(page.getByTestId("cut-what")).toHaveText("cut shard-…000 at 25.0 %");
  await expect(page.getByTestId("cut-confirm")).toBeFocused();
  await page.keyboard.press("Shift+ArrowDown");
  await expect(page.getByTestId("cut-what")).toHaveText("cut shard-…000 at 35.0 %");
  // The way stops at the border of two shards.
  for (let step = 0; step < 2; step += 1) {
    await page.keyboard.press("Shift+ArrowDown");
  }
  await expect(page.getByTestId("cut-what")).toHaveText("merge …000 + …001 at 50.0 %");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("cut-what")).toHaveCount(0);
  await page.getByTestId("rail-split").click();
  // What a number would do shows while it is typed: at the border of two shards it joins them.
  await page.getByTestId("cut-at").fill(String(2n ** 127n));
  await expect(page.getByTestId("cut-what")).toHaveText("merge …000 + …001 at 50.0 %");
  await expect(page.getByTestId("cut-confirm")).toHaveText("Merge");
  await page.getByTestId("cut-at").fill("340282366920938463463374607431768211454");
  await expect(page.getByTestId("cut-what")).toHaveText("cut shard-…001 at 100.0 %");
  await page.getByTestId("cut-at").press("Enter");
  await expect(page.getByTestId("scissors")).toContainText("Accepted");
  await expect(page.getByTestId("scissors")).toContainText("--new-starting-hash-key 340282366920938463463374607431768211454");
  await page.getByTestId("cut-leave").click();
  // The stream is UPDATING now: AWS refuses the next one, in place and in the console.
  await page.keyboard.press("m");
  await expect(page.getByTestId("cut-what")).toHaveText("merge …000 + …001 at 50.0 %");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("scissors")).toContainText("ResourceInUseException");
  await page.getByTestId("show-console").click();
  await expect(page.getByTestId("console-entry").last()).toContainText("aws kinesis merge-shards --stream-name orders");
  await expect(page.getByTestId("console-entry").last()).toContainText("ResourceInUseException");
});

test("the mouse cuts a shard and joins two on the bar", async ({ page }) => {
  await begin(page, JSON.stringify({ ...JSON.parse(FLOW), commands: [] }), 5_000);
  const box = await page.locator("#stage").boundingBox();
  // The bar of a picture of this size: from 112 to 20 above its lower edge.
  const at = async (share, action) => {
    const [top, bottom] = [112, box.height - 20];
    await page.mouse[action](box.x + 132, box.y + top + share * (bottom - top));
  };
  await page.mouse.click(box.x + 128 - 26, box.y + 109);
  await at(0.75, "move");
  await expect(page.getByTestId("cut-what")).toHaveText(/^cut shard-…001 at 7[45]\.\d %$/);
  await at(0.5, "move");
  await expect(page.getByTestId("cut-what")).toHaveText("merge …000 + …001 at 50.0 %");
  await at(0.5, "click");
  await expect(page.getByTestId("scissors")).toContainText("Accepted");
  await seek(page, 60_000);
  await expectShards(page, ["002", "001", "000"]);
  await expect(page.getByTestId("lineage").getByRole("button")).toHaveText(["0 CLOSED", "1 CLOSED", "2 OPEN"]);
  await expect(page.getByTestId("open-now")).toHaveText("Open now: 1");
});

test("where nothing is invoked the stream's panel shows first", async ({ page }) => {
  await open(page);
  await expect(page.getByTestId("tab-table")).toHaveAttribute("aria-selected", "true");
  await page.evaluate((text) => window.shardlab.load(text), read("../../www/scenarios/reshard-2-to-3.json"));
  await expect(page.getByTestId("tab-stream")).toHaveAttribute("aria-selected", "true");
  await expect(page.getByTestId("shard")).toHaveCount(2);
});

test("the rail leads to the number of shards", async ({ page }) => {
  await begin(page, FLOW, 5_000);
  await page.getByTestId("rail-count").click();
  await expect(page.getByTestId("target-count")).toBeFocused();
});

test("keys page through shards and show the whole run", async ({ page }) => {
  const keys = { distribution: "uniform", count: 1000 };
  const stream = { StreamName: "s", ShardCount: 12 };
  const producers = [{ type: "rate", recordsPerSecond: 50, keys }];
  await begin(page, JSON.stringify({ version: 1, id: "busy", until: 600_000, stream, producers }), 200_000);
  const picture = () => page.locator("#stage").screenshot();
  const first = await picture();
  await page.keyboard.press(">");
  await expect.poll(async () => first.equals(await picture())).toBe(false);
  await page.getByTestId("share").click();
  expect(page.url()).toContain("&shards=1");
  await page.keyboard.press("<");
  await page.keyboard.press("w");
  await page.getByTestId("share").click();
  expect(page.url()).toContain("&span=whole&shards=0");
});

test("a link to a changed scenario is short, names its changes, and keeps what is looked at", async ({ page }) => {
  await open(page);
  await page.getByTestId("more-settings").click();
  await page.getByTestId("batch-size-decrease").click();
  await cli(page, "aws kinesis describe-limits");
  await seek(page, 60_000);
  await page.getByTestId("tab-log").click();
  await page.getByTestId("share").click();
  const before = await digest(page);
  const { hash } = new URL(page.url());
  expect(hash).toMatch(/^#2\./);
  expect(hash.length).toBeLessThan(500);
  await page.goto("about:blank");
  await open(page, `./${hash}`);
  expect(await digest(page)).toBe(before);
  await expect(page.getByTestId("tab-log")).toHaveAttribute("aria-selected", "true");
  await expect(page.getByTestId("scenario-menu")).toContainText("Batch size 20");
  await page.getByTestId("reset").click();
  await page.getByTestId("more-settings").click();
  await expect(page.getByTestId("batch-size-value")).toHaveText("50");
  // A link of the first days.
  await page.goto("about:blank");
  await open(page, "./#1.DP9E8itILErMyUnNyaxKLMnMz9M1BAA&t=60000");
  expect(await page.evaluate(() => window.shardlab.state())).toMatchObject({ scenario: "parallelization-1", now: 60_000 });
});
