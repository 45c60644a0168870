// Screenshots of every screen, at every size, in both themes and languages, into screenshots/ (which Git ignores); or,
// with --docs, the few that are in the repository. Started by `cargo xtask shots`, with the address of the served page.
import { mkdir } from "node:fs/promises";
import { chromium } from "@playwright/test";
import { open } from "./page.mjs";
import { LANGUAGES, SIZES, THEMES, openAs, walk } from "./screens.mjs";

const [address, option] = process.argv.slice(2);
const repository = new URL("../../", import.meta.url);
const file = (path) => new URL(path, repository).pathname;

async function everyScreen(browser) {
  let count = 0;
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const theme of THEMES) {
      for (const language of LANGUAGES) {
        const folder = file(`screenshots/${size}-${theme}-${language}/`);
        await mkdir(folder, { recursive: true });
        const page = await browser.newPage({ baseURL: address, viewport });
        await walk(page, { language, theme }, async (screen) => {
          count += 1;
          await page.screenshot({ path: `${folder}${screen}.png` });
        });
        await page.close();
      }
    }
  }
  console.log(`${count} screenshots in screenshots/`);
}

/** What README.md shows: a poison record, and a batch that was torn in two. */
const SCENARIO = "parallelization-3-error-bisect";
const SIGHT = "&t=57000&select=invocation-8&tab=inspect";

async function fewScreens(browser) {
  for (const theme of THEMES) {
    const page = await browser.newPage({ baseURL: address, viewport: SIZES.wide });
    await openAs(page, { language: "en", theme });
    await page.getByTestId("scenario-menu").click();
    await page.getByTestId(`scenario-${SCENARIO}`).click();
    await page.getByTestId("share").click();
    const [scenario] = new URL(page.url()).hash.split("&");
    await page.goto("about:blank");
    await open(page, `./${scenario}&lang=en${SIGHT}`);
    await page.waitForTimeout(500);
    await page.screenshot({ path: file(`docs/picture${theme === "dark" ? ".dark" : ""}.png`) });
    await page.close();
  }
  // What others show of a link to the page: the picture alone, with its name.
  const page = await browser.newPage({ baseURL: address, viewport: { width: 1200, height: 630 } });
  await openAs(page, { language: "en", theme: "light", more: "&embed=1" });
  await page.addStyleTag({
    content: `.embed > .top { position: fixed; z-index: 9; inset: 4px 28px auto auto; width: auto; height: auto; clip-path: none; }
      .embed > .top > .logo { width: auto; font-size: 20px; }`,
  });
  await page.waitForTimeout(300);
  await page.screenshot({ path: file("www/social.png") });
  await page.close();
}

const browser = await chromium.launch({ executablePath: process.env.CHROME, args: ["--no-sandbox"] });
try {
  await (option === "--docs" ? fewScreens(browser) : everyScreen(browser));
} finally {
  await browser.close();
}
