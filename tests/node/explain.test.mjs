// The page API's `explain`: chains of causes whose events exist and have happened.
import assert from "node:assert/strict";
import { test } from "node:test";
import { scenarios, shardlab } from "./module.mjs";

const { text } = scenarios.find(({ path }) => path.endsWith("/parallelization-3-error.json"));
const OBJECTS = [["record", 20], ["invocation", 10], ["lane", "0-0-1"], ["mapping", 0], ["checkpoint", "0-0"], ["stream", 0]];

test("every step has its text, tag and source, and rests on events of the past", async () => {
  await shardlab.load(JSON.parse(text));
  await shardlab.seek(118_000);
  const { events } = shardlab.state();
  for (const [kind, id] of OBJECTS) {
    const answer = shardlab.explain(kind, id);
    assert.deepEqual([answer.kind, answer.id], [kind, String(id)]);
    assert.ok(answer.steps.length > 0, kind);
    for (const step of answer.steps) {
      assert.match(step.tag, /^(documented|observed|assumed|given)$/);
      assert.ok(step.text && step.rule && step.source, JSON.stringify(step));
      assert.ok(step.events.every((n) => n < events), JSON.stringify(step));
    }
  }
  const [waits, threw] = shardlab.explain("record", 20).steps;
  assert.match(waits.text, /waits for the retry of its batch at 1:58\.2/);
  assert.deepEqual([threw.rule, threw.object], ["Given", ["record", "20"]]);
});

test("what is not there yet, or nowhere, has no answer", async () => {
  await shardlab.seek(0);
  for (const [kind, id] of [["record", 140], ["invocation", 0], ["lane", "0-0-9"], ["nothing", 0], ["record", "x"]]) {
    assert.equal(shardlab.explain(kind, id) ?? null, null, `${kind} ${id}`);
  }
});
