// Every screen in both languages, both themes and all sizes: what axe finds, texts that are cut off or cover each
// other, and targets that are too small.
import { readFileSync, readdirSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { watch } from "./page.mjs";
import { SIZES, openAs, walk } from "./screens.mjs";
import { canvasProblems, recordCanvasTexts, smallTargets, textProblems } from "./texts.mjs";

// One test is a walk through the whole page.
test.setTimeout(600_000);

/** Least edge of a target: WCAG 2.2 AA, and what a finger needs. */
const TARGET_MIN = { wide: 24, middle: 24, phone: 44, narrow: 44 };

/** Which looks are walked through at which size, and what axe looks at: colors in both themes, names in both languages. */
const LOOKS = [
  ["wide", "en", "light", "all"],
  ["wide", "en", "dark", "colors"],
  ["wide", "ja", "light", "colors"],
  ["wide", "ja", "dark", "all"],
  ["middle", "en", "light", "none"],
  ["middle", "ja", "dark", "none"],
  ["phone", "en", "light", "all"],
  ["phone", "ja", "dark", "all"],
  ["narrow", "en", "dark", "none"],
  ["narrow", "ja", "light", "none"],
];

/** What axe finds, in one line for each element. */
async function violations(page, rules) {
  if (rules === "none") {
    return [];
  }
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules === "colors" ? axe.withRules(["color-contrast"]) : axe).analyze();
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `axe ${id} (${help}): ${node.target}`));
}

for (const [size, language, theme, axe] of LOOKS) {
  test(`every screen at ${SIZES[size].width} pixels, ${language}, ${theme}`, async ({ page }) => {
    const complaints = watch(page);
    await page.addInitScript(recordCanvasTexts);
    await page.setViewportSize(SIZES[size]);
    const problems = [];
    const seen = [];
    await walk(page, { language, theme }, async (screen) => {
      seen.push(screen);
      const texts = [...(await page.evaluate(textProblems)), ...(await page.evaluate(canvasProblems))];
      const found = [...texts, ...(await page.evaluate(smallTargets, TARGET_MIN[size])), ...(await violations(page, axe))];
      problems.push(...found.map((problem) => `${screen}: ${problem}`));
    });
    expect(problems.join("\n")).toBe("");
    expect(seen.length).toBeGreaterThanOrEqual(15);
    // What was looked at is there to be seen.
    expect(await page.evaluate(() => document.getElementById("stage").writtenTexts.length)).toBeGreaterThan(10);
    expect(complaints).toEqual([]);
  });
}

const SCENARIOS = new URL("../../www/scenarios/", import.meta.url);

for (const [size, language] of [["wide", "en"], ["wide", "ja"], ["phone", "en"], ["phone", "ja"]]) {
  test(`no text of any shipped scenario is cut off at ${SIZES[size].width} pixels, ${language}`, async ({ page }) => {
    const complaints = watch(page);
    await page.addInitScript(recordCanvasTexts);
    await page.setViewportSize(SIZES[size]);
    await openAs(page, { language, theme: "light" });
    const tabs = await page.getByRole("tab").evaluateAll((tabs) => tabs.map((tab) => tab.dataset.testid));
    const problems = [];
    for (const [place, file] of readdirSync(SCENARIOS).sort().entries()) {
      const text = readFileSync(new URL(file, SCENARIOS), "utf8");
      // Each with another tab, so that all of them are seen with several scenarios.
      await page.getByTestId(tabs[place % tabs.length]).evaluate((tab) => tab.click());
      await page.evaluate(async (text) => {
        await window.shardlab.load(text);
        // At 20× nothing flies over texts.
        for (const speed of ["1", "20"]) {
          document.querySelector(`[data-testid=speed-${speed}]`).click();
        }
        await window.shardlab.seek(Math.floor(window.shardlab.state().until / 3));
        await new Promise((drawn) => setTimeout(drawn, 150));
      }, text);
      const found = [...(await page.evaluate(textProblems)), ...(await page.evaluate(canvasProblems))];
      problems.push(...found.map((problem) => `${file}, ${tabs[place % tabs.length]}: ${problem}`));
    }
    expect(problems.join("\n")).toBe("");
    expect(complaints).toEqual([]);
  });
}
