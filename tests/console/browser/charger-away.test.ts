import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MATRIX, startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startCharger, startProxy } from "./proxy.ts";
import { ScriptedCharger } from "./scripted-charger.ts";

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
let stopCharger: () => Promise<void>;

beforeAll(async () => {
  proxy = await startProxy({ demo: false });
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
  stopCharger = startCharger(proxy, "CP-AWAY", ["--plug-in"]);
});

afterAll(async () => {
  await stopCharger();
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

test("a charger is kept, dimmed and off while the server is away, and true again after it", async () => {
  const url = `${ingress.url}#/chargers/CP-AWAY`;
  const visit = await Visit.open(browser, url, "desktop", "dark");
  const { page } = visit;
  const refresh = page.getByRole("button", { name: "Refresh status" });
  const place = page.getByRole("region", { name: "Connector 1", exact: true });
  const frames = page.getByRole("region", { name: "Live frames" });
  await place.getByText("Preparing").waitFor();
  await frames.getByText("BootNotification").waitFor();
  expect(await refresh.isEnabled()).toBe(true);
  await proxy.restart(async () => {
    await page
      .getByText("The connection to OYE is lost. Commands are off")
      .waitFor();

    expect(await refresh.isDisabled()).toBe(true);
    expect(
      await place.getByRole("button", { name: "Start" }).isDisabled(),
    ).toBe(true);
    expect(
      await page
        .getByRole("combobox", { name: "Who is in charge" })
        .isDisabled(),
    ).toBe(true);
    expect(await place.getByText("Preparing").count()).toBe(1);
    expect(await frames.getByText("BootNotification").count()).toBe(1);
    expect(await page.getByRole("main").getAttribute("class")).toBe("dimmed");
    await visit.photograph("charger-away");
  });
  await page
    .getByText("Commands are off")
    .waitFor({ state: "detached", timeout: 40_000 });
  await frames.getByText("loaded from storage").waitFor();
  await expect.poll(() => refresh.isEnabled(), { timeout: 20_000 }).toBe(true);

  expect(await page.getByRole("main").getAttribute("class")).toBe("");
  await refresh.click();
  await frames.getByText("TriggerMessage").first().waitFor();
  visit.expectFaults(/WebSocket connection|status of 502/);
  await visit.check("charger-back");
  await visit.close();
});

test.each(MATRIX)(
  "what a charger did before it went is named as the last that is known, %s, %s",
  async (size, theme) => {
    const gone = await ScriptedCharger.open(proxy.port, "CP-GONE");
    const timestamp = new Date().toISOString();
    await gone.ask("StatusNotification", {
      connectorId: 1,
      errorCode: "NoError",
      status: "Available",
    });
    const power = { measurand: "Power.Active.Import", unit: "W", value: "0" };
    await gone.ask("MeterValues", {
      connectorId: 1,
      meterValue: [{ timestamp, sampledValue: [power] }],
    });
    const url = `${ingress.url}#/chargers`;
    const visit = await Visit.open(browser, url, size, theme);
    const { page } = visit;
    const card = page
      .locator("oye-charger-card")
      .filter({ hasText: "CP-GONE" });
    await card.getByText("Available", { exact: true }).waitFor();
    gone.close();

    await card.getByText("Last known: Available").waitFor();
    expect(await card.getByText("0 W", { exact: true }).count()).toBe(0);
    expect(await card.locator("oye-icon.ok, oye-icon.active").count()).toBe(0);
    await visit.check("charger-gone-card");
    await page.evaluate(() => {
      window.location.hash = "#/chargers/CP-GONE";
    });
    const place = page.getByRole("region", {
      name: "Connector 1",
      exact: true,
    });
    await place.getByText("Last known: Available").waitFor();
    expect(await place.getByText("0 W", { exact: true }).count()).toBe(0);
    expect(await page.getByRole("main").locator("oye-icon.ok").count()).toBe(0);
    const smart = page.getByRole("region", { name: "Smart charging" });
    await smart.getByText("not known while it is offline").waitFor();
    expect(await smart.getByText("no limit", { exact: true }).count()).toBe(0);
    await visit.check("charger-gone");
    await visit.close();
  },
);
