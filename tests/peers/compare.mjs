// Compares implementations of Kinesis with what AWS answers, with respect to the known disagreements.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { DISAGREEMENTS } from "./disagreements.mjs";
import * as engine from "./engine.mjs";
import { start } from "./peer.mjs";

/** Longer than any comparison takes on a busy machine, in ms. */
const TIMEOUT_MS = 120_000;

/** The outcome of a call in one line: `accepted`, or `TypeOfError: message`. */
export async function outcome(subject, operation, request) {
  try {
    await subject.call(operation, request);
    return "accepted";
  } catch (error) {
    if (typeof error.type === "string") {
      return `${error.type}: ${error.message}`;
    }
    if (await subject.ends()) {
      return "the process ends";
    }
    throw error;
  }
}

/** A new stream, when it is ACTIVE. */
export async function createStream(subject, StreamName, ShardCount) {
  await subject.call("CreateStream", { StreamName, ShardCount });
  await subject.settle(StreamName);
}

/** Every shard of a stream. */
export async function listShards(subject, StreamName) {
  return (await subject.call("ListShards", { StreamName })).Shards;
}

/**
 * Runs the same tests against each of the named peers and the engine, side by side.
 *
 * `define({ compare, subject })` calls `test` as often as it likes; in a test, `subject()` is the implementation,
 * and `compare(topic, found, right)` fails if `found` is not what AWS answers: unless a disagreement of this peer
 * is listed for the topic. Then it fails if `found` is not as listed, or right after all. A listed disagreement
 * that is not met at all fails too.
 */
export function suite(name, peers, define, options) {
  const rows = DISAGREEMENTS.filter((row) => row.suite === name);
  const met = new Set();

  function comparer(implementation) {
    return (topic, found, right) => {
      const row = rows.find((row) => row.peer === implementation && row.topic === topic);
      if (row === undefined) {
        assert.deepEqual(found, right, `${implementation}: ${topic}`);
        return;
      }
      met.add(row);
      const advice = "see disagreements.mjs";
      assert.notDeepEqual(found, right, `${implementation} agrees by now: ${topic}; ${advice}`);
      assert.deepEqual(found, row.says, `${implementation} disagrees in another way by now: ${topic}; ${advice}`);
    };
  }

  function against(implementation, open) {
    describe(implementation, { timeout: TIMEOUT_MS, concurrency: 1 }, () => {
      let subject;
      before(async () => (subject = await open()));
      after(() => subject?.stop());
      define({ compare: comparer(implementation), subject: () => subject });
    });
  }

  describe(name, { concurrency: true }, () => {
    for (const peer of peers) {
      against(peer, () => start(peer, options));
    }
    against("engine", engine.open);
  });
  test(`${name}: every listed disagreement is met`, () => {
    assert.deepEqual(rows.filter((row) => !met.has(row)), []);
  });
}
