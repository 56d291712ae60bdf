import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startCharger, startProxy } from "./proxy.ts";

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  proxy = await startProxy({
    demo: false,
    environment: { OYE_CHARGER_UNKNOWN: "approve" },
  });
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
});

afterAll(async () => {
  for (const stop of stops) await stop();
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

test("a charger that nobody knows waits until it is approved, on its card or its page", async () => {
  const visit = await Visit.open(
    browser,
    `${ingress.url}#/chargers`,
    "desktop",
    "light",
  );
  const { page } = visit;
  for (const id of ["CP-NEW", "CP-OTHER"]) stops.push(startCharger(proxy, id));
  const card = page.getByRole("article", { name: "CP-NEW" });
  await card.getByText("Waits for approval").waitFor();
  await page.getByRole("article", { name: "CP-OTHER" }).waitFor();
  await visit.check("approval");
  const approve = page.getByRole("button", { name: "Approve" });
  expect(await approve.count()).toBe(2);
  await page
    .locator("oye-charger-card")
    .filter({ has: card })
    .getByRole("button", { name: "Approve" })
    .click();
  await card.getByText("Online").first().waitFor();

  expect(await approve.count()).toBe(1);
  await page.goto(`${ingress.url}#/chargers/CP-OTHER/settings`);
  await page.getByText("This charger is new.").waitFor();
  await approve.click();
  await page.getByText("This charger is new.").waitFor({ state: "detached" });
  await page.getByText("Online").first().waitFor();
  await visit.close();
});
