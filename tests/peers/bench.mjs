// Times PutRecords of kinesalite over loopback, for the section `peers` of `cargo xtask bench`. The last line is
// `kinesalite PutRecords: N records/s`, which xtask reads.
import { createStream } from "./compare.mjs";
import { start } from "./peer.mjs";

const StreamName = "bench";
const SHARDS = 16;
/** The most that one request may hold. */
const RECORDS = 500;
const DATA_BYTES = 200;
const WARM_UP_REQUESTS = 4;
/** Rounds are timed one by one, and the best one counts: another program can only slow kinesalite down. */
const ROUNDS = 5;
const REQUESTS = 8;
/** Requests on their way at once, so that kinesalite never waits for its client. */
const CONNECTIONS = 2;

let n = 0;

function request() {
  const Data = Buffer.alloc(DATA_BYTES, "x").toString("base64");
  const Records = Array.from({ length: RECORDS }, () => ({ Data, PartitionKey: `key-${(n += 1)}` }));
  return { StreamName, Records };
}

async function put(peer, requests) {
  const waiting = [...requests];
  const connection = async () => {
    while (waiting.length > 0) {
      const { FailedRecordCount } = await peer.call("PutRecords", waiting.pop());
      if (FailedRecordCount !== 0) {
        throw new Error(`${FailedRecordCount} records failed`);
      }
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
}

const peer = await start("kinesalite");
try {
  await createStream(peer, StreamName, SHARDS);
  await put(peer, Array.from({ length: WARM_UP_REQUESTS }, request));
  let best = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const requests = Array.from({ length: REQUESTS }, request);
    const begin = performance.now();
    await put(peer, requests);
    best = Math.max(best, (REQUESTS * RECORDS * 1000) / (performance.now() - begin));
  }
  console.log(`${RECORDS} records of ${DATA_BYTES} bytes a request, ${SHARDS} shards, best of ${ROUNDS} rounds`);
  console.log(`kinesalite PutRecords: ${Math.round(best)} records/s`);
} finally {
  await peer.stop();
}
