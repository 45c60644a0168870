// The types and words of errors. tests/fixtures/stream_errors.json has requests and AWS's answers, each with its
// source; of the peers only kinesalite has AWS's words.
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { createStream, outcome, suite } from "./compare.mjs";
import { HASH_KEYS, shardId } from "./oracle.mjs";
import { ACCOUNT } from "./peer.mjs";

const CASES = JSON.parse(readFileSync(new URL("../fixtures/stream_errors.json", import.meta.url), "utf8"));

/** The stream of every case that does not say what its stream has to be. */
const PLAIN = "err-s";
const middle = { ShardToSplit: shardId(1), NewStartingHashKey: `${HASH_KEYS / 2n}` };

/** What a case says of its stream, and how that comes about. */
const STREAMS = {
  CREATING: async (subject) => subject.call("CreateStream", { StreamName: "err-n", ShardCount: 3 }),
  UPDATING: async (subject) => {
    await createStream(subject, "err-u", 3);
    await subject.call("SplitShard", { StreamName: "err-u", ...middle });
  },
  "0 is closed": async (subject) => {
    await createStream(subject, "err-c", 3);
    const split = { ShardToSplit: shardId(0), NewStartingHashKey: "500" };
    await subject.call("SplitShard", { StreamName: "err-c", ...split });
    await subject.settle("err-c");
  },
  "kept for 48 hours": async (subject) => {
    await createStream(subject, "err-r", 1);
    await subject.call("IncreaseStreamRetentionPeriod", { StreamName: "err-r", RetentionPeriodHours: 48 });
  },
};

/** A request with its abbreviations written out. */
function request(value, places) {
  if (typeof value === "string") {
    return places[value] ?? value;
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((entry) => request(entry, places));
  }
  if ("repeat" in value) {
    return Array(value.repeat).fill(value.entry);
  }
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, request(entry, places)]));
}

const expected = ({ errorType, message }) =>
  errorType === null ? "accepted" : `${errorType}: ${message.replaceAll("{account}", ACCOUNT)}`;

/** A message without the time of day, and with the first of many entries only: kinesalite prints all, AWS cuts the list. */
function readable(text) {
  return text
    .replace(/(?<=currentTimestampInMillis: )\d+/, "{now}")
    .replace(/\[([\w.]+@[0-9a-f]+), [^\]]*\]/, "[$1, …]");
}

suite(
  "errors",
  ["kinesalite"],
  ({ compare, subject }) => {
    const places = {};

    before(async () => {
      await createStream(subject(), PLAIN, 3);
      const record = { StreamName: PLAIN, Data: "eA==", PartitionKey: "a", ExplicitHashKey: "0" };
      places.$SEQ = (await subject().call("PutRecord", record)).SequenceNumber;
      const shard = { StreamName: PLAIN, ShardId: shardId(0), ShardIteratorType: "TRIM_HORIZON" };
      places.$IT = (await subject().call("GetShardIterator", shard)).ShardIterator;
    });

    const check = async (row) => {
      const found = await outcome(subject(), row.operation, request(row.request, places));
      compare(`${row.operation}, ${row.case}`, readable(found), expected(row));
    };
    for (const row of CASES.filter(({ stream }) => stream === undefined)) {
      test(`${row.operation}, ${row.case}`, () => check(row));
    }
    for (const [stream, prepare] of Object.entries(STREAMS)) {
      const rows = CASES.filter((row) => row.stream === stream);
      test(`a stream: ${stream}`, async () => {
        await prepare(subject());
        for (const row of rows) {
          await check(row);
          if (stream === "0 is closed") {
            await subject().settle("err-c");
          }
        }
      });
    }
  },
  // Long enough to look at a stream that is CREATING or UPDATING, on a busy machine too.
  { transitionMs: 2000 },
);
