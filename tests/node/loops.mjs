// The loops that `cargo xtask bench` times in Node and in Chromium: plain JavaScript that runs in both.

/** Times are taken this often, reference and pipeline by turns; the middle ratio counts. */
const ROUNDS = 5;

/** The cases of benches/pipeline.rs, with fewer records where memory is short in a browser. */
const CASES = [
  { name: "16 shards, 10^5 records, 10^5 keys", shards: 16, records: 100_000, rate: 8_000, keys: 100_000 },
  { name: "16 shards, 10^7 records, 10^5 keys", shards: 16, records: 10_000_000, rate: 8_000, keys: 100_000 },
  { name: "16 shards, 10^5 records, 1 000 keys", shards: 16, records: 100_000, rate: 8_000, keys: 1_000 },
  { name: "10 000 shards, 10^7, same rate a shard", shards: 10_000, records: 10_000_000, rate: 5_000_000, keys: 100_000 },
  { name: "10 000 shards, 2·10^6, same total rate", shards: 10_000, records: 2_000_000, rate: 8_000, keys: 100_000 },
];

function scenario({ shards, records, rate, keys }) {
  const seconds = Math.ceil(records / rate);
  return {
    version: 1,
    id: "bench",
    until: (seconds + 60) * 1000,
    quotas: { concurrentExecutions: 1_000_000 },
    stream: { StreamName: "s", ShardCount: shards },
    producers: [
      {
        type: "rate",
        recordsPerSecond: rate,
        stopAt: seconds * 1000,
        keys: { distribution: "uniform", count: keys },
        size: { min: 200, max: 200 },
      },
    ],
    functions: [
      { FunctionName: "f", versions: { 1: { tag: "v1", handler: { perRecord: 0, perInvocation: 100, rules: [] } } } },
    ],
    eventSourceMappings: [
      {
        EventSourceArn: "arn:aws:kinesis:us-east-1:123456789012:stream/s",
        FunctionName: "f",
        StartingPosition: "TRIM_HORIZON",
        BatchSize: 100,
      },
    ],
  };
}

/** Nanoseconds per record of `work`. */
async function nanoseconds(records, work) {
  const start = performance.now();
  await work();
  return ((performance.now() - start) * 1e6) / records;
}

/**
 * For each case: nanoseconds per record of the pipeline and of MD5 and routing alone, and their ratio.
 * `shardlab`: the engine's exports.
 */
export async function measure(shardlab) {
  const REFERENCE_RECORDS = 2_000_000;
  const floor = () => nanoseconds(REFERENCE_RECORDS, () => shardlab.benchReference(REFERENCE_RECORDS));
  await floor();
  const results = [];
  for (const { name, ...shape } of CASES) {
    const document = scenario(shape);
    const times = [];
    for (let round = 0; round < (shape.records > 5_000_000 ? 1 : ROUNDS); round += 1) {
      const before = await floor();
      const pipeline = await nanoseconds(shape.records, async () => {
        await shardlab.load(document);
        await shardlab.seek(document.until);
      });
      const { put, perMapping } = shardlab.summary().records;
      if (perMapping[0].succeeded !== put) {
        throw new Error(`unfinished: ${name}`);
      }
      times.push({ pipeline, reference: (before + (await floor())) / 2 });
    }
    times.sort((a, b) => a.reference / a.pipeline - b.reference / b.pipeline);
    results.push({ name, ...times[Math.floor(times.length / 2)] });
  }
  return results;
}
