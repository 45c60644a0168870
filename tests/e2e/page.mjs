// What the end-to-end tests share: how the page is opened and watched.
import { expect } from "@playwright/test";

/** Opens an address (relative to dist/) and waits as `ready` does. */
export async function open(page, address = "./") {
  await page.goto(address);
  await ready(page);
}

/** Waits until the page is mounted, its scenario is loaded and all styles are there. */
export async function ready(page) {
  await mounted(page);
  await expect(page.locator("html")).toHaveAttribute("data-styled", "true");
}

/** Waits until the page is mounted and its scenario is loaded. */
export async function mounted(page) {
  await expect(page.locator("html")).toHaveAttribute("data-ready", "true");
}

/** Collects what a page should not do: warnings and errors on the console, failed or foreign requests. */
export function watch(page) {
  const complaints = [];
  page.on("console", (message) => {
    if (["warning", "error"].includes(message.type())) {
      complaints.push(`console ${message.type()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error}`));
  page.on("response", (response) => {
    if (response.status() >= 400) {
      complaints.push(`${response.status()}: ${response.url()}`);
    }
  });
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith("http") && hostname !== "127.0.0.1") {
      complaints.push(`request outside the origin: ${request.url()}`);
    }
  });
  return complaints;
}
