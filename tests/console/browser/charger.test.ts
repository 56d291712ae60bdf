import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  MATRIX,
  type Size,
  startBrowser,
  type Theme,
  Visit,
} from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startCharger, startProxy } from "./proxy.ts";
import RawCharger from "./raw-charger.ts";

const HOSTILE = `"><img src=x onerror=alert(1)>`;

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
const stops: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  proxy = await startProxy({ demo: false });
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
  const quick = ["--plug-in", "--interval", "1"];
  const two = ["--protocol", "ocpp2.0.1", "--connectors", "2"];
  stops.push(startCharger(proxy, "CP-16", quick));
  stops.push(startCharger(proxy, "CP-201", [...quick, ...two]));
  const hostile = await RawCharger.open(proxy.port, HOSTILE);
  stops.push(() => {
    hostile.close();
  });
});

afterAll(async () => {
  for (const stop of stops) await stop();
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

function open(
  path: string,
  size: Size = "desktop",
  theme: Theme = "light",
): Promise<Visit> {
  return Visit.open(browser, `${ingress.url}#/chargers/${path}`, size, theme);
}

function connector(page: Page, number: number): Locator {
  return page.getByRole("region", {
    name: `Connector ${String(number)}`,
    exact: true,
  });
}

// Buttons of a dialog lie in the element around it.
async function confirm(page: Page, name: string): Promise<void> {
  await page
    .locator("wa-button[slot=actions]:visible")
    .getByRole("button", { name, exact: true })
    .click();
}

async function start(page: Page, number: number): Promise<void> {
  const place = connector(page, number);
  await place.getByRole("button", { name: "Start" }).click();
  await confirm(page, "Start");
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
      await place.getByText(/Power\s+1\d(?:\.\d)? kW/).waitFor();

      const limits = page.getByRole("region", { name: "Smart charging" });
      await limits.getByLabel("Always at most").fill("8");
      await limits.getByRole("button", { name: "Set Always at most" }).click();
      await limits.getByText("8 A, accepted by the charger.").waitFor();
      await place.getByText("limited by you").waitFor();
      await place.getByText(/Power\s+5\.\d kW/).waitFor();

      await place.getByRole("button", { name: "Pause" }).click();
      await place.getByRole("button", { name: "Resume" }).waitFor();
      await place.getByText(/Power\s+0 W/).waitFor();
      await place.getByRole("button", { name: "Resume" }).click();
      await place.getByText("Charging", { exact: true }).waitFor();

      await place.getByRole("button", { name: "Stop" }).click();
      await confirm(page, "Stop");
      await place.getByText("Last session").waitFor();
      await visit.close();
    },
  );

  test.each(MATRIX)("shows all of a charger, %s, %s", async (size, theme) => {
    const visit = await open("CP-201", size, theme);
    const { page } = visit;
    const place = connector(page, 1);
    await place.waitFor();
    if ((await place.getByRole("button", { name: "Stop" }).count()) === 0)
      await start(page, 1);
    await page.getByText(/^Current L1: /).waitFor();

    await visit.check("charger");
    await visit.close();
  });

  test("has its own live stream, and a row of it opens in Live", async () => {
    const visit = await open("CP-201");
    const { page } = visit;
    const frames = page.getByRole("region", { name: "Live frames" });
    await frames.getByRole("article").first().waitFor();
    await page.getByRole("button", { name: "Refresh status" }).click();
    const asked = frames
      .getByRole("article")
      .filter({ hasText: "TriggerMessage" });
    await asked.first().waitFor();
    expect(await frames.getByText("CP-16").count()).toBe(0);
    await frames.scrollIntoViewIfNeeded();
    await visit.check("charger-frames");
    await asked.first().click();
    await page.getByRole("tab", { name: "Tree" }).waitFor();

    expect(page.url()).toContain("#/live?q=charger%3ACP-201&at=");
    await visit.close();
  });

  test("says what a charger refuses", async () => {
    const visit = await open("CP-16");
    const more = visit.page.getByRole("region", { name: "More commands" });
    await more.locator("summary").getByText("Message of the vendor").click();
    await more.getByLabel("Vendor id").fill("none.we.know");
    await more
      .getByRole("button", { name: "Send Message of the vendor" })
      .click();

    await more.getByText("The charger said: UnknownVendorId").waitFor();
    await visit.close();
  });

  test("asks before what cannot be undone, and sends nothing unless told", async () => {
    const visit = await open("CP-16");
    const place = connector(visit.page, 1);
    await place.getByRole("button", { name: "Unlock" }).click();
    await visit.page
      .getByText("The cable of connector 1 is released.")
      .waitFor();
    await visit.check("question");
    await confirm(visit.page, "Cancel");

    expect(await place.getByText("The charger").count()).toBe(0);
    await visit.close();
  });

  test("with a hostile name is text, and what it does not answer is said", async () => {
    const visit = await open(encodeURIComponent(HOSTILE), "phone");
    const { page } = visit;
    await page.getByRole("heading", { level: 1 }).getByText(HOSTILE).waitFor();
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Read the settings" }).click();
    await page.getByText("Waiting for the charger").waitFor();

    await visit.check("charger-hostile");
    await visit.close();
  });

  test("is off while it is away, and on again when it is back", async () => {
    const stop = startCharger(proxy, "CP-AWAY");
    const visit = await open("CP-AWAY", "desktop", "dark");
    const { page } = visit;
    const refresh = page.getByRole("button", { name: "Refresh status" });
    await connector(page, 1).waitFor();
    expect(await refresh.isEnabled()).toBe(true);
    await stop();
    await page.getByText("The charger is offline. Commands are off").waitFor();
    expect(await refresh.isDisabled()).toBe(true);
    await visit.check("charger-offline");
    stops.push(startCharger(proxy, "CP-AWAY"));
    await page.getByText("Commands are off").waitFor({ state: "detached" });
    expect(await refresh.isEnabled()).toBe(true);
    await visit.close();
  });
});

describe("the settings of a charger", () => {
  test.each([
    ["CP-16", "HeartbeatInterval"],
    ["CP-201", "OCPPCommCtrlr.HeartbeatInterval"],
  ])("are read, changed and read back, %s", async (id, key) => {
    const visit = await open(`${id}/settings`);
    const { page } = visit;
    await page.getByRole("button", { name: "Read the settings" }).click();
    await page.getByRole("searchbox").fill("heartbeatinterval");
    const row = page.getByRole("listitem").filter({ hasText: key });
    await row.getByRole("button", { name: "Change" }).click();
    await row.getByLabel(key).fill("321");
    await row.getByRole("button", { name: "Save" }).click();
    await row.getByText("The charger accepted.").waitFor();
    await row.getByText("321").waitFor();
    await visit.close();
  });

  test("that lock out are sent only with the id typed", async () => {
    stops.push(startCharger(proxy, "CP-KEY"));
    const visit = await open("CP-KEY/settings");
    const { page } = visit;
    await page.getByRole("button", { name: "Read the settings" }).click();
    await page.getByRole("searchbox").fill("AuthorizationKey");
    const row = page
      .getByRole("listitem")
      .filter({ hasText: "AuthorizationKey" });
    await row.getByRole("button", { name: "Change" }).click();
    await row
      .getByLabel("AuthorizationKey")
      .fill("0123456789abcdef0123456789abcdef");
    await row.getByRole("button", { name: "Save" }).click();
    const typed = page.getByLabel("Type CP-KEY to confirm");
    await typed.waitFor();
    const send = page
      .locator("wa-button[slot=actions]:visible")
      .getByRole("button", { name: "Send it" });
    expect(await send.isDisabled()).toBe(true);
    await typed.fill("CP-KEY");
    await send.click();
    await row.getByText("The charger accepted").waitFor();
    visit.expectFaults(/status of (?:409|503)/);
    await visit.close();
  });

  test.each(MATRIX)("are shown, %s, %s", async (size, theme) => {
    const visit = await open("CP-201/settings", size, theme);
    const { page } = visit;
    await page.getByRole("button", { name: "Read the settings" }).click();
    await page.getByText("AuthCtrlr.Enabled").first().waitFor();

    await visit.check("charger-settings");
    await visit.close();
  });

  test("of its owner are changed and confirmed", async () => {
    const visit = await open("CP-16/settings");
    const { page } = visit;
    await page.getByLabel("Name").fill("Garage <b>left</b>");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.", { exact: true }).waitFor();
    await page
      .getByRole("combobox", { name: /^Use/ })
      .selectOption("maintenance");
    await page.getByText("nothing starts by itself").waitFor();
    await page.getByText("Maintenance", { exact: true }).waitFor();
    await page.getByRole("combobox", { name: /^Use/ }).selectOption("active");
    await page.getByText("The charger works as usual.").waitFor();
    await page.getByRole("link", { name: "Back to" }).click();
    await page.getByText("Garage <b>left</b>").waitFor();
    await visit.close();
  });
});
