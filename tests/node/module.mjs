// Where the engine's module lies (built by `cargo xtask test module`), and the scenarios to run in it.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

export const repository = new URL("../../", import.meta.url);

/** The folder of the module's two forms: node/shardlab.js and web/shardlab.js. */
export const moduleFolder = process.env.SHARDLAB_MODULE ?? fileURLToPath(new URL("target/module", repository));

/** The engine's exports, in this process. */
export const shardlab = createRequire(import.meta.url)(`${moduleFolder}/node/shardlab.js`);

const folder = new URL("www/scenarios/", repository);

/** The shipped scenarios: path, and the text of the file. */
export const scenarios = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => fileURLToPath(new URL(name, folder)))
  .map((path) => ({ path, text: readFileSync(path, "utf8") }));
