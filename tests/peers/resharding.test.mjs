// SplitShard, MergeShards and UpdateShardCount: ids, parents and ranges of the shards, their sequence numbers, and
// where records go before, while and after.
import { test } from "node:test";
import { createStream, listShards, suite } from "./compare.mjs";
import { decode, HASH_KEYS, lines, Random, shardId, Topology } from "./oracle.mjs";

/** Each a seed and the shards to begin with; the counts are those on whose ranges all agree. */
const SEQUENCES = [
  { seed: 1, n: 3 },
  { seed: 2, n: 5 },
  { seed: 3, n: 1 },
];
const STEPS = 12;
const ROUTED = 100;

/** The lowest and the highest key where a shard can be split; none if it is too narrow. */
function splitKeys({ low, high }) {
  return high - low < 3n ? null : [low + 2n, high - 1n];
}

/** A step that AWS accepts, as a call; also makes it in the topology. */
function step(topology, random) {
  const { open } = topology;
  const wide = open.filter((idx) => splitKeys(topology.shards[idx]));
  if (open.length > 1 && random.below(5) < 2) {
    const at = random.below(open.length - 1);
    const [lower, upper] = [open[at], open[at + 1]];
    topology.merge(lower, upper);
    return ["MergeShards", { ShardToMerge: shardId(lower), AdjacentShardToMerge: shardId(upper) }];
  }
  const idx = random.pick(wide);
  const [low, high] = splitKeys(topology.shards[idx]);
  // The ends are where an implementation is off by one.
  const key = random.pick([low, high, low + (high - low) / 2n, low + random.bigBelow(high - low)]);
  topology.split(idx, key);
  return ["SplitShard", { ShardToSplit: shardId(idx), NewStartingHashKey: `${key}` }];
}

/** The shard that takes a record of this hash key. */
async function route(subject, StreamName, key) {
  const record = { Data: "eA==", PartitionKey: "a", ExplicitHashKey: `${key}` };
  return (await subject.call("PutRecord", { StreamName, ...record })).ShardId;
}

/** What the numbers of a stream's shards have in common, one line a kind. */
function numberFacts(shards) {
  const facts = new Set();
  const numbers = new Map(shards.map((shard) => [shard.ShardId, shard.SequenceNumberRange]));
  for (const { ShardId, ParentShardId, AdjacentParentShardId, SequenceNumberRange } of shards) {
    const start = decode(SequenceNumberRange.StartingSequenceNumber);
    const isFirst = start.index === 0n && start.epoch === start.second && start.shardId === ShardId;
    const kind = AdjacentParentShardId ? "merged" : "first or split";
    facts.add(`a ${kind} shard starts with ${isFirst ? "its own first" : "another"} number`);
    const { EndingSequenceNumber = null } = SequenceNumberRange;
    if (EndingSequenceNumber !== null) {
      const end = decode(EndingSequenceNumber);
      const isLast = end?.index === (1n << 63n) - 1n && end.epoch === start.epoch && end.shardId === ShardId;
      facts.add(`a closed shard ends ${isLast ? "with its own last number" : `with ${EndingSequenceNumber}`}`);
    }
    for (const parent of [ParentShardId, AdjacentParentShardId].filter(Boolean)) {
      const end = decode(numbers.get(parent).EndingSequenceNumber);
      if (end !== null) {
        facts.add(`a child starts ${start.second - end.second} s after its parent ends`);
      }
    }
  }
  return [...facts].sort();
}

const NUMBER_FACTS = [
  "a child starts 1 s after its parent ends",
  "a closed shard ends with its own last number",
  "a first or split shard starts with its own first number",
  "a merged shard starts with its own first number",
];

suite("resharding", ["kinesalite", "kinesis-local"], ({ compare, subject }) => {
  for (const { seed, n } of SEQUENCES) {
    test(`${STEPS} random steps from ${n} shards`, async () => {
      const name = `resharding-${seed}`;
      const random = new Random(seed);
      const topology = new Topology(n);
      await createStream(subject(), name, n);
      for (let count = 1; count <= STEPS; count += 1) {
        const [operation, request] = step(topology, random);
        await subject().call(operation, { StreamName: name, ...request });
        await subject().settle(name);
        const topic = `shards after ${count} steps from ${n} shards`;
        compare(topic, lines(await listShards(subject(), name)), topology.lines);
      }
      const facts = numberFacts(await listShards(subject(), name));
      compare(`numbers after ${STEPS} steps from ${n} shards`, facts, NUMBER_FACTS);

      const keys = Array.from({ length: ROUTED }, () => random.bigBelow(HASH_KEYS));
      keys.push(...topology.shards.flatMap(({ low, high }) => [low, high]));
      const Records = keys.map((key) => ({ Data: "eA==", PartitionKey: "a", ExplicitHashKey: `${key}` }));
      const answer = await subject().call("PutRecords", { StreamName: name, Records });
      const found = answer.Records.map(({ ShardId }) => ShardId);
      compare(`records after ${STEPS} steps from ${n} shards`, found, topology.routes(keys));
    });
  }
});

// With two seconds of UPDATING, a record can be put meanwhile on a busy machine too.
suite(
  "updating",
  ["kinesalite", "kinesis-local"],
  ({ compare, subject }) => {
    test("a record put while its shard is split", async () => {
      const StreamName = "updating";
      await createStream(subject(), StreamName, 3);
      const split = { ShardToSplit: shardId(1), NewStartingHashKey: `${HASH_KEYS / 2n}` };
      await subject().call("SplitShard", { StreamName, ...split });
      compare("to the parent while UPDATING", await route(subject(), StreamName, HASH_KEYS / 2n), shardId(1));
      await subject().settle(StreamName);
      compare("to the child when ACTIVE", await route(subject(), StreamName, HASH_KEYS / 2n), shardId(4));
    });
  },
  { transitionMs: 2000 },
);

suite("doubling", ["kinesis-local"], ({ compare, subject }) => {
  test("UpdateShardCount from 1 to 8 shards, as in a listing of AWS of 2019", async () => {
    const StreamName = "doubling";
    const topology = new Topology(1);
    await createStream(subject(), StreamName, 1);
    for (const TargetShardCount of [2, 4, 8]) {
      for (const idx of topology.open) {
        const { low, high } = topology.shards[idx];
        topology.split(idx, low + (high - low) / 2n + 1n);
      }
      await subject().call("UpdateShardCount", { StreamName, TargetShardCount, ScalingType: "UNIFORM_SCALING" });
      await subject().settle(StreamName);
      compare(`shards of ${TargetShardCount}`, lines(await listShards(subject(), StreamName)), topology.lines);
    }
  });
});
