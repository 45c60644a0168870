// The engine as one more implementation of Kinesis: the same few functions as a peer's (peer.mjs), in simulated time.
import { ACCOUNT, REGION, SHARDS_MAX } from "./peer.mjs";

/** The wall-clock time of t = 0. */
const START = "2020-01-14T06:23:03.100Z";

/** An account without a stream. */
const SCENARIO = {
  version: 1,
  id: "peers",
  start: START,
  until: 80_000_000,
  account: ACCOUNT,
  region: REGION,
  quotas: { base: "current", shardsPerAccount: SHARDS_MAX },
  stream: null,
};

/** How long after the last one a call comes, in ms: the peers have no limits a second, AWS and the engine do. */
const PACE_MS = 200;
const RECORDS_PACE_MS = 1000;
const RECORDS_OPERATIONS = ["PutRecords", "GetRecords"];

/** Longer than a stream is CREATING or UPDATING by one call, in ms. */
const SETTLE_MS = 600_000;

class Engine {
  name = "engine";
  #module;
  #elapsedMs = 0;

  constructor(module) {
    this.#module = module;
  }

  async #forward(ms) {
    this.#elapsedMs += ms;
    await this.#module.seek(this.#elapsedMs);
  }

  async call(operation, request) {
    await this.#forward(RECORDS_OPERATIONS.includes(operation) ? RECORDS_PACE_MS : PACE_MS);
    return await this.#module.call("kinesis", operation, request);
  }

  async settle() {
    await this.#forward(SETTLE_MS);
  }

  now() {
    return (Date.parse(START) + this.#elapsedMs) / 1000;
  }

  async pass() {
    await this.#forward(60_000);
  }

  async ends() {
    return false;
  }

  async stop() {}
}

/** The engine, without any stream. A process has one: opening it again begins anew. */
export async function open() {
  const { shardlab } = await import("../node/module.mjs");
  await shardlab.load(SCENARIO);
  return new Engine(shardlab);
}
