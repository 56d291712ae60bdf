import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startCharger, startProxy } from "./proxy.ts";
import { callApi } from "./public.ts";
import { everyView, open } from "./tour.ts";

const CHARGER = "CP-LANG";

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
let stopCharger: () => Promise<void>;

beforeAll(async () => {
  proxy = await startProxy({ demo: false });
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
  stopCharger = startCharger(proxy, CHARGER, ["--plug-in", "--interval", "1"]);
  await untilItCharges();
});

afterAll(async () => {
  await stopCharger();
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

async function untilItCharges(): Promise<void> {
  const start = { connectorId: 1, idTag: "TAG" };
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { transactions } = (await callApi(
      proxy,
      "GET",
      "api/transactions",
    )) as {
      readonly transactions: readonly unknown[];
    };
    if (transactions.length > 0) return;
    if (Date.now() > deadline) throw new Error("The charger does not charge");
    await callApi(
      proxy,
      "POST",
      `api/chargers/${CHARGER}/start?wait=2`,
      start,
    ).catch(() => null);
  }
}

describe("every view", () => {
  test.each([
    ["de", "light"],
    ["de", "dark"],
    ["pl", "light"],
    ["pl", "dark"],
  ] as const)(
    "fits a phone and can be read, %s, %s",
    { timeout: 180_000 },
    async (tag, theme) => {
      const visit = await Visit.open(browser, ingress.url, "phone", theme, tag);
      for (const stop of await everyView(proxy, CHARGER)) {
        await open(visit.page, stop);
        await visit.check(`${tag}-${stop.name}`);
      }

      expect(await visit.page.locator("html").getAttribute("lang")).toBe(tag);
      await visit.close();
    },
  );

  test.each([
    ["en-US", "desktop"],
    ["en-US", "phone"],
    ["es-MX", "desktop"],
  ] as const)(
    "tells the whole time of each row where a day has twice twelve hours, %s, %s",
    async (tag, size) => {
      const visit = await Visit.open(browser, ingress.url, size, "light", tag);
      const { page } = visit;
      for (const hash of ["#/live", `#/chargers/${CHARGER}`]) {
        await page.evaluate((wanted) => {
          window.location.hash = wanted;
        }, hash);
        const times = page.getByRole("article").locator(".time");
        await times.first().waitFor();
        const cut = await times.evaluateAll((all) =>
          all.flatMap((one) =>
            one.scrollWidth > one.clientWidth ? [one.textContent] : [],
          ),
        );

        expect(cut).toEqual([]);
        expect(await times.first().textContent()).toMatch(/[ap]\.?\s?m\.?$/i);
      }
      await visit.check(`${tag}-live`);
      await visit.close();
    },
  );

  test.each(["light", "dark"] as const)(
    "fits a desk and can be read, %s",
    { timeout: 180_000 },
    async (theme) => {
      const visit = await Visit.open(browser, ingress.url, "desktop", theme);
      for (const stop of await everyView(proxy, CHARGER)) {
        await open(visit.page, stop);
        await visit.check(`en-${stop.name}`);
      }
      await visit.close();
    },
  );
});
