// What a stream's history looks like: ShardFilter, pages of ListShards, and the children that the end of a closed
// shard names.
import { before, test } from "node:test";
import { createStream, suite } from "./compare.mjs";
import { ranges, shardId } from "./oracle.mjs";

const StreamName = "listing";
const RECORDS = 5;
/** More calls than it takes to read a shard to its end. */
const CALLS_MAX = 10;

/** Ids of shards as their last digits. */
const digits = (shards) => shards.map(({ ShardId }) => Number(ShardId.slice(-3)));

async function filtered(subject, Type, options) {
  const request = { StreamName, ShardFilter: { Type, ...options } };
  return digits((await subject.call("ListShards", request)).Shards);
}

/** Reads a shard from its start until an answer has no next iterator, or no records and no news. */
async function read(subject, idx) {
  const request = { StreamName, ShardId: shardId(idx), ShardIteratorType: "TRIM_HORIZON" };
  let { ShardIterator } = await subject.call("GetShardIterator", request);
  let records = 0;
  for (let calls = 0; calls < CALLS_MAX; calls += 1) {
    const answer = await subject.call("GetRecords", { ShardIterator });
    records += answer.Records.length;
    ShardIterator = answer.NextShardIterator ?? null;
    if (ShardIterator === null) {
      const { ChildShards = null } = answer;
      return { records, end: ChildShards && ChildShards.map(child).sort() };
    }
  }
  return { records, end: "open" };
}

function child({ ShardId, ParentShards, HashKeyRange: { StartingHashKey, EndingHashKey } }) {
  return `${ShardId} ${StartingHashKey}..${EndingHashKey} of [${[...ParentShards].sort().join(", ")}]`;
}

suite("listing", ["kinesalite", "kinesis-local"], ({ compare, subject }) => {
  const [first, second] = ranges(3);
  const cut = first.high / 2n;
  /** Before the split of 0 into 3 and 4, between it and the merge of 4 and 1 into 5, and after that. */
  const times = [];

  before(async () => {
    await createStream(subject(), StreamName, 3);
    const Records = Array(RECORDS).fill({ Data: "eA==", PartitionKey: "a", ExplicitHashKey: "0" });
    await subject().call("PutRecords", { StreamName, Records });
    const remember = async () => {
      await subject().pass();
      times.push(subject().now());
      await subject().pass();
    };
    await remember();
    const split = { ShardToSplit: shardId(0), NewStartingHashKey: `${cut}` };
    await subject().call("SplitShard", { StreamName, ...split });
    await subject().settle(StreamName);
    await remember();
    const merge = { ShardToMerge: shardId(4), AdjacentShardToMerge: shardId(1) };
    await subject().call("MergeShards", { StreamName, ...merge });
    await subject().settle(StreamName);
    await remember();
  });

  test("ShardFilter", async () => {
    for (const [Type, right] of [
      ["AT_TRIM_HORIZON", [0, 1, 2]],
      ["FROM_TRIM_HORIZON", [0, 1, 2, 3, 4, 5]],
      ["AT_LATEST", [2, 3, 5]],
    ]) {
      compare(Type, await filtered(subject(), Type), right);
    }
    compare("AFTER_SHARD_ID", await filtered(subject(), "AFTER_SHARD_ID", { ShardId: shardId(2) }), [3, 4, 5]);
    for (const [Type, ...rights] of [
      ["AT_TIMESTAMP", [0, 1, 2], [1, 2, 3, 4], [2, 3, 5]],
      ["FROM_TIMESTAMP", [0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [2, 3, 5]],
    ]) {
      for (const [idx, right] of rights.entries()) {
        compare(`${Type} ${idx}`, await filtered(subject(), Type, { Timestamp: times[idx] }), right);
      }
    }
  });

  test("ExclusiveStartShardId", async () => {
    const { Shards } = await subject().call("ListShards", { StreamName, ExclusiveStartShardId: shardId(2) });
    compare("ExclusiveStartShardId", digits(Shards), [3, 4, 5]);
  });

  test("pages", async () => {
    const pages = [];
    let request = { StreamName };
    while (request !== null) {
      const { Shards, NextToken = null } = await subject().call("ListShards", { ...request, MaxResults: 2 });
      pages.push(digits(Shards));
      request = NextToken && { NextToken };
    }
    compare("pages of two shards", pages, [[0, 1], [2, 3], [4, 5]]);
  });

  test("the ends of shards", async () => {
    const ofSplit = [
      `${shardId(3)} 0..${cut - 1n} of [${shardId(0)}]`,
      `${shardId(4)} ${cut}..${first.high} of [${shardId(0)}]`,
    ];
    const ofMerge = [`${shardId(5)} ${cut}..${second.high} of [${shardId(1)}, ${shardId(4)}]`];
    for (const [idx, records, end] of [
      [0, RECORDS, ofSplit],
      [1, 0, ofMerge],
      [2, 0, "open"],
      [3, 0, "open"],
      [4, 0, ofMerge],
      [5, 0, "open"],
    ]) {
      compare(`end of shard ${idx}`, await read(subject(), idx), { records, end });
    }
  });
});
