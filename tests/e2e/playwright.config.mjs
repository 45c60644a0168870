// How Playwright runs the end-to-end tests against the built dist/. `cargo xtask test e2e` starts it, with
// CHROME set to the Chromium to use and two free ports.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";

/** dist/ at the root of its origin, and once more under a path: it must work in both places. */
const port = process.env.SHARDLAB_PORT ?? "8138";
const subpathPort = process.env.SHARDLAB_SUBPATH_PORT ?? "8139";
export const subpathUrl = `http://127.0.0.1:${subpathPort}/some/path/`;

const repository = new URL("../../", import.meta.url);
const webdriver = JSON.parse(readFileSync(new URL("webdriver.json", repository), "utf8"));
const chromiumArguments = webdriver["goog:chromeOptions"].args.filter((argument) => argument !== "--headless");

function serve(options, url) {
  return {
    command: `cargo xtask serve --no-build ${options}`,
    cwd: fileURLToPath(repository),
    url,
    timeout: 300_000,
    stderr: "pipe",
  };
}

export default defineConfig({
  testDir: ".",
  outputDir: "../../target/e2e",
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    launchOptions: { executablePath: process.env.CHROME, args: chromiumArguments },
  },
  webServer: [
    serve(`--port ${port}`, `http://127.0.0.1:${port}/`),
    serve(`--port ${subpathPort} --base /some/path/`, subpathUrl),
  ],
});
