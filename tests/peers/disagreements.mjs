// Every known disagreement between a peer and AWS. The engine follows AWS.
//
// `suite` and `topic` name the comparison (compare.mjs), `says` is what the peer gives there, `reason` why it is
// wrong, and `source` who says so. A row that is no longer true, or no longer met, fails the test.
import { HASH_KEYS, shardId, Topology } from "./oracle.mjs";

const MODEL = "the API's model (botocore 1.44.5)";

/** kinesis-local's shards of a new stream. */
const narrow = (n) => new Topology(n, (HASH_KEYS - 1n) / BigInt(n));

/** A stream that kinesis-local doubled from 1 to `n` shards. */
function doubled(n) {
  const topology = new Topology(1);
  while (topology.open.length < n) {
    for (const idx of topology.open) {
      const { low, high } = topology.shards[idx];
      topology.split(idx, low + (high - low) / 2n);
    }
  }
  return topology.lines;
}

const NEW_STREAMS = [2, 4, 16].flatMap((n) => {
  const row = {
    suite: "routing",
    peer: "kinesis-local",
    reason: "a shard's width is taken from 2^128 - 1, so boundaries of 2^k shards are 1 to 2^k - 1 keys low",
    source: "AWS's listings of streams of 2 shards (KPL's tests), 3 (CLI's documentation) and 5 (API Gateway's)",
  };
  const ends = new Topology(n).shards.flatMap(({ low, high }) => [low, high]);
  return [
    { ...row, topic: `ranges of ${n} shards`, says: narrow(n).lines },
    { ...row, topic: `ends of ${n} ranges`, says: narrow(n).routes(ends) },
  ];
});

const DOUBLING = [2, 4, 8].map((n) => ({
  suite: "doubling",
  peer: "kinesis-local",
  topic: `shards of ${n}`,
  says: doubled(n),
  reason: "the key in the middle goes to the right half, so every boundary is 1 key low",
  source: "AWS's listing of a stream that grew from 1 to 8 shards in 2019: exact eighths",
}));

const NUMBERS = [1, 3, 5].map((n) => ({
  suite: "resharding",
  peer: "kinesis-local",
  topic: `numbers after 12 steps from ${n} shards`,
  says: [
    "a closed shard ends with 9223372036854775807",
    "a first or split shard starts with its own first number",
    "a merged shard starts with another number",
  ],
  reason: "a closed shard gets the largest 64-bit number, a merged shard its parent's first number",
  source: "every listing of AWS found, 2015 to 2019: the last number of the shard's own, the child a second later",
}));

const UPDATING = [
  {
    suite: "updating",
    peer: "kinesis-local",
    topic: "to the parent while UPDATING",
    says: shardId(4),
    reason: "shards are replaced at once, and the stream is UPDATING after that",
    source: "AWS's listing during a split (brandur.org, 2015): the parent is open until ACTIVE; so kinesalite",
  },
];

const IGNORED_FILTERS = [
  "AT_TRIM_HORIZON",
  "AT_LATEST",
  "AFTER_SHARD_ID",
  "AT_TIMESTAMP 0",
  "AT_TIMESTAMP 1",
  "AT_TIMESTAMP 2",
  "FROM_TIMESTAMP 1",
  "FROM_TIMESTAMP 2",
].map((topic) => ({
  suite: "listing",
  peer: "kinesalite",
  topic,
  says: [0, 1, 2, 3, 4, 5],
  reason: "ShardFilter came after it (2020) and is ignored",
  source: `${MODEL}; so kinesis-local`,
}));

const MISSING_CHILDREN = [
  { shard: 0, records: 5 },
  { shard: 1, records: 0 },
  { shard: 4, records: 0 },
].map(({ shard, records }) => ({
  suite: "listing",
  peer: "kinesalite",
  topic: `end of shard ${shard}`,
  says: { records, end: null },
  reason: "ChildShards came after it (2020)",
  source: `${MODEL}; so kinesis-local`,
}));

const LISTING = [
  {
    suite: "listing",
    peer: "kinesalite",
    topic: "pages of two shards",
    says: [[0, 1, 2, 3, 4, 5]],
    reason: "MaxResults is ignored",
    source: `${MODEL}; so kinesis-local`,
  },
  {
    suite: "listing",
    peer: "kinesis-local",
    topic: "AT_TRIM_HORIZON",
    says: [0, 1, 2, 3, 4, 5],
    reason: "shards that opened later are listed with those that were open at the trim horizon",
    source: `${MODEL}: "the shards that were open at TRIM_HORIZON"`,
  },
];

/** Rows of one suite and peer: topic, what the peer says, reason, source. */
const rows = (suite, peer, list) =>
  list.map(([topic, says, reason, source]) => ({ suite, peer, topic, says, reason, source }));

const OLDER = "the operation or member came after kinesalite (2020)";
const POINT = "AWS's text: greater than one plus StartingHashKey and less than EndingHashKey; so kinesalite";

const REFUSALS = [
  ...rows("refusals", "kinesalite", [
    ["filter of an unknown type", "accepted", OLDER, MODEL],
    ["AT_TIMESTAMP without a time", "accepted", OLDER, `${MODEL}; so kinesis-local`],
    ["AFTER_SHARD_ID without an id", "accepted", OLDER, `${MODEL}; so kinesis-local`],
    ["UpdateShardCount to none", "not known", OLDER, `${MODEL}; so kinesis-local`],
    ["UpdateShardCount to 6", "not known", OLDER, `${MODEL}; so kinesis-local`],
    ["UpdateShardCount to 7", "not known", OLDER, `${MODEL}; so kinesis-local`],
    ["DescribeLimits", "not known", OLDER, `${MODEL}; so kinesis-local`],
    ["a bad NextToken", "the process ends", "it looks for a stream without a name", `${MODEL}; so kinesis-local`],
  ]),
  ...rows("refusals", "kinesis-local", [
    ["split at the start", "accepted", "the left child would be empty", POINT],
    ["split one after the start", "accepted", "the left child would have one key", POINT],
    ["split at the end", "accepted", "the right child would have one key", POINT],
    ["split of shard-0", "refused", "AWS reads the number after the first hyphen", "kinesalite, tested against AWS"],
    ["501 records", "accepted", "the limit is not checked", `${MODEL}: at most 500; so kinesalite`],
    ["no records", "accepted", "the limit is not checked", `${MODEL}: at least 1; so kinesalite`],
  ]),
];

const NOT_NULL = "failed to satisfy constraint: Member must not be null";

const ERRORS = rows("errors", "kinesalite", [
  [
    "CreateStream, no stream",
    "ValidationException: 2 validation errors detected: " +
      `Value null at 'shardCount' ${NOT_NULL}; Value null at 'streamName' ${NOT_NULL}`,
    "ShardCount was required before there were on-demand streams (2021)",
    MODEL,
  ],
  [
    "CreateStream, ShardCount missing",
    `ValidationException: 1 validation error detected: Value null at 'shardCount' ${NOT_NULL}`,
    "ShardCount was required before there were on-demand streams (2021)",
    `${MODEL}; AWS's answers recorded by LocalStack; so kinesis-local`,
  ],
  ["PutRecord, ExplicitHashKey leading zero", "accepted", "the pattern is not tested as a whole", MODEL],
  [
    "IncreaseStreamRetentionPeriod, 8761 h",
    "ValidationException: 1 validation error detected: Value '8761' at 'retentionPeriodHours' " +
      "failed to satisfy constraint: Member must have value less than or equal to 168",
    "the limit was a week until 2020",
    `${MODEL}; so moto`,
  ],
  ["SplitShard, closed shard", "accepted", "closed shards are taken like open ones", "AWS's output in its issue 109"],
  ["MergeShards, closed shard", "accepted", "closed shards are taken like open ones", "AWS's output in its issue 109"],
]);

export const DISAGREEMENTS = [
  ...NEW_STREAMS,
  ...DOUBLING,
  ...NUMBERS,
  ...UPDATING,
  ...IGNORED_FILTERS,
  ...MISSING_CHILDREN,
  ...LISTING,
  ...REFUSALS,
  ...ERRORS,
];
