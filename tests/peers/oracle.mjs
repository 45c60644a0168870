// What AWS answers, computed here from its documented rules with BigInt: independent of the engine and of the peers.
import { createHash } from "node:crypto";

export const HASH_KEYS = 1n << 128n;

/** A partition key's hash key: its MD5, read as an unsigned big-endian number. */
export function hashKey(partitionKey) {
  return BigInt(`0x${createHash("md5").update(partitionKey, "utf8").digest("hex")}`);
}

/** `shardId-000000000007` */
export function shardId(idx) {
  return `shardId-${String(idx).padStart(12, "0")}`;
}

/** The ranges of `n` shards of this width each, the last one up to the end; both ends are included. */
export function ranges(n, width = HASH_KEYS / BigInt(n)) {
  return Array.from({ length: n }, (_, idx) => ({
    low: BigInt(idx) * width,
    high: idx === n - 1 ? HASH_KEYS - 1n : BigInt(idx + 1) * width - 1n,
  }));
}

/** The shards of a stream: ids in order of creation, closed ones included. */
export class Topology {
  /** `n` new shards, of AWS's width unless another one is given. */
  constructor(n, width) {
    this.shards = ranges(n, width).map((range) => ({ ...range, parents: [], isOpen: true }));
  }

  /** Indices of open shards from the lowest hash key up. */
  get open() {
    const order = (a, b) => (this.shards[a].low < this.shards[b].low ? -1 : 1);
    return [...this.shards.keys()].filter((idx) => this.shards[idx].isOpen).sort(order);
  }

  /** The ids of the open shards that hash keys belong to. */
  routes(keys) {
    return keys.map((key) =>
      shardId(this.shards.findIndex(({ low, high, isOpen }) => isOpen && low <= key && key <= high)),
    );
  }

  split(idx, key) {
    const { low, high } = this.shards[idx];
    this.shards[idx].isOpen = false;
    this.shards.push(
      { low, high: key - 1n, parents: [idx], isOpen: true },
      { low: key, high, parents: [idx], isOpen: true },
    );
  }

  merge(lower, upper) {
    const [{ low }, { high }] = [this.shards[lower], this.shards[upper]];
    this.shards[lower].isOpen = false;
    this.shards[upper].isOpen = false;
    this.shards.push({ low, high, parents: [lower, upper], isOpen: true });
  }

  /** In the form of `lines`. */
  get lines() {
    return this.shards.map(({ low, high, parents, isOpen }, idx) =>
      line(shardId(idx), low, high, parents.map(shardId), isOpen),
    );
  }
}

function line(id, low, high, parents, isOpen) {
  return `${id} ${low}..${high} of [${parents.join(", ")}] ${isOpen ? "open" : "closed"}`;
}

/** Shards as DescribeStream and ListShards list them, one line each: id, range, parents, open or closed. */
export function lines(shards) {
  return shards.map((shard) => {
    const { StartingHashKey, EndingHashKey } = shard.HashKeyRange;
    const parents = [shard.ParentShardId, shard.AdjacentParentShardId].filter(Boolean);
    const isOpen = (shard.SequenceNumberRange.EndingSequenceNumber ?? null) === null;
    return line(shard.ShardId, StartingHashKey, EndingHashKey, parents, isOpen);
  });
}

/** The fields of a sequence number of version 2; `null` for any other number. */
export function decode(sequenceNumber) {
  const hex = BigInt(sequenceNumber).toString(16);
  if (!/^2[0-9a-f]{45}2$/.test(hex)) {
    return null;
  }
  const field = (from, to) => BigInt(`0x${hex.slice(from, to)}`);
  return {
    epoch: Number(field(1, 10)),
    index: field(11, 27),
    second: Number(field(29, 38)),
    shardId: shardId(Number(field(38, 46))),
  };
}

/** A small generator of random numbers (mulberry32): the tests are the same in every run. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed;
  }

  /** An integer of 32 bits. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** An integer from 0, below `n`. */
  below(n) {
    return Number(this.bigBelow(BigInt(n)));
  }

  /** The same for numbers of up to 128 bits. */
  bigBelow(n) {
    let value = 0n;
    for (let word = 0; word < 5; word += 1) {
      value = (value << 32n) | BigInt(this.next());
    }
    return value % n;
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}
