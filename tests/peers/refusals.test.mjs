// Which requests are accepted, refused or not known, whatever the words; for the words see errors.test.mjs.
import { test } from "node:test";
import { createStream, outcome, suite } from "./compare.mjs";
import { ranges, shardId } from "./oracle.mjs";

const [first] = ranges(3);
const split = (key, ShardToSplit = shardId(0)) => ({ ShardToSplit, NewStartingHashKey: `${key}` });
const merge = (lower, upper) => ({ ShardToMerge: shardId(lower), AdjacentShardToMerge: shardId(upper) });
const records = (count) => ({ Records: Array(count).fill({ Data: "eA==", PartitionKey: "a" }) });
const filter = (ShardFilter) => ({ ShardFilter });

/** Each on a new stream of three shards; `StreamName` is added. */
const CASES = [
  ["split at the start", "SplitShard", split(0n), "refused"],
  ["split one after the start", "SplitShard", split(1n), "refused"],
  ["split two after the start", "SplitShard", split(2n), "accepted"],
  ["split one before the end", "SplitShard", split(first.high - 1n), "accepted"],
  ["split at the end", "SplitShard", split(first.high), "refused"],
  ["split beyond the end", "SplitShard", split(first.high + 1n), "refused"],
  ["split of shard-0", "SplitShard", split(first.high / 2n, "shard-0"), "accepted"],
  ["merge of neighbors", "MergeShards", merge(0, 1), "accepted"],
  ["merge in the other order", "MergeShards", merge(1, 0), "refused"],
  ["merge of two apart", "MergeShards", merge(0, 2), "refused"],
  ["500 records", "PutRecords", records(500), "accepted"],
  ["501 records", "PutRecords", records(501), "refused"],
  ["no records", "PutRecords", records(0), "refused"],
  ["filter of an unknown type", "ListShards", filter({ Type: "BAD" }), "refused"],
  ["AT_TIMESTAMP without a time", "ListShards", filter({ Type: "AT_TIMESTAMP" }), "refused"],
  ["AFTER_SHARD_ID without an id", "ListShards", filter({ Type: "AFTER_SHARD_ID" }), "refused"],
  ["UpdateShardCount to none", "UpdateShardCount", { TargetShardCount: 0, ScalingType: "UNIFORM_SCALING" }, "refused"],
  ["UpdateShardCount to 6", "UpdateShardCount", { TargetShardCount: 6, ScalingType: "UNIFORM_SCALING" }, "accepted"],
  ["UpdateShardCount to 7", "UpdateShardCount", { TargetShardCount: 7, ScalingType: "UNIFORM_SCALING" }, "refused"],
];

/** Without a stream. The last one ends a peer. */
const LAST_CASES = [
  ["DescribeLimits", "DescribeLimits", {}, "accepted"],
  ["a bad NextToken", "ListShards", { NextToken: "abc" }, "refused"],
];

function word(outcome) {
  if (["accepted", "the process ends"].includes(outcome)) {
    return outcome;
  }
  return outcome.startsWith("UnknownOperationException") ? "not known" : "refused";
}

suite("refusals", ["kinesalite", "kinesis-local"], ({ compare, subject }) => {
  for (const [idx, [topic, operation, request, right]] of CASES.entries()) {
    test(topic, async () => {
      const StreamName = `refusals-${idx}`;
      await createStream(subject(), StreamName, 3);
      compare(topic, word(await outcome(subject(), operation, { StreamName, ...request })), right);
    });
  }
  for (const [topic, operation, request, right] of LAST_CASES) {
    test(topic, async () => compare(topic, word(await outcome(subject(), operation, request)), right));
  }
});
