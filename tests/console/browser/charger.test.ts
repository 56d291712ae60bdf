import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MATRIX, startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startCharger, startProxy } from "./proxy.ts";

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  proxy = await startProxy({ demo: false });
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
  const quick = ["--plug-in", "--interval", "1"];
  stops.push(startCharger(proxy, "CP-16", quick));
  const two = ["--protocol", "ocpp2.0.1", "--connectors", "2"];
  stops.push(startCharger(proxy, "CP-201", [...quick, ...two]));
});

afterAll(async () => {
  for (const stop of stops) await stop();
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

async function open(
  id: string,
  size: (typeof MATRIX)[number][0] = "desktop",
  theme: (typeof MATRIX)[number][1] = "light",
): Promise<Visit> {
  return Visit.open(browser, `${ingress.url}#/chargers/${id}`, size, theme);
}

function connector(page: Page, number: number): ReturnType<Page["getByRole"]> {
  return page.getByRole("region", {
    name: `Connector ${String(number)}`,
    exact: true,
  });
}

async function start(page: Page, number: number): Promise<void> {
  const place = connector(page, number);
  await place.getByRole("button", { name: "Start" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Start" }).click();
  await place.getByText("The charger accepted.").waitFor();
  await place.getByText("Charging", { exact: true }).waitFor();
}

describe("one charger", () => {
  test.each(["CP-16", "CP-201"])(
    "starts, is limited, pauses, resumes and stops, %s",
    async (id) => {
      const visit = await open(id);
      const { page } = visit;
      const place = connector(page, 1);
      await start(page, 1);
      await place.getByText(/^Power \d.*kW$/).waitFor();

      const limits = page.getByRole("region", { name: "Smart charging" });
      await limits.getByLabel("Always at most").fill("8");
      await limits.getByRole("button", { name: "Set Always at most" }).click();
      await limits.getByText("8 A, accepted by the charger.").waitFor();
      await place.getByText("limited by you").waitFor();
      await place.getByText(/^Power (?:1\.[5-9]|5\.[0-6]).*kW$/).waitFor();

      await place.getByRole("button", { name: "Pause" }).click();
      await place.getByRole("button", { name: "Resume" }).waitFor();
      await place.getByText(/^Power 0 W$/).waitFor();
      await place.getByRole("button", { name: "Resume" }).click();
      await place.getByText("Charging", { exact: true }).waitFor();

      await place.getByRole("button", { name: "Stop" }).click();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: "Stop" })
        .click();
      await place.getByText("Last session").waitFor();
      await visit.close();
    },
  );

  test.each(MATRIX)("shows all of a charger, %s, %s", async (size, theme) => {
    const visit = await open("CP-201", size, theme);
    const { page } = visit;
    await connector(page, 2).waitFor();
    if ((await connector(page, 2).getByText("Charging").count()) === 0)
      await start(page, 2);
    await page.getByRole("region", { name: "Meter values" }).waitFor();

    await visit.check("charger");
    await visit.close();
    expect(visit.faults).toEqual([]);
  });
});
