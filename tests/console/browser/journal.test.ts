import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MATRIX, startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { freePort, type Proxy, startProxy } from "./proxy.ts";
import { callApi } from "./public.ts";
import { ScriptedCharger } from "./scripted-charger.ts";

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
let charger: ScriptedCharger;

// The BootNotification is not counted: only the last one is told.
const WAITING = "2 messages wait for the CSMS";

beforeAll(async () => {
  proxy = await startProxy({ demo: false });
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
  const targetCsmsUrl = `ws://127.0.0.1:${await freePort()}/nobody`;
  const config = { targetCsmsUrl, csmsForwardingEnabled: true };
  await callApi(proxy, "POST", "api/config", config);
  charger = await ScriptedCharger.open(proxy.port, "CP-KEPT");
  const timestamp = new Date().toISOString();
  const start = { connectorId: 1, idTag: "TAG", meterStart: 0, timestamp };
  await charger.ask("StartTransaction", start);
  await charger.ask("StopTransaction", {
    transactionId: 1,
    meterStop: 9,
    timestamp,
  });
});

afterAll(async () => {
  charger.close();
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

test.each(MATRIX)(
  "what waits for the CSMS is read on the charger's page, %s, %s",
  async (size, theme) => {
    const url = `${ingress.url}#/chargers/CP-KEPT`;
    const visit = await Visit.open(browser, url, size, theme);
    await visit.page.locator("summary", { hasText: WAITING }).click();
    const kept = visit.page.getByRole("list", {
      name: "Messages kept for the CSMS",
    });
    const messages = kept.getByRole("listitem");
    await messages.last().getByText("StopTransaction").waitFor();
    const start = messages.filter({ hasText: "StartTransaction" });

    expect(await start.innerText()).toMatch(/20\d\d[^]*Waiting/);
    expect(await messages.count()).toBe(3);
    await visit.page.getByText("3 messages wait for the CSMS").waitFor();
    await visit.check("charger-journal");
    await visit.close();
  },
);

test("the health of the proxy leads to the chargers whose messages wait", async () => {
  const url = `${ingress.url}#/system`;
  const visit = await Visit.open(browser, url, "phone", "light");
  const health = visit.page.getByRole("region", { name: "Health" });
  await health.getByRole("link", { name: "CP-KEPT" }).waitFor();
  await health.locator("summary", { hasText: WAITING }).click();
  await health.getByText("StartTransaction").waitFor();

  await visit.check("system-journal");
  await visit.close();
});
