// Which ranges CreateStream gives to shards, and to which shard a record goes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createStream, listShards, suite } from "./compare.mjs";
import { decode, hashKey, lines, Random, Topology } from "./oracle.mjs";

/** Powers of two, the counts of which AWS's own listings are known (2, 3, 5), and some of which they are not. */
const SHARD_COUNTS = [1, 2, 3, 4, 5, 6, 7, 10, 16, 100];
/** Keys are many where a peer is quick, which is with some shards: 1000 on each of these. */
const SHARD_COUNTS_OF_MANY_KEYS = [5, 16];
const PUT_MAX = 500;
/** One, two, three and four bytes of UTF-8; the last two make one character of two UTF-16 units. */
const ALPHABET = [..."abcxyz0189-_ ./\"\\", "é", "ß", "あ", "鍵", "\u{1f511}"];
/** Within AWS's limit of 256 in any unit. */
const KEY_CHARACTERS_MAX = 128;

/** Partition keys: short numbers, and texts of any length. */
function partitionKeys(random, count) {
  const text = () => Array.from({ length: 1 + random.below(KEY_CHARACTERS_MAX) }, () => random.pick(ALPHABET)).join("");
  return Array.from({ length: count }, (_, idx) => (idx % 2 === 0 ? `${random.next()}` : text()));
}

/** The shards that records go to. */
async function put(subject, StreamName, entries) {
  const shards = [];
  for (let at = 0; at < entries.length; at += PUT_MAX) {
    const Records = entries.slice(at, at + PUT_MAX).map((entry) => ({ Data: "eA==", ...entry }));
    const answer = await subject.call("PutRecords", { StreamName, Records });
    for (const { ShardId, SequenceNumber } of answer.Records) {
      assert.equal(decode(SequenceNumber)?.shardId, ShardId, SequenceNumber);
      shards.push(ShardId);
    }
  }
  return shards;
}

suite("routing", ["kinesalite", "kinesis-local"], ({ compare, subject }) => {
  for (const n of SHARD_COUNTS) {
    test(`${n} shards`, async () => {
      const name = `routing-${n}`;
      await createStream(subject(), name, n);
      const topology = new Topology(n);
      compare(`ranges of ${n} shards`, lines(await listShards(subject(), name)), topology.lines);

      const keys = partitionKeys(new Random(n), SHARD_COUNTS_OF_MANY_KEYS.includes(n) ? 1000 : 100);
      const byKey = keys.map((PartitionKey) => ({ PartitionKey }));
      compare(`keys on ${n} shards`, await put(subject(), name, byKey), topology.routes(keys.map(hashKey)));

      const ends = topology.shards.flatMap(({ low, high }) => [low, high]);
      const byEnd = ends.map((key) => ({ PartitionKey: "a", ExplicitHashKey: `${key}` }));
      compare(`ends of ${n} ranges`, await put(subject(), name, byEnd), topology.routes(ends));
    });
  }
});
