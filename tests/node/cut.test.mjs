// The engine does the same when all of its code is cut: every region of its functions that the build can cut out is a
// function of another module, which is fetched when the first of them is called (xtask/src/split.rs).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { moduleFolder, repository, scenarios } from "./module.mjs";

const digests = JSON.parse(readFileSync(new URL("tests/fixtures/digests.json", repository), "utf8"));
const compiled = (name) => new WebAssembly.Module(readFileSync(`${moduleFolder}/cut/${name}.wasm`));

let calls = 0;
const { initSync, rest, ...shardlab } = await import(pathToFileURL(`${moduleFolder}/cut/shardlab.mjs`).href);
rest.load = (first) => {
  calls += 1;
  const slots = first["rest:slots"];
  const slot = new Proxy({}, { get: (_, name) => slots.get(Number(name)) });
  new WebAssembly.Instance(compiled("rest"), { "./shardlab_bg.js": rest.browser, rest: first, slot });
};
initSync({ module: compiled("first") });

for (const { path, text } of scenarios) {
  test(path, async () => {
    const scenario = JSON.parse(text);
    await shardlab.load(scenario);
    await shardlab.seek(scenario.until ?? 600_000);
    assert.equal(shardlab.digest(), digests[scenario.id]);
    assert.equal(calls, 1);
  });
}
