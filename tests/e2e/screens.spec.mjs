// Every screen in both languages, both themes and all sizes: what axe finds, texts that are cut off or cover each
// other, and targets that are too small.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { watch } from "./page.mjs";
import { SIZES, walk } from "./screens.mjs";
import { canvasProblems, recordCanvasTexts, smallTargets, textProblems } from "./texts.mjs";

/** Least edge of a target: WCAG 2.2 AA, and what a finger needs. */
const TARGET_MIN = { wide: 24, middle: 24, phone: 44, narrow: 44 };

/** Which looks are walked through at which size, and whether axe looks at all of it. */
const LOOKS = [
  ["wide", "en", "light", true],
  ["wide", "en", "dark", true],
  ["wide", "ja", "light", true],
  ["wide", "ja", "dark", true],
  ["middle", "en", "light", false],
  ["middle", "ja", "dark", false],
  ["phone", "en", "light", true],
  ["phone", "ja", "dark", true],
  ["narrow", "en", "dark", false],
  ["narrow", "ja", "light", false],
];

/** What axe finds, in one line for each element. */
async function violations(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
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
      const found = [...texts, ...(await page.evaluate(smallTargets, TARGET_MIN[size])), ...(axe ? await violations(page) : [])];
      problems.push(...found.map((problem) => `${screen}: ${problem}`));
    });
    expect(problems.join("\n")).toBe("");
    expect(seen.length).toBeGreaterThanOrEqual(15);
    expect(complaints).toEqual([]);
  });
}
