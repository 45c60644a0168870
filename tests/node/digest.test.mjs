// The engine runs the same in Node as natively: equal digests of every shipped scenario.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { repository, scenarios, shardlab } from "./module.mjs";

/** The digest of the native headless run. */
function nativeDigest(path) {
  const run = ["run", "--quiet", "--package", "shardlab", "--", "run", path];
  return JSON.parse(execFileSync("cargo", run, { cwd: repository, encoding: "utf8" })).digest;
}

for (const { path, text } of scenarios) {
  test(path, async () => {
    const scenario = JSON.parse(text);
    await shardlab.load(scenario);
    await shardlab.seek(scenario.until ?? 600_000);
    assert.match(shardlab.digest(), /^[0-9a-f]{16}$/);
    assert.equal(shardlab.digest(), nativeDigest(path));
  });
}
