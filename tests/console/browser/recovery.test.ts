import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startProxy } from "./proxy.ts";
import { ScriptedCharger } from "./scripted-charger.ts";
import { everyView, open, type Stop } from "./tour.ts";

const AWAY = /WebSocket connection|status of 502|dynamically imported module/;

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
let charger: ScriptedCharger;
let stops: readonly Stop[];

beforeAll(async () => {
  proxy = await startProxy({ demo: false });
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
  charger = await ScriptedCharger.open(proxy.port, "CP-1");
  const timestamp = new Date().toISOString();
  const start = { connectorId: 1, idTag: "TAG", meterStart: 1, timestamp };
  await charger.ask("StartTransaction", start);
  stops = await everyView(proxy, "CP-1");
});

afterAll(async () => {
  charger.close();
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

/** Visit every view, each in a window of its own that has shown another one before. */
async function visitAll(): Promise<readonly (readonly [Stop, Visit])[]> {
  return Promise.all(
    stops.map(async (stop) => {
      const visit = await Visit.open(browser, ingress.url, "phone", "light");
      await visit.page.getByRole("heading", { name: "Chargers" }).waitFor();
      await visit.page.locator("oye-charger-card").waitFor();
      return [stop, visit] as const;
    }),
  );
}

/** Wait until a view shows no fault and loads nothing. */
async function recovers({ page }: Visit, stop: Stop): Promise<void> {
  await expect
    .poll(() => page.getByRole("main").getAttribute("class"), {
      timeout: 60_000,
    })
    .toBe("");
  await open(page, stop);
  await expect
    .poll(() => page.getByRole("main").getByRole("alert").allTextContents(), {
      message: stop.name,
    })
    .toEqual([]);
}

test(
  "a view that is opened while the server is down comes by itself once it is back",
  { timeout: 180_000 },
  async () => {
    const visits = await visitAll();
    await proxy.restart(async () => {
      for (const [{ hash }, { page }] of visits) {
        await page
          .getByText(/^Reconnecting/)
          .first()
          .waitFor();
        await page.evaluate((wanted) => {
          window.location.hash = wanted;
        }, hash);
      }
      for (const [{ name }, { page }] of visits) {
        if (name === "compose")
          expect(await page.getByText("No charger is online").count()).toBe(0);
      }
    });
    for (const [stop, visit] of visits) {
      await recovers(visit, stop);
      visit.expectFaults(AWAY);
      await visit.checkQuickly(`recovery-${stop.name}`);
      await visit.close();
    }
  },
);

test(
  "a view that was known shows no fault for long, and reads anew what is shown",
  { timeout: 180_000 },
  async () => {
    const visits = await visitAll();
    for (const [stop, { page }] of visits) {
      await open(page, stop);
      await page.evaluate(() => {
        window.location.hash = "#/chargers";
      });
      await page.locator("oye-charger-card").waitFor();
    }
    const asked = new Map<string, string[]>();
    await proxy.restart(async () => {
      for (const [{ hash, name }, { page }] of visits) {
        await page
          .getByText(/^Reconnecting/)
          .first()
          .waitFor();
        await page.evaluate((wanted) => {
          window.location.hash = wanted;
        }, hash);
        page.on("requestfinished", (request) => {
          const path = request.url().split("/api/").at(-1) ?? "";
          asked.set(name, [...(asked.get(name) ?? []), path]);
        });
      }
    });
    for (const [stop, visit] of visits) {
      await recovers(visit, stop);
      visit.expectFaults(AWAY);
      await visit.close();
    }
    expect(asked.get("system")).toContain("settings");
  },
);
