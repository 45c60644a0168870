// The loops that `cargo xtask bench` times in Node and in Chromium: plain JavaScript that runs in both.

/** Runs shorter than this say little. */
const MEASURED_MS_MIN = 500;

/** How often per second `action` can be done, after one time that is not counted. */
async function rate(action) {
  await action();
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < MEASURED_MS_MIN) {
    await action();
    count += 1;
  }
  return (1000 * count) / (performance.now() - start);
}

/** Name and rate per second of each loop. `shardlab`: the engine's exports; `scenarios`: the shipped ones. */
export async function measure(shardlab, scenarios) {
  const results = [];
  for (const scenario of scenarios) {
    const perSecond = await rate(async () => {
      await shardlab.load(scenario);
      await shardlab.seek(scenario.until ?? 600_000);
    });
    results.push({ name: `whole runs of ${scenario.id}`, perSecond });
  }
  return results;
}
