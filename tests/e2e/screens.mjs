// Every screen of the page, found in the page itself: tabs, dialogs, menus, disclosures, the settings as a drawer, the
// scissors, each kind of object in the inspector, and the embedded picture. The checks of accessibility and of texts
// and the screenshots walk through them.
import { readFileSync } from "node:fs";
import { open } from "./page.mjs";

/** Widths and heights the page is made for. */
export const SIZES = {
  wide: { width: 1440, height: 900 },
  middle: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
  narrow: { width: 320, height: 640 },
};
export const LANGUAGES = ["en", "ja"];
export const THEMES = ["light", "dark"];

/** A moment of article C with something of everything: records wait, are handled and are stored. */
const MOMENT_MS = 60_000;

/** The text of a scenario with five mistakes. */
const MISTAKES = readFileSync(new URL("../fixtures/scenarios/five-mistakes.json", import.meta.url), "utf8");

/** What a person cannot see, with what is in it. */
const visible = (locator) => locator.filter({ visible: true });

/** Opens the page in a language and a theme, at the moment, with more in its fragment where it is given. */
export async function openAs(page, { language, theme, more = "" }) {
  await page.emulateMedia({ colorScheme: theme });
  await page.goto("about:blank");
  await open(page, `./#t=${MOMENT_MS}&lang=${language}${more}`);
}

/** Walks through all screens in a language and a theme, at the page's size, and calls `visit(name)` on each. */
export async function walk(page, look, visit) {
  await openAs(page, look);
  await visitTabs(page, visit);
  await visitRail(page, visit);
  await visitMenus(page, visit);
  await visitDialogs(page, visit);
  await visitScissors(page, visit);
  for (const [name, code] of Object.entries(OBJECTS)) {
    await openAs(page, { ...look, more: `&select=${code}&tab=inspect` });
    for (const summary of await visible(page.locator("#tabpanel details:not([open]) > summary")).all()) {
      await summary.click();
    }
    await visit(`inspect-${name}`);
  }
  await openAs(page, { ...look, more: "&embed=1" });
  await visit("embed");
}

const tabs = (page) => page.getByRole("tab").evaluateAll((tabs) => tabs.map((tab) => tab.dataset.testid));

async function visitTabs(page, visit) {
  const names = await tabs(page);
  for (const name of names) {
    await page.getByTestId(name).click();
    await visit(name);
  }
  await page.getByTestId(names[0]).click();
}

/** One object of each kind, as a link names it. */
const OBJECTS = { record: "record-17", invocation: "invocation-3", lane: "lane-0-0-1", shard: "shard-0" };

/** The settings, with everything in them unfolded; as a drawer where they are one. */
async function visitRail(page, visit) {
  const opener = page.getByTestId("settings");
  const drawer = await opener.isVisible();
  if (drawer) {
    await opener.click();
    await page.waitForTimeout(250);
  }
  for (const summary of await visible(page.locator("#rail details:not([open]) > summary")).all()) {
    await summary.click();
  }
  await visit("settings");
  for (const summary of await visible(page.locator("#rail details[open] > summary")).all()) {
    await summary.click();
  }
  if (drawer) {
    await page.keyboard.press("Escape");
    await page.waitForTimeout(250);
  }
}

async function visitMenus(page, visit) {
  const openers = visible(page.locator("[popovertarget]:not([popovertargetaction=hide])"));
  for (let place = 0; place < (await openers.count()); place += 1) {
    const opener = openers.nth(place);
    const name = await opener.getAttribute("data-testid");
    await opener.click();
    await visit(name);
    await page.keyboard.press("Escape");
  }
}

/** Each dialog that a button announces, in the bar, the menu or the settings, and the one about mistakes. */
async function visitDialogs(page, visit) {
  const names = await page
    .locator("[aria-haspopup=dialog]")
    .evaluateAll((buttons) => buttons.map((button) => button.dataset.testid).filter((id) => id !== undefined));
  for (const name of new Set(names)) {
    await page.getByTestId(name).first().evaluate((button) => button.click());
    await page.locator("dialog[open]").waitFor();
    await visit(`dialog-${name}`);
    await page.keyboard.press("Escape");
  }
  await page.getByTestId("paste-json").evaluate((button) => button.click());
  await page.getByTestId("paste-text").fill(MISTAKES);
  await page.getByTestId("paste-load").click();
  await page.getByTestId("problem").first().waitFor();
  await visit("dialog-problems");
  await page.keyboard.press("Escape");
}

async function visitScissors(page, visit) {
  const split = page.getByTestId("rail-split");
  await split.evaluate((button) => button.click());
  await page.locator(".scissors > *").first().waitFor();
  await visit("scissors");
  await page.keyboard.press("Escape");
}
