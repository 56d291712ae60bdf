import type { Browser } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startProxy } from "./proxy.ts";
import RawCharger from "./raw-charger.ts";

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
let charger: RawCharger;

beforeAll(async () => {
  proxy = await startProxy({
    demo: false,
    environment: { OYE_OCPP_CALL_TIMEOUT: "2" },
  });
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
  charger = await RawCharger.open(proxy.port, "CP-SILENT");
});

afterAll(async () => {
  charger.close();
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

test("a charger that does not answer is said not to, in words", async () => {
  const url = `${ingress.url}#/chargers/CP-SILENT/settings`;
  const visit = await Visit.open(browser, url, "phone", "light");
  const { page } = visit;
  await page.getByRole("button", { name: "Read the settings" }).click();
  await page.getByText("Waiting for the charger").waitFor();
  await page.getByText("The charger did not answer in time.").first().waitFor();
  await page.getByText("The settings of the charger appear here").waitFor();

  visit.expectFaults(/status of 504/);
  await visit.close();
});
