// Starts the peers, other implementations of Kinesis, on loopback, and calls them by the JSON 1.1 protocol.
import { fork } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** Everything plays this account with this quota, the engine too: error texts need no translation. */
export const ACCOUNT = "123456789012";
export const REGION = "us-east-1";
export const SHARDS_MAX = 200;

/** What a peer is told to listen at; loopback.cjs makes it a free port. */
const PORT = 1;
const TLS_PORT = 2;
const START_MS_MAX = 60_000;
const ANSWER_MS_MAX = 30_000;
const END_MS_MAX = 5000;
const SETTLE_MS = 20;
/** How much of what a peer prints is kept, in characters, for the message of a failed start. */
const OUTPUT_MAX = 10_000;

const require = createRequire(import.meta.url);

const PROGRAMS = {
  kinesalite: (transitionMs) => ({
    path: require.resolve("kinesalite/cli.js"),
    options: [
      ...["create", "update", "delete"].flatMap((kind) => [`--${kind}StreamMs`, `${transitionMs}`]),
      ...["--port", `${PORT}`, "--shardLimit", `${SHARDS_MAX}`],
    ],
  }),
  "kinesis-local": (transitionMs) => ({
    path: require.resolve("kinesis-local/main.js"),
    environment: {
      KINESIS_MOCK_PLAIN_PORT: `${PORT}`,
      KINESIS_MOCK_TLS_PORT: `${TLS_PORT}`,
      SHARD_LIMIT: `${SHARDS_MAX}`,
      LOG_LEVEL: "ERROR",
      ...Object.fromEntries(
        ["CREATE_STREAM", "DELETE_STREAM", "SPLIT_SHARD", "MERGE_SHARDS", "UPDATE_SHARD_COUNT"].map((kind) => [
          `${kind}_DURATION`,
          `${transitionMs}ms`,
        ]),
      ),
    },
  }),
};

/** What a call is rejected with, by a peer and by the engine alike. */
class ApiError extends Error {
  constructor(type, message) {
    super(message);
    this.type = type;
  }
}

/** Neither peer checks a signature, but both want one. */
const HEADERS = {
  "content-type": "application/x-amz-json-1.1",
  "x-amz-date": "20200114T062303Z",
  authorization: [
    `AWS4-HMAC-SHA256 Credential=test/20200114/${REGION}/kinesis/aws4_request`,
    "SignedHeaders=host",
    "Signature=0",
  ].join(", "),
};

/** A running peer. */
class Peer {
  #process;
  #url;

  constructor(name, process, port) {
    this.name = name;
    this.#process = process;
    this.#url = `http://127.0.0.1:${port}/`;
  }

  get #hasEnded() {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** The answer to a request. Rejected with an `ApiError`. */
  async call(operation, request) {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { ...HEADERS, "x-amz-target": `Kinesis_20131202.${operation}` },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    const text = await response.text();
    const answer = text === "" ? {} : JSON.parse(text);
    if (response.ok) {
      return answer;
    }
    throw new ApiError(answer.__type, answer.message ?? answer.Message ?? "");
  }

  /** Peers live in real time: whether a stream is ACTIVE again has to be asked. */
  async settle(StreamName) {
    const status = async () =>
      (await this.call("DescribeStreamSummary", { StreamName })).StreamDescriptionSummary.StreamStatus;
    const late = performance.now() + ANSWER_MS_MAX;
    while ((await status()) !== "ACTIVE") {
      if (performance.now() > late) {
        throw new Error(`${this.name}: ${StreamName} does not become ACTIVE`);
      }
      await setTimeout(SETTLE_MS);
    }
  }

  /** Seconds since 1970. */
  now() {
    return Date.now() / 1000;
  }

  /** Lets time pass, enough that AWS's whole seconds tell what was before from what is after. */
  async pass() {
    await setTimeout(1500);
  }

  /** Whether the process ends by itself, now that it did not answer. */
  async ends() {
    for (let waited = 0; !this.#hasEnded && waited < END_MS_MAX; waited += SETTLE_MS) {
      await setTimeout(SETTLE_MS);
    }
    return this.#hasEnded;
  }

  async stop() {
    if (!this.#hasEnded) {
      this.#process.kill("SIGKILL");
      await once(this.#process, "exit");
    }
  }
}

/** The port at which a peer answers. */
function listening(child) {
  return new Promise((resolve, reject) => {
    const late = globalThis.setTimeout(() => reject(new Error("it is not listening")), START_MS_MAX);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`it ended with code ${code}`)));
    child.on("message", ({ asked, port }) => {
      if (asked === PORT) {
        clearTimeout(late);
        resolve(port);
      }
    });
  });
}

/**
 * Starts a peer by its name, without any stream. It ends with this process, unless it is stopped before.
 * `transitionMs`: how long its streams are CREATING, UPDATING or DELETING.
 */
export async function start(name, { transitionMs = 100 } = {}) {
  const { path, options = [], environment = {} } = PROGRAMS[name](transitionMs);
  const child = fork(path, options, {
    // kinesis-local reads its certificate from the folder it runs in.
    cwd: dirname(path),
    env: { PATH: process.env.PATH, AWS_ACCOUNT_ID: ACCOUNT, AWS_REGION: REGION, ...environment },
    execArgv: ["--require", fileURLToPath(new URL("loopback.cjs", import.meta.url))],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => (output = (output + text).slice(-OUTPUT_MAX)));
  }
  try {
    return new Peer(name, child, await listening(child));
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`${name} does not start: ${error.message}\n${output}`);
  }
}
