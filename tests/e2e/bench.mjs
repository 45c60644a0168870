// How long the page's script takes for a frame, in headless Chromium, beside plain JavaScript that gives the canvas the
// same commands; a run of a million records at full speed; a reshard to 10 000 shards; and memory over time.
// `cargo xtask bench page` serves dist/ and starts it. Figures: docs/performance.md.
import { chromium } from "@playwright/test";

const address = process.argv[2];
const CHROMIUM_ARGUMENTS = ["--no-sandbox", "--enable-precise-memory-info", "--js-flags=--expose-gc"];
const WARM_UP_MS = 1_000;
const WATCHED_MS = 6_000;
const MEMORY_MS = Number(process.env.SHARDLAB_MEMORY_MS ?? 60_000);
const LONG_FRAME_MS = 50;
const PANELS_PER_SECOND_MAX = 10;
/** Whatever makes scripts work, by its name in a trace. */
const TASKS = ["FireAnimationFrame", "FunctionCall", "EvaluateScript", "EventDispatch", "RunMicrotasks", "TimerFire"];

/** The bars: script time of a frame in ms (p95), by what there is to draw. */
const CASES = [
  { name: "600 tokens", bar: 4, scenario: queued({ keys: 5, records: 390, factor: 3 }), t: 80_000 },
  { name: "as many tokens as there can be", bar: 8, scenario: queued({ keys: 8, records: 400, factor: 8 }), t: 52_000 },
  { name: "density bars", bar: 4, scenario: crowded(3_000), t: 60_000 },
];

/** A slow function and a queue of so many records of a few keys. */
function queued({ keys, records, factor }) {
  return scenario({
    shards: 1,
    factor,
    perRecord: 20_000,
    producer: {
      type: "rounds",
      partitionKeys: Array.from({ length: keys }, (_, key) => String(key + 1)),
      rounds: Math.floor(records / keys),
      period: 1,
      startAt: 500,
    },
  });
}

/** So many records a second of many keys. */
function crowded(recordsPerSecond, until = 400_000) {
  const producer = { type: "rate", recordsPerSecond, keys: { count: 1000 }, size: { min: 100, max: 300 }, stopAt: null };
  return scenario({ shards: 4, factor: 2, perRecord: 25, producer, until });
}

function scenario({ shards, factor, perRecord, producer, until = 400_000 }) {
  return {
    version: 1,
    id: "bench",
    seed: 42,
    until,
    stream: { StreamName: "s", ShardCount: shards },
    producers: [producer],
    functions: [{ FunctionName: "f", Timeout: 900, versions: { 1: { handler: { perRecord } } } }],
    eventSourceMappings: [
      {
        EventSourceArn: "arn:aws:kinesis:us-east-1:123456789012:stream/s",
        FunctionName: "f",
        BatchSize: 20,
        ParallelizationFactor: factor,
        StartingPosition: "TRIM_HORIZON",
      },
    ],
  };
}

/** In the page, before it loads: times each frame's callbacks, and can record what frames tell the canvases. */
function instrument() {
  const frames = (window.benchFrames = []);
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) =>
    request((stamp) => {
      if (window.benchStopped) {
        return;
      }
      const start = performance.now();
      callback(stamp);
      frames.push(performance.now() - start);
    });
  window.benchLongTasks = [];
  new PerformanceObserver((list) => window.benchLongTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    entryTypes: ["longtask"],
  });
  // So many frames: the time line is not drawn in each of them.
  const RECORDED = 14;
  window.benchRecord = () =>
    new Promise((resolve) => {
      const prototype = CanvasRenderingContext2D.prototype;
      const recorded = [];
      const restore = [];
      for (const name of Object.getOwnPropertyNames(prototype)) {
        const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
        if (typeof descriptor.value === "function" && !["getImageData", "measureText"].includes(name)) {
          prototype[name] = function (...values) {
            recorded.push([this, name, values, true]);
            return descriptor.value.apply(this, values);
          };
          restore.push(() => (prototype[name] = descriptor.value));
        } else if (descriptor.set !== undefined) {
          Object.defineProperty(prototype, name, {
            ...descriptor,
            set(value) {
              recorded.push([this, name, value, false]);
              descriptor.set.call(this, value);
            },
          });
          restore.push(() => Object.defineProperty(prototype, name, descriptor));
        }
      }
      const wait = (frames) => request(() => (frames > 0 ? wait(frames - 1) : (restore.forEach((undo) => undo()), resolve(recorded))));
      wait(RECORDED);
    });
  /** Gives the canvases the commands of some frames again and again; how many marks and commands the fullest has. */
  window.benchReplay = async (times) => {
    const recorded = await window.benchRecord();
    // Each frame begins where the stage is cleared; what stands before the first of them is not whole.
    const begins = recorded.flatMap(([context, name], place) => (name === "clearRect" && context.canvas.id === "stage" ? [place] : []));
    const frames = begins.slice(0, -1).map((begin, place) => recorded.slice(begin - 1, begins[place + 1] - 1));
    const marks = frames.map((frame) => frame.filter(([, name]) => ["drawImage", "fillRect", "roundRect", "rect", "arc"].includes(name)).length);
    window.benchStopped = true;
    for (let time = 0; time < times; time += 1) {
      await new Promise((resolve) =>
        request(() => {
          for (const [context, name, value, called] of frames[time % frames.length]) {
            if (called) {
              context[name](...value);
            } else {
              context[name] = value;
            }
          }
          resolve();
        }),
      );
    }
    return { marks: Math.max(...marks), commands: Math.max(...frames.map((frame) => frame.length)) };
  };
}

const percentile = (numbers, share) => [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))];
const ms = (number) => `${number.toFixed(2)} ms`;
const failures = [];

function judge(text, holds) {
  console.log(`${holds ? "ok  " : "FAIL"} ${text}`);
  if (!holds) {
    failures.push(text);
  }
}

async function opened(browser) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(instrument);
  await page.goto(address);
  await page.locator("html[data-ready=true]").waitFor();
  await page.locator("html[data-rest]").waitFor();
  return page;
}

async function play(page, speed) {
  await page.getByTestId(`speed-${speed}`).evaluate((radio) => radio.click());
  await page.getByTestId("play-pause").evaluate((button) => button.click());
}

/** What each animation frame's script takes of the processor in ms while `act` lasts, and each task of a script: other
 * programs do not count. */
async function frameTimes(browser, page, act) {
  await browser.startTracing(page, { categories: ["devtools.timeline"] });
  const result = await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const spent = (...names) =>
    traceEvents.filter(({ name, ph }) => names.includes(name) && ph === "X").map(({ tdur, dur }) => (tdur ?? dur) / 1_000);
  return { result, times: spent("FireAnimationFrame"), tasks: spent(...TASKS) };
}

async function measureFrames(browser, { name, bar, scenario, t }) {
  const page = await opened(browser);
  await page.evaluate((scenario) => window.shardlab.load(scenario), scenario);
  await page.evaluate((t) => window.shardlab.seek(t), t);
  // The run ahead ends first, where it can.
  await page.waitForTimeout(2_000);
  await play(page, "1");
  await page.waitForTimeout(WARM_UP_MS);
  const { times: frames } = await frameTimes(browser, page, () => page.waitForTimeout(WATCHED_MS));
  const replay = () => page.evaluate(() => window.benchReplay(200));
  const { times: all, result: { marks, commands } } = await frameTimes(browser, page, replay);
  const spent = all.slice(-200);
  const [own, plain] = [percentile(frames, 0.95), percentile(spent, 0.95)];
  const medians = [percentile(frames, 0.5), percentile(spent, 0.5)];
  judge(`${name} (${marks} marks, ${commands} commands): p95 ${ms(own)} of ${frames.length} frames (bar ${bar} ms), p50 ${ms(medians[0])}`, own <= bar);
  console.log(`     the same commands from plain JavaScript: p95 ${ms(plain)}, p50 ${ms(medians[1])}; ratio of p50 ${(medians[0] / medians[1]).toFixed(2)} (aim 1.3)`);
  await page.close();
}

async function measureMaximumSpeed(browser) {
  const page = await opened(browser);
  await page.evaluate((scenario) => window.shardlab.load(scenario), crowded(3_000, 340_000));
  await page.evaluate(() => {
    window.benchFrames.length = 0;
    window.benchLongTasks.length = 0;
    window.benchRefreshes = 0;
    const status = document.querySelector(".status");
    new MutationObserver(() => (window.benchRefreshes += 1)).observe(status, { subtree: true, childList: true, characterData: true });
  });
  const start = Date.now();
  const { times } = await frameTimes(browser, page, async () => {
    await play(page, "max");
    await page.waitForFunction(() => window.shardlab.state().now >= 339_000, undefined, { timeout: 300_000, polling: 500 });
  });
  const seconds = (Date.now() - start) / 1000;
  const { records, long, refreshes } = await page.evaluate(() => ({
    records: window.shardlab.summary().records.put,
    long: window.benchLongTasks.length,
    refreshes: window.benchRefreshes,
  }));
  const most = Math.max(...times);
  judge(`${records} records at full speed in ${seconds.toFixed(1)} s: longest frame ${ms(most)} of the processor, p95 ${ms(percentile(times, 0.95))}`, most <= LONG_FRAME_MS);
  console.log(`     tasks over ${LONG_FRAME_MS} ms by the clock, which other programs lengthen: ${long}`);
  const rate = refreshes / seconds;
  judge(`panels refreshed ${rate.toFixed(1)} times a second`, rate <= PANELS_PER_SECOND_MAX);
  await page.close();
}

/** UpdateShardCount 5 000 -> 10 000 by hand while records flow: planned at the click, and split after split, one a
 * millisecond, while it plays. */
async function measureReshard(browser) {
  const page = await opened(browser);
  const producer = { type: "rate", recordsPerSecond: 1_000, keys: { count: 10_000 }, stopAt: null };
  const before = scenario({ shards: 5_000, factor: 1, perRecord: 1, producer, until: 60_000 });
  await page.evaluate((scenario) => window.shardlab.load(scenario), { ...before, model: { reshardStep: 1 } });
  await page.evaluate(() => window.shardlab.seek(10_000));
  await page.getByTestId("tab-stream").click();
  await page.getByTestId("target-count").fill("10000");
  await page.waitForTimeout(2_000);
  await play(page, "1");
  await page.waitForTimeout(WARM_UP_MS);
  const { tasks, times } = await frameTimes(browser, page, async () => {
    await page.getByTestId("update-count").evaluate((button) => button.click());
    await page.waitForFunction(() => window.shardlab.state().now >= 20_000, undefined, { timeout: 60_000, polling: 500 });
  });
  const { stdout } = await page.evaluate(() => window.shardlab.cli("aws kinesis describe-stream-summary --stream-name s"));
  const { StreamStatus, OpenShardCount } = JSON.parse(stdout).StreamDescriptionSummary;
  judge(`5 000 shards become 10 000 while it plays: ${StreamStatus}, ${OpenShardCount} open`, StreamStatus === "ACTIVE" && OpenShardCount === 10_000);
  const [frame, task] = [Math.max(...times), Math.max(...tasks)];
  judge(`  longest of ${times.length} frames ${ms(frame)} of the processor, p95 ${ms(percentile(times, 0.95))}`, frame <= LONG_FRAME_MS);
  judge(`  longest of all that scripts do at once ${ms(task)}`, task <= LONG_FRAME_MS);
  await page.close();
}

async function measureMemory(browser) {
  const page = await opened(browser);
  const used = async () => {
    await page.evaluate(() => window.gc());
    return page.evaluate(() => performance.memory.usedJSHeapSize);
  };
  await play(page, "1");
  await page.waitForTimeout(10_000);
  const before = await used();
  const frames = await page.evaluate(() => window.benchFrames.length);
  await page.waitForTimeout(MEMORY_MS);
  await page.evaluate(() => (window.benchFrames.length = 0));
  const after = await used();
  const growth = ((after - before) / MEMORY_MS) * 600_000;
  const megabytes = (bytes) => `${(bytes / 1_000_000).toFixed(2)} MB`;
  judge(`memory: ${megabytes(before)}, ${megabytes(after)} after ${MEMORY_MS / 1000} s of article C (${frames} frames before); over 10 minutes that is ${megabytes(growth)} more`, growth < 5_000_000);
  await page.close();
}

const browser = await chromium.launch({ executablePath: process.env.CHROME, args: CHROMIUM_ARGUMENTS });
try {
  for (const one of CASES) {
    await measureFrames(browser, one);
  }
  await measureMaximumSpeed(browser);
  await measureReshard(browser);
  await measureMemory(browser);
} finally {
  await browser.close();
}
process.exitCode = failures.length === 0 ? 0 : 1;
