import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  MATRIX,
  type Size,
  startBrowser,
  type Theme,
  Visit,
} from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startProxy } from "./proxy.ts";
import { type Answer, ScriptedCharger } from "./scripted-charger.ts";

const HOSTILE = `"><img src=x onerror=alert(1)>`;

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
const chargers: ScriptedCharger[] = [];
const heard: string[] = [];

function answers(action: string): Answer {
  heard.push(action);
  switch (action) {
    case "GetConfiguration":
      return { configurationKey: [], unknownKey: [] };
    case "UnlockConnector":
      return { status: "NotSupported" };
    case "DataTransfer":
      return "InternalError";
    case "ClearCache":
      return null;
    default:
      return { status: "Accepted" };
  }
}

beforeAll(async () => {
  proxy = await startProxy({
    demo: false,
    environment: { OYE_OCPP_CALL_TIMEOUT: "2" },
  });
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
  for (const name of ["CP-1", HOSTILE]) {
    chargers.push(await ScriptedCharger.open(proxy.port, name, answers));
  }
  const gone = await ScriptedCharger.open(proxy.port, "CP-GONE");
  gone.close();
});

afterAll(async () => {
  for (const charger of chargers) charger.close();
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

function send(page: Page): Promise<void> {
  return page
    .getByRole("button", { name: "Send", exact: true })
    .first()
    .click();
}

function confirm(page: Page): Promise<void> {
  return page
    .locator("oye-confirm")
    .getByRole("button", { name: "Send", exact: true })
    .click();
}

async function open(
  hash: string,
  size: Size = "desktop",
  theme: Theme = "light",
): Promise<Visit> {
  const visit = await Visit.open(browser, `${ingress.url}${hash}`, size, theme);
  visit.page.setDefaultTimeout(10_000);
  return visit;
}

describe("the composer", () => {
  test.each(MATRIX)(
    "builds, asks and sends a command, %s, %s",
    async (size, theme) => {
      const visit = await open("#/compose", size, theme);
      const { page } = visit;
      await page
        .getByRole("combobox", { name: "Charger" })
        .selectOption({ label: "CP-1 · 1.6" });
      await page
        .getByRole("combobox", { name: "Command" })
        .selectOption("ChangeAvailability");
      await page.getByLabel("type *").waitFor();
      await visit.check("composer");
      await page.getByLabel("type *").selectOption("");
      await send(page);
      await page.getByText("This breaks the schema.").waitFor();
      await visit.check("composer-problems");
      await page.getByLabel("connectorId").fill("1");
      await page.getByLabel("type *").selectOption("Operative");
      await send(page);
      await confirm(page);
      await page.getByText(/^Accepted in [\d.]+ m?s$/).waitFor();
      await visit.check("composer-sent");
      await page.getByRole("button", { name: "JSON" }).click();
      await page.locator(".cm-content").waitFor();
      await visit.check("composer-json");
      await visit.close();
    },
  );

  test("tells a refusal, an error and no answer in the charger's words", async () => {
    const visit = await open("#/compose/CP-1/UnlockConnector");
    const { page } = visit;
    await page.getByLabel("connectorId").fill("1");
    await send(page);
    await confirm(page);
    await page.getByText(/^NotSupported in/).waitFor();

    await page
      .getByRole("combobox", { name: "Command" })
      .selectOption("DataTransfer");
    await page.getByLabel("vendorId").fill("OYE");
    await send(page);
    await page
      .getByText("The charger answered with an error: InternalError")
      .waitFor();
    await page.getByText("Not today").waitFor();

    await page
      .getByRole("combobox", { name: "Command" })
      .selectOption("ClearCache");
    await send(page);
    await confirm(page);
    await page.getByText("The charger did not answer in time.").waitFor();
    visit.expectFaults(/status of 50[24]/);
    await visit.close();
  });

  test("says why nothing can be sent to a charger that is gone, and keeps the form", async () => {
    const visit = await open("#/compose/CP-GONE/Reset");
    await visit.page.getByText("The charger is offline.").waitFor();

    expect(
      await visit.page
        .getByRole("button", { name: "Send", exact: true })
        .isDisabled(),
    ).toBe(true);
    await visit.page.getByLabel("type *").selectOption("Soft");
    await visit.check("composer-offline");
    await visit.close();
  });

  test("sends what can lock the owner out only after the id was typed", async () => {
    const visit = await open(
      `#/compose/CP-1/ChangeConfiguration`,
      "phone",
      "dark",
    );
    const { page } = visit;
    await page.getByLabel("key *").fill("AuthorizationKey");
    await page.getByLabel("value *").fill("0123456789abcdef0123");
    await send(page);
    const dialog = page.locator("oye-confirm");
    await dialog.getByLabel("Type CP-1 to confirm").waitFor();
    visit.expectFaults(/status of 409/);
    await visit.check("composer-lockout");
    heard.length = 0;

    expect(
      await dialog.getByRole("button", { name: "Send" }).isDisabled(),
    ).toBe(true);
    await dialog.getByLabel("Type CP-1 to confirm").fill("CP-1");
    await confirm(page);
    await page.getByText(/^Accepted in/).waitFor();
    expect(heard).toEqual(["ChangeConfiguration"]);
    expect(
      await page.evaluate(() => JSON.stringify(window.localStorage)),
    ).not.toContain("0123456789abcdef0123");
    await visit.close();
  });

  test("shows one payload as form and as JSON, and sends a custom action", async () => {
    const visit = await open("#/compose/CP-1/GetConfiguration");
    const { page } = visit;
    await page.getByRole("button", { name: "JSON" }).click();
    await page.locator(".cm-content").fill('{"key": ["HeartbeatInterval"]}');
    await page.getByRole("button", { name: "Form" }).click();

    expect(await page.getByLabel("1 *").inputValue()).toBe("HeartbeatInterval");
    await page
      .getByRole("combobox", { name: "Command" })
      .selectOption("Custom");
    await page.getByLabel("Name of the action").fill("VendorSecret");
    await page.getByLabel("Name of the action").press("Tab");
    await page.getByText("There is no schema for this action").waitFor();
    await send(page);
    await page.getByText(/^Accepted in/).waitFor();
    await visit.check("composer-custom");
    await visit.close();
  });

  test("offers what is done every day without a message to build", async () => {
    const visit = await open("#/compose/CP-1");
    const { page } = visit;
    await page.getByRole("button", { name: "Limit", exact: true }).click();
    await page.getByLabel("Always at most").fill("7");
    await page.getByRole("button", { name: "Set Always at most" }).click();
    await page.getByText("7 A, accepted by the charger.").waitFor();
    await visit.check("composer-limit");

    expect(heard).toContain("SetChargingProfile");
    // Told in its place, and so nowhere else.
    expect(await page.locator("oye-toasts section").count()).toBe(0);

    await visit.close();
  });

  test("keeps a template under a name and takes it up again", async () => {
    const visit = await open("#/compose/CP-1/TriggerMessage");
    const { page } = visit;
    await page.getByLabel("requestedMessage *").selectOption("MeterValues");
    await page.getByLabel("Name of the template").fill("Meter now");
    await page.getByRole("button", { name: "Save" }).click();
    await page
      .getByRole("combobox", { name: "Command" })
      .selectOption("GetConfiguration");
    await page.getByRole("button", { name: /^Meter now/ }).click();

    await expect
      .poll(() => page.getByLabel("requestedMessage *").inputValue())
      .toBe("MeterValues");
    await visit.close();
  });

  test("commands a charger with a hostile name, from its exchange in the stream", async () => {
    const visit = await open("#/compose");
    const { page } = visit;
    await page
      .getByRole("combobox", { name: "Charger" })
      .selectOption({ label: `${HOSTILE} · 1.6` });
    await page
      .getByRole("combobox", { name: "Command" })
      .selectOption("TriggerMessage");
    await page.getByLabel("requestedMessage *").selectOption("Heartbeat");
    await send(page);
    await page.getByText(/^Accepted in/).waitFor();
    await page.getByRole("link", { name: "Show it in Live" }).click();
    await page
      .getByRole("article")
      .filter({ hasText: "TriggerMessage" })
      .click();
    await page.getByRole("link", { name: "Compose from this" }).click();

    await expect
      .poll(() => page.getByLabel("requestedMessage *").inputValue())
      .toBe("Heartbeat");
    await visit.check("composer-hostile");
    await visit.close();
  });
});
