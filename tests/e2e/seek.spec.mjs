// Going to any moment in the page: the same state at every visit, and soon. Figures: docs/performance.md.
import { expect, test } from "@playwright/test";
import { open } from "./page.mjs";

/** 10^5 events: 500 records a second, each with its row. */
const scenario = {
  version: 1,
  id: "seek",
  until: 100_000,
  stream: { ShardCount: 4 },
  producers: [{ type: "rate", recordsPerSecond: 500, stopAt: 100_000, keys: { count: 1000 } }],
  functions: [{ FunctionName: "f", versions: { 1: { handler: { perRecord: 5 } } } }],
  eventSourceMappings: [
    {
      EventSourceArn: "arn:aws:kinesis:us-east-1:123456789012:stream/s",
      FunctionName: "f",
      StartingPosition: "TRIM_HORIZON",
      ParallelizationFactor: 2,
    },
  ],
};

/** Milliseconds for 95 of 100 seeks in a run of 10^5 events. */
const P95_MS = 50;

test("any moment is reached soon, and is the same at every visit", async ({ page }) => {
  // What frames cost: the time that their callbacks take, which draw both pictures.
  await page.addInitScript(() => {
    const ask = window.requestAnimationFrame.bind(window);
    window.framesMs = 0;
    window.requestAnimationFrame = (callback) =>
      ask((stamp) => {
        const start = performance.now();
        callback(stamp);
        window.framesMs += performance.now() - start;
      });
  });
  await open(page);
  const measured = await page.evaluate(async (scenario) => {
    const { shardlab } = window;
    await shardlab.load(scenario);
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await shardlab.seek(scenario.until);
    const { events } = shardlab.state();
    for (let i = 0; i < 10; i++) await frame();
    let random = 1;
    const next = () => (random = (random * 48271) % 2147483647) / 2147483647;
    const moments = Array.from({ length: 25 }, () => Math.floor(next() * scenario.until));
    const hashes = new Map();
    const wrong = [];
    const alone = [];
    const drawn = [];
    for (let i = 0; i < 200; i++) {
      const t = moments[Math.floor(next() * moments.length)];
      const start = performance.now();
      await shardlab.seek(t);
      const sought = performance.now() - start;
      alone.push(sought);
      window.framesMs = 0;
      // The page's own callback was asked for before this one, and draws before it in the same frame.
      await frame();
      drawn.push(sought + window.framesMs);
      const { stateHash, now } = shardlab.state();
      if (now !== t || (hashes.has(t) && hashes.get(t) !== stateHash)) wrong.push(t);
      hashes.set(t, stateHash);
    }
    const percentile = (times, share) => times.sort((a, b) => a - b)[Math.floor((times.length - 1) * share)];
    const both = (times) => ({ p50: percentile(times, 0.5), p95: percentile(times, 0.95) });
    return { events, wrong, distinct: new Set(hashes.values()).size, moments: hashes.size, alone: both(alone), drawn: both(drawn) };
  }, scenario);
  console.log(`${measured.events} events, milliseconds of script: seek`, measured.alone, "and draw", measured.drawn);
  expect(measured.events).toBeGreaterThan(100_000);
  expect(measured.wrong).toEqual([]);
  expect(measured.distinct).toBe(measured.moments);
  // What the frame costs besides is printed: it depends on how the browser paints.
  expect(measured.alone.p95).toBeLessThan(P95_MS);
});
