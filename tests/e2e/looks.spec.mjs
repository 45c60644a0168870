// How the page looks, coarsely: each canvas and each screen in squares of 24 pixels, compared with what is in the
// repository. A font, a renderer or a text changes a square little; a part that is missing or elsewhere changes many much.
import { readFileSync, writeFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { expect, test } from "@playwright/test";
import { SIZES, openAs } from "./screens.mjs";

const FILE = new URL("../fixtures/looks.json", import.meta.url);
const SQUARE = 24;
/** A square differs by more than this, of 255; and so many of all squares may. */
const DIFFERENCE = 40;
const SHARE_MAX = 0.04;

const LOOKS = [
  ["wide", "en", "light"],
  ["wide", "ja", "dark"],
  ["middle", "en", "dark"],
  ["phone", "ja", "light"],
];

/** The mean gray of each square of a PNG with 8 bits a channel, row by row, as two hexadecimal digits each. */
function squares(png) {
  const { width, height, channels, pixels } = decode(png);
  const rows = [];
  for (let top = 0; top + SQUARE <= height; top += SQUARE) {
    let row = "";
    for (let left = 0; left + SQUARE <= width; left += SQUARE) {
      let sum = 0;
      for (let y = top; y < top + SQUARE; y += 1) {
        for (let x = left; x < left + SQUARE; x += 1) {
          const at = (y * width + x) * channels;
          sum += (pixels[at] * 2 + pixels[at + 1] * 5 + pixels[at + 2]) / 8;
        }
      }
      row += Math.round(sum / SQUARE ** 2).toString(16).padStart(2, "0");
    }
    rows.push(row);
  }
  return rows;
}

/** Pixels of a PNG that is not interlaced: what a browser's screenshots are. */
function decode(png) {
  const [width, height, channels] = [png.readUInt32BE(16), png.readUInt32BE(20), { 2: 3, 6: 4 }[png[25]]];
  const parts = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") {
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
    }
  }
  const data = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const pixels = Buffer.alloc(height * stride);
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x >= channels ? pixels[at - channels] : 0;
      const above = y > 0 ? pixels[at - stride] : 0;
      const corner = x >= channels && y > 0 ? pixels[at - stride - channels] : 0;
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter];
      pixels[at] = data[y * (stride + 1) + 1 + x] + guess;
    }
  }
  return { width, height, channels, pixels };
}

function paeth(left, above, corner) {
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((value) => Math.abs(guess - value));
  return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
}

/** The share of squares that differ. */
function difference(one, other) {
  const values = (rows) => rows.join("").match(/../g).map((digits) => parseInt(digits, 16));
  const [ones, others] = [values(one), values(other)];
  return ones.length === others.length ? ones.filter((value, place) => Math.abs(value - others[place]) > DIFFERENCE).length / ones.length : 1;
}

const kept = JSON.parse(readFileSync(FILE, "utf8"));

for (const [size, language, theme] of LOOKS) {
  test(`the page looks as it did at ${SIZES[size].width} pixels, ${language}, ${theme}`, async ({ page }) => {
    await page.setViewportSize(SIZES[size]);
    await openAs(page, { language, theme });
    await page.waitForTimeout(300);
    const parts = { page: await page.screenshot(), stage: await page.locator("#stage").screenshot() };
    for (const [part, png] of Object.entries(parts)) {
      const name = `${size} ${language} ${theme} ${part}`;
      const now = squares(png);
      // SHARDLAB_LOOKS=update writes the squares anew: look at the page before it is committed.
      if (process.env.SHARDLAB_LOOKS === "update") {
        kept[name] = now;
        writeFileSync(FILE, `${JSON.stringify(kept, null, 1)}\n`);
      }
      expect(kept[name], `${name} is not in ${FILE.pathname}`).toBeDefined();
      expect(difference(kept[name], now), name).toBeLessThanOrEqual(SHARE_MAX);
    }
  });
}

test("another font passes, and a part that is missing does not", async ({ page }) => {
  await page.setViewportSize(SIZES.wide);
  await openAs(page, { language: "en", theme: "light" });
  const before = squares(await page.screenshot());
  const style = await page.addStyleTag({ content: ":root { --sans: Georgia, 'DejaVu Serif', serif; --mono: monospace; }" });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.emulateMedia({ colorScheme: "light" });
  await page.waitForTimeout(300);
  expect(difference(before, squares(await page.screenshot()))).toBeLessThanOrEqual(SHARE_MAX);
  await style.evaluate((element) => element.remove());
  await page.addStyleTag({ content: "#stage { translate: 0 90px; }" });
  expect(difference(before, squares(await page.screenshot()))).toBeGreaterThan(SHARE_MAX);
});
