import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startProxy } from "./proxy.ts";
import { ScriptedCharger } from "./scripted-charger.ts";
import { everyView, open } from "./tour.ts";

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
let charger: ScriptedCharger;

beforeAll(async () => {
  proxy = await startProxy({ demo: false });
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
  charger = await ScriptedCharger.open(proxy.port, "CP-1");
  const timestamp = new Date().toISOString();
  const start = { connectorId: 1, idTag: "TAG", meterStart: 1, timestamp };
  await charger.ask("StartTransaction", start);
});

afterAll(async () => {
  charger.close();
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

test(
  "every view says that the proxy is away, keeps what it shows, and comes back",
  {
    timeout: 180_000,
  },
  async () => {
    const stops = await everyView(proxy, "CP-1");
    const visits = new Map<string, Visit>();
    for (const stop of stops) {
      const visit = await Visit.open(browser, ingress.url, "desktop", "light");
      visits.set(stop.name, visit);
      await open(visit.page, stop);
    }
    await proxy.restart(async () => {
      for (const [name, { page }] of visits) {
        await page
          .getByRole("navigation")
          .getByText(/^Reconnecting/)
          .waitFor();
        expect(await page.getByRole("main").getAttribute("class")).toBe(
          "dimmed",
        );
        expect(
          await page.getByRole("main").getByRole("heading").count(),
          name,
        ).toBeGreaterThan(0);
      }
      const send = visits
        .get("compose-charger")
        ?.page.getByRole("button", { name: "Send" });
      expect(await send?.first().isDisabled()).toBe(true);
    });
    for (const [name, visit] of visits) {
      await expect
        .poll(() => visit.page.getByRole("main").getAttribute("class"), {
          timeout: 60_000,
        })
        .toBe("");
      visit.expectFaults(/WebSocket connection|status of 502/);
      await visit.checkQuickly(`restart-${name}`);
      await visit.close();
    }
  },
);
