import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startProxy } from "./proxy.ts";

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;

beforeAll(async () => {
  proxy = await startProxy({ demo: false });
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
});

afterAll(async () => {
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

test("a simulated charger comes by one touch, and charges by another", async () => {
  const visit = await Visit.open(browser, ingress.url, "phone", "dark");
  const { page } = visit;
  await page.getByRole("button", { name: "Start a simulated charger" }).click();
  const card = page.getByRole("article", { name: "SIM-1" });
  await card.getByText("Online").waitFor();
  const actions = page.getByRole("group", { name: "Connector 1" });
  const begin = actions.getByRole("button", { name: "Start" });
  const stop = actions.getByRole("button", { name: "Stop" });
  await begin.or(stop).waitFor();
  if ((await begin.count()) > 0) {
    await begin.click();
    await page
      .locator("wa-button[slot=actions]:visible")
      .getByRole("button", { name: "Start" })
      .click();
  }
  await card.getByText("Charging", { exact: true }).waitFor();
  await page.getByText("frames in the last minute").waitFor();
  await visit.check("chargers-charging");

  await page.getByRole("button", { name: "Limit", exact: true }).click();
  await page.getByLabel("Always at most").fill("7");
  await page.getByRole("button", { name: "Set Always at most" }).click();
  await page.getByText("7 A, accepted by the charger.").waitFor();
  await visit.check("chargers-limit");
  await page.keyboard.press("Escape");
  await actions.getByRole("button", { name: "Pause" }).click();
  await actions.getByRole("button", { name: "Resume" }).waitFor();
  expect(await stop.count()).toBe(1);
  await visit.close();
});
