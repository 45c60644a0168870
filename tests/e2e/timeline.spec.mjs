// The time line and the transport, as a person uses them: zoom, bookmarks, marks, steps, and what is lit.
import { expect, test } from "@playwright/test";
import { open, ready, watch } from "./page.mjs";

const now = (page) => page.evaluate(() => window.shardlab.state().now);
const seek = (page, t) => page.evaluate((t) => window.shardlab.seek(t), t);

/** The link to what is seen. */
async function link(page) {
  await page.getByTestId("share").click();
  await expect.poll(() => page.evaluate(() => location.hash)).toContain("t=");
  return page.evaluate(() => location.hash);
}

/** A point of the time line, by shares of its width and height. */
async function point(page, along, across) {
  const box = await page.locator("#timeline").boundingBox();
  return [box.x + box.width * along, box.y + box.height * across];
}

test("a window is drawn up by the mouse, kept in the link, and given up by a double click", async ({ page }) => {
  const complaints = watch(page);
  await open(page);
  await seek(page, 60_000);
  const reset = page.getByTestId("zoom-reset");
  await expect(reset).toBeDisabled();
  const [from, to] = [await point(page, 0.4, 0.5), await point(page, 0.6, 0.5)];
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move((from[0] + to[0]) / 2, from[1]);
  await page.mouse.move(...to);
  await page.mouse.up();
  await expect(reset).toBeEnabled();
  // What was drawn up is no click: nothing is selected.
  await expect(page.getByTestId("tab-table")).toHaveAttribute("aria-selected", "true");
  const hash = await link(page);
  const [, start, end] = /span=(\d+)-(\d+)/.exec(hash).map(Number);
  expect(end - start).toBeGreaterThan(10_000);
  expect(end - start).toBeLessThan(25_000);
  // The address has become the link.
  await page.reload();
  await ready(page);
  await expect(reset).toBeEnabled();
  expect(await link(page)).toContain(`span=${start}-${end}`);
  await page.mouse.dblclick(...(await point(page, 0.5, 0.5)));
  await expect(reset).toBeDisabled();
  expect(complaints).toEqual([]);
});

test("keys, buttons and the wheel zoom and push the window", async ({ page }) => {
  await open(page);
  await seek(page, 60_000);
  const span = async () => /span=([\w-]+)/.exec(await link(page))?.[1];
  const length = async () => (await span()).split("-").map(Number).reduce((from, to) => to - from);
  await page.keyboard.press("z");
  const once = await length();
  await page.keyboard.press("z");
  expect(await length()).toBe(Math.floor(once / 2));
  const before = Number((await span()).split("-")[0]);
  await page.keyboard.press(")");
  expect(Number((await span()).split("-")[0])).toBeGreaterThan(before);
  await page.keyboard.press("(");
  await page.keyboard.press("Z");
  await page.getByTestId("zoom-in").click();
  const zoomed = await length();
  await page.mouse.move(...(await point(page, 0.5, 0.5)));
  await page.mouse.wheel(0, -60);
  await expect.poll(length).toBeLessThan(zoomed);
  await page.keyboard.press("0");
  expect(await span()).toBeUndefined();
  await page.keyboard.press("g");
  await expect(page.getByTestId("part-keys")).toHaveAttribute("aria-pressed", "true");
  await page.getByTestId("part-charts").click();
  expect(await link(page)).toContain("part=charts");
});

test("the playhead is taken along the axis", async ({ page }) => {
  await open(page);
  await seek(page, 60_000);
  await page.getByTestId("part-charts").click();
  const box = await page.locator("#timeline").boundingBox();
  // The axis is at the lower edge of the charts.
  const y = box.y + box.height - 14;
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.31, y);
  await page.mouse.move(box.x + box.width * 0.35, y);
  await page.mouse.up();
  expect(await now(page)).toBeLessThan(40_000);
  expect(await now(page)).toBeGreaterThan(5_000);
});

test("every step has a control, both ways", async ({ page }) => {
  await open(page);
  const steps = [
    ["step-second-forward", 60_500, 61_000],
    ["step-second-back", 60_500, 60_000],
    ["step-poll-forward", 60_500, 61_000],
    ["step-poll-back", 60_500, 60_000],
    ["step-batch-forward", 60_500, 72_575],
    ["step-batch-back", 60_500, 24_500],
  ];
  for (const [control, from] of steps) {
    await seek(page, from);
    await expect(page.getByTestId(control)).toBeVisible();
    await page.getByTestId(control).click();
    const there = await now(page);
    expect(control.endsWith("forward") ? there > from : there < from, `${control}: ${there}`).toBe(true);
    if (/second|poll/.test(control)) {
      expect(there % 1000, control).toBe(0);
    }
  }
  await seek(page, 60_500);
  await page.keyboard.press("}");
  expect(await now(page)).toBe(61_000);
  await page.keyboard.press("{");
  expect(await now(page)).toBe(60_000);
});

test("on a phone every step has a control, too, and what goes beyond the end stops there", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page);
  const steps = [
    ["step-event-forward", 60_500, 61_000],
    ["more-step-second-back", 60_500, 60_000],
    ["more-step-poll-forward", 60_500, 61_000],
    ["more-step-batch-forward", 60_500, 72_575],
    ["more-step-batch-back", 60_500, 24_500],
    ["more-to-start", 60_500, 0],
    ["more-to-end", 60_500, 183_000],
  ];
  for (const [control, from, to] of steps) {
    await seek(page, from);
    const button = page.getByTestId(control);
    await button.scrollIntoViewIfNeeded();
    const { width, height } = await button.boundingBox();
    expect(Math.min(width, height), control).toBeGreaterThanOrEqual(44);
    await button.click();
    const there = await now(page);
    expect(/batch|event/.test(control) ? there > from === to > from : there === to, `${control}: ${there}`).toBe(true);
  }
  await seek(page, 999_000_000);
  expect(await now(page)).toBe(183_000);
});

test("a bookmark is set, listed, gone to, kept in the link and taken away", async ({ page }) => {
  await open(page);
  await seek(page, 60_000);
  await page.keyboard.press("b");
  await seek(page, 120_000);
  await page.getByTestId("bookmark").click();
  await expect(page.getByTestId("bookmark")).toHaveAttribute("aria-pressed", "true");
  expect(await link(page)).toContain("marks=60000.120000");
  await page.getByTestId("marker-bookmark").first().click();
  expect(await now(page)).toBe(60_000);
  await page.reload();
  await ready(page);
  await page.getByTestId("markers-menu").click();
  await expect(page.getByTestId("bookmarks").locator("li")).toHaveCount(2);
  await page.getByTestId("bookmark-remove").first().click();
  await expect(page.getByTestId("bookmarks").locator("li")).toHaveCount(1);
  await page.getByTestId("bookmarks").locator(".menu-item").click();
  expect(await now(page)).toBe(120_000);
});

test("commands, deploys and failures are marked, and the marks are one stop of the Tab key", async ({ page }) => {
  await open(page);
  const load = (id) =>
    page.evaluate(async (id) => {
      const answer = await fetch(`./scenarios/${id}.json`);
      await window.shardlab.load(await answer.json());
    }, id);
  await load("parallelization-3-error");
  const failure = page.getByTestId("marker-failure");
  await expect(failure.first()).toHaveAttribute("aria-label", /failed invocation/);
  await failure.first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(failure.nth(1)).toBeFocused();
  await page.keyboard.press("Enter");
  expect(await now(page)).toBeGreaterThan(0);
  await expect(page.locator(".marker[tabindex='0']")).toHaveCount(1);
  await load("hot-shard-split");
  await expect(page.getByTestId("marker-command").first()).toHaveAttribute("aria-label", /split-shard/);
  await load("deploy-1-shard");
  await expect(page.getByTestId("marker-deploy")).toHaveCount(1);
  // Each can be hit: none is closer to another one than its own width.
  const places = await page.locator(".marker").evaluateAll((marks) =>
    marks.map((mark) => mark.getBoundingClientRect().x).sort((a, b) => a - b),
  );
  expect(places.every((x, place) => place === 0 || x - places[place - 1] >= 24)).toBe(true);
});

test("what is pointed at or focused is lit wherever it stands", async ({ page }) => {
  await open(page);
  await seek(page, 60_000);
  await page.getByTestId("tab-log").click();
  const row = page.locator(".log [data-object^='record-']").first();
  const object = await row.getAttribute("data-object");
  await row.focus();
  await expect(row).toHaveAttribute("data-lit", "itself");
  await expect(page.getByTestId("twin").locator("[data-object^='lane-'][data-lit='with']")).toHaveCount(1);
  // The same from the picture: the mouse over the Gantt lights rows of the log.
  await page.getByTestId("tab-log").focus();
  await expect(page.locator(`[data-object='${object}'][data-lit]`)).toHaveCount(0);
  await page.getByTestId("log-filter").selectOption("invocations");
  const lit = page.locator(".log [data-lit]");
  await page.mouse.move(...(await point(page, 0.55, 0.56)));
  await expect(lit.first()).toBeVisible();
  await page.mouse.move(5, 5);
  await expect(lit).toHaveCount(0);
});

test("the charts are a table for those who cannot see them", async ({ page }) => {
  await open(page);
  await seek(page, 60_000);
  const table = page.getByTestId("charts-table");
  await expect(table.locator("thead th").nth(1)).toHaveText("IteratorAge, Lambda");
  await expect(table.locator("tbody tr").first().locator("td").first()).toHaveText("17.5 s");
  await expect(table.locator("tbody tr")).toHaveCount(7);
});

test("a finger pushes the window, and two spread it", async ({ page }) => {
  await open(page);
  await seek(page, 60_000);
  /** Fingers by id, each with its places along the time line, in shares of its width. */
  const touch = (fingers) =>
    page.evaluate((fingers) => {
      const canvas = document.getElementById("timeline");
      const { x, y, width, height } = canvas.getBoundingClientRect();
      const send = (type, pointerId, along) =>
        canvas.dispatchEvent(
          new PointerEvent(type, {
            pointerId,
            pointerType: "touch",
            button: type === "pointermove" ? -1 : 0,
            clientX: x + width * along,
            clientY: y + height * 0.6,
            bubbles: true,
          }),
        );
      fingers.forEach((places, id) => send("pointerdown", id + 100, places[0]));
      for (let step = 1; step < fingers[0].length; step++) {
        fingers.forEach((places, id) => send("pointermove", id + 100, places[step]));
      }
      fingers.forEach((places, id) => send("pointerup", id + 100, places.at(-1)));
    }, fingers);
  const span = async () => /span=(\d+)-(\d+)/.exec(await link(page)).slice(1).map(Number);
  await page.keyboard.press("z");
  const [from, to] = await span();
  await touch([[0.6, 0.55, 0.5]]);
  const [later, end] = await span();
  expect(end - later).toBe(to - from);
  // A tenth of the picture is nearly a tenth of the window.
  expect((later - from) / (to - from)).toBeGreaterThan(0.08);
  expect((later - from) / (to - from)).toBeLessThan(0.13);
  await touch([
    [0.5, 0.45, 0.4],
    [0.6, 0.65, 0.7],
  ]);
  const [start, stop] = await span();
  // Fingers three times as far apart show a third of the time.
  expect((stop - start) / (end - later)).toBeGreaterThan(0.28);
  expect((stop - start) / (end - later)).toBeLessThan(0.38);
  expect(await now(page)).toBe(60_000);
});
