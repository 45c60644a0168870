// Without a mouse, without motion, without colors, on paper, and embedded.
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { watch } from "./page.mjs";
import { SIZES, openAs } from "./screens.mjs";

let complaints;

test.beforeEach(async ({ page }) => {
  complaints = watch(page);
});

test.afterEach(() => {
  expect(complaints).toEqual([]);
});

const LOOK = { language: "en", theme: "light" };
const STOPS_MAX = 250;

/** In the page: marks every control that Tab should reach, in the order of the document; gives how many there are. */
function markStops() {
  const controls = "a[href], button, input, select, textarea, summary, [tabindex]";
  const once = new Set();
  const stops = [...document.querySelectorAll(controls)].filter((control) => {
    const { disabled, tabIndex, type, name, checked } = control;
    const folded = control.closest("details:not([open])");
    if (disabled || tabIndex < 0 || (folded !== null && !control.matches("details:not([open]) > summary"))) {
      return false;
    }
    if (control.closest("[popover]:not(:popover-open), dialog:not([open])") !== null) {
      return false;
    }
    if (!control.checkVisibility({ visibilityProperty: true })) {
      return false;
    }
    // Of radio buttons with one name, the chosen one.
    return type !== "radio" || checked || (!document.querySelector(`input[name="${name}"]:checked`) && !once.has(name) && once.add(name));
  });
  for (const [place, stop] of stops.entries()) {
    stop.dataset.stop = String(place);
  }
  return stops.length;
}

/** In the page: what has the focus, and whether that can be seen. */
function focused() {
  const { activeElement: element } = document;
  if (element === null || element === document.body) {
    return null;
  }
  const shown = [element, element.closest("label")].filter((each) => each !== null);
  const seen = shown.some((each) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    const { width, height } = each.getBoundingClientRect();
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 && width > 4 && height > 4;
  });
  const name = element.dataset.testid ?? element.id ?? element.textContent.trim().slice(0, 40);
  return { stop: element.dataset.stop, name, seen };
}

/** Presses a key until the focus leaves the page or begins anew; gives what had the focus on the way. */
async function walkBy(page, key) {
  const way = [];
  for (let step = 0; step < STOPS_MAX; step += 1) {
    await page.keyboard.press(key);
    const at = await page.evaluate(focused);
    if (at === null || at.stop === way[0]?.stop) {
      return way;
    }
    way.push(at);
  }
  throw new Error(`the focus does not leave the page: ${way.slice(-8).map(({ name }) => name)}`);
}

for (const size of ["wide", "middle", "phone"]) {
  test(`Tab reaches every control in order at ${SIZES[size].width} pixels, and each shows that it has the focus`, async ({ page }) => {
    await page.setViewportSize(SIZES[size]);
    await openAs(page, LOOK);
    const tabs = await page.getByRole("tab").evaluateAll((tabs) => tabs.map((tab) => tab.dataset.testid));
    for (const tab of tabs) {
      await page.getByTestId(tab).click();
      const count = await page.evaluate(markStops);
      // From before the first control.
      await page.locator("[data-stop='0']").focus();
      await page.keyboard.press("Shift+Tab");
      const way = await walkBy(page, "Tab");
      const stops = way.map(({ stop }) => Number(stop));
      expect(stops, tab).toEqual(Array.from({ length: count }, (_, place) => place));
      expect(way.filter(({ seen }) => !seen).map(({ name }) => name), tab).toEqual([]);
      if (tab === tabs[0]) {
        // And back again, from the last to the first.
        await page.locator(`[data-stop='${count - 1}']`).focus();
        const back = [count - 1, ...(await walkBy(page, "Shift+Tab")).map(({ stop }) => Number(stop))];
        expect(back.slice(0, count).reverse()).toEqual(stops);
      }
    }
  });
}

test("dialogs take the focus, keep it, and give it back", async ({ page }) => {
  await openAs(page, LOOK);
  const openers = page.locator("[aria-haspopup=dialog]").filter({ visible: true });
  const count = await openers.count();
  expect(count).toBeGreaterThanOrEqual(2);
  for (let place = 0; place < count; place += 1) {
    const opener = openers.nth(place);
    await opener.focus();
    await page.keyboard.press("Enter");
    const dialog = page.locator("dialog[open]");
    await dialog.waitFor();
    for (let step = 0; step < 30; step += 1) {
      // Beyond its last control the focus may go to the browser's own, but never to the page behind.
      expect(await page.evaluate(() => document.activeElement.closest("dialog, body").matches("dialog, body"))).toBe(true);
      const behind = await page.evaluate(() => document.activeElement !== document.body && document.activeElement.closest("dialog") === null);
      expect(behind).toBe(false);
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await expect(opener).toBeFocused();
  }
});

test("the menu, its dialog and the drawer give the focus back", async ({ page }) => {
  await page.setViewportSize(SIZES.middle);
  await openAs(page, LOOK);
  const menu = page.getByTestId("scenario-menu");
  await menu.focus();
  await page.keyboard.press("Enter");
  await page.getByTestId("paste-json").focus();
  await page.keyboard.press("Enter");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.press("Escape");
  await expect(menu).toBeFocused();
  const settings = page.getByTestId("settings");
  await settings.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("settings-close")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(settings).toBeFocused();
  await expect(settings).toHaveAttribute("aria-expanded", "false");
});

test("the digits choose a speed, down to a twentieth", async ({ page }) => {
  await openAs(page, LOOK);
  for (const [key, speed] of [["1", "0.05"], ["3", "1"], ["7", "max"], ["1", "0.05"]]) {
    await page.keyboard.press(key);
    await expect(page.getByTestId(`speed-${speed}`)).toBeChecked();
  }
  await page.evaluate(() => window.shardlab.seek(5_000));
  await page.keyboard.press("Space");
  await page.waitForTimeout(1_000);
  await page.keyboard.press("Space");
  const { now } = await page.evaluate(() => window.shardlab.state());
  // A frame is taken to last 50 ms at most: a busy machine plays more slowly.
  expect(now).toBeGreaterThan(5_000);
  expect(now).toBeLessThan(5_100);
});

test("without motion nothing flies at a speed without flights, and nothing on the page slides", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize(SIZES.middle);
  await openAs(page, LOOK);
  // 0.2 s after records were put they are in the air.
  const picture = async (reducedMotion, speed) => {
    await page.emulateMedia({ reducedMotion });
    await page.getByTestId(`speed-${speed}`).evaluate((radio) => radio.click());
    await page.evaluate(() => window.shardlab.seek(5_200));
    await page.waitForTimeout(200);
    return page.locator("#stage").evaluate((canvas) => canvas.toDataURL());
  };
  // At 20× there is no time to see anything fly or fade.
  const settled = await picture("no-preference", "20");
  expect((await picture("no-preference", "1")) === settled).toBe(false);
  expect((await picture("reduce", "20")) === settled).toBe(true);
  await page.emulateMedia({ reducedMotion: "reduce" });
  const slides = await page.evaluate(() =>
    [...document.querySelectorAll("*")].filter((element) => {
      const { transitionDuration, animationDuration } = getComputedStyle(element);
      return [transitionDuration, animationDuration].some((times) => times.split(",").some((time) => parseFloat(time) > 0.01));
    }).length,
  );
  expect(slides).toBe(0);
});

test("with forced colors the picture has the system's colors only", async ({ page }) => {
  await openAs(page, LOOK);
  await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
  await page.waitForTimeout(200);
  const css = readFileSync(new URL("../../www/tokens.css", import.meta.url), "utf8");
  // But for gray, which lines of the system have, too.
  const gray = (digits) => digits.slice(0, 2) === digits.slice(2, 4);
  const found = [...css.matchAll(/--key-\d: #(\w{6});/g)].map(([, digits]) => digits);
  const keys = found.filter((digits) => !gray(digits)).map((digits) => parseInt(digits, 16));
  expect(keys.length).toBeGreaterThanOrEqual(14);
  const ofKeys = (page) =>
    page.locator("#stage").evaluate((canvas, keys) => {
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        const opaque = data[at + 3] === 255;
        count += Number(opaque && keys.includes((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]));
      }
      return count;
    }, keys);
  expect(await ofKeys(page)).toBe(0);
  await page.emulateMedia({ forcedColors: "none" });
  await page.waitForTimeout(200);
  expect(await ofKeys(page)).toBeGreaterThan(1000);
  await page.emulateMedia({ forcedColors: "active" });
  // The chosen tab and the chosen segment are told by a line.
  for (const chosen of ["[role=tab][aria-selected=true]", ".segment[aria-pressed=true]"]) {
    const width = await page.locator(chosen).first().evaluate((element) => getComputedStyle(element).borderBottomWidth);
    expect(parseFloat(width), chosen).toBeGreaterThanOrEqual(2);
  }
});

test("on paper the ground is white, and the footer says how to see the same again", async ({ page }) => {
  await openAs(page, { language: "en", theme: "dark" });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const footer = page.locator("#print-footer");
  await expect(footer).toBeVisible();
  await expect(footer).toContainText(/^http:\/\/127\.0\.0\.1.*#.* · seed 42 · t = 0?1:00\.000$/);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
  for (const id of ["play-pause", "rail-split", "share", "help"]) {
    await expect(page.getByTestId(id)).toBeHidden();
  }
  // One below the other.
  const edges = await page.evaluate(() =>
    ["#stage", "#timeline", "#tabpanel"].flatMap((part) => {
      const { top, bottom } = document.querySelector(part).getBoundingClientRect();
      return [top, bottom];
    }),
  );
  expect(edges).toEqual([...edges].sort((one, other) => one - other));
  // Dark ink on white: the sentence above the picture.
  const darkest = await page.locator("#stage").evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, Math.floor(canvas.height * 0.12));
    let darkest = 255;
    for (let at = 0; at < data.length; at += 4) {
      darkest = data[at + 3] > 200 ? Math.min(darkest, data[at + 1]) : darkest;
    }
    return darkest;
  });
  expect(darkest).toBeLessThan(80);
  const address = (await footer.textContent()).split(" · ")[0];
  await page.emulateMedia({ media: "screen" });
  const before = await page.evaluate(() => window.shardlab.digest());
  await page.goto("about:blank");
  await page.goto(address);
  await expect(page.locator("html")).toHaveAttribute("data-ready", "true");
  expect(await page.evaluate(() => window.shardlab.digest())).toBe(before);
});

for (const [width, height] of [[320, 240], [320, 480], [640, 360]]) {
  test(`embedded at ${width} × ${height} there is the picture and the transport, and nothing is cut off`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await openAs(page, { ...LOOK, more: "&embed=1" });
    const sizes = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      const box = (id) => document.getElementById(id).getBoundingClientRect();
      return { beyond: [scrollWidth - innerWidth, scrollHeight - innerHeight], stage: box("stage").toJSON(), play: box("play").toJSON() };
    });
    expect(Math.max(...sizes.beyond)).toBeLessThanOrEqual(0);
    expect(sizes.stage.height).toBeGreaterThan(height / 3);
    expect(sizes.play.bottom).toBeLessThanOrEqual(height);
    await page.getByTestId("play-pause").click();
    await expect.poll(() => page.evaluate(() => window.shardlab.state().now)).toBeGreaterThan(60_000);
  });
}

test("nothing jumps while the page comes up", async ({ page }) => {
  await page.addInitScript(() => {
    window.shifts = [];
    const note = (list) => window.shifts.push(...list.getEntries().map(({ value, sources }) => [value, sources.map(({ node }) => node?.className ?? "")]));
    new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
  });
  for (const size of ["wide", "phone"]) {
    await page.setViewportSize(SIZES[size]);
    await openAs(page, LOOK);
    await page.waitForTimeout(500);
    const shifts = await page.evaluate(() => window.shifts);
    // A tenth is what counts as good.
    expect(shifts.reduce((sum, [value]) => sum + value, 0), JSON.stringify(shifts)).toBeLessThan(0.1);
  }
});
