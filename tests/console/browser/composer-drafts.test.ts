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

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;

beforeAll(async () => {
  proxy = await startProxy({
    environment: { OYE_OCPP_VALIDATION: "enforce" },
  });
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
});

afterAll(async () => {
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

async function open(
  hash: string,
  size: Size = "desktop",
  theme: Theme = "light",
): Promise<Visit> {
  const visit = await Visit.open(browser, `${ingress.url}${hash}`, size, theme);
  visit.page.setDefaultTimeout(15_000);
  return visit;
}

function turnTo(page: Page, hash: string): Promise<void> {
  return page.evaluate((wanted) => {
    window.location.hash = wanted;
  }, hash);
}

function command(page: Page): Promise<string> {
  return page.getByRole("combobox", { name: "Command" }).inputValue();
}

describe("a payload of the composer", () => {
  test("has the form of the charger that is turned to, whatever its version", async () => {
    const visit = await open("#/compose/DEMO-16/Reset");
    const { page } = visit;
    const type = page.getByLabel("type *");
    await expect.poll(() => type.inputValue()).toBe("Soft");
    await type.selectOption("Hard");
    await turnTo(page, "#/compose/DEMO-201/Reset");
    await expect.poll(() => type.inputValue()).toBe("OnIdle");
    expect(await command(page)).toBe("Reset");
    await page
      .getByRole("combobox", { name: "Command" })
      .selectOption("RequestStartTransaction");
    await page.getByLabel("remoteStartId *").waitFor();
    await page.goBack();
    await expect.poll(() => type.inputValue()).toBe("OnIdle");
    expect(await command(page)).toBe("Reset");
    await page.goBack();
    await expect.poll(() => type.inputValue()).toBe("Hard");

    await page
      .getByRole("combobox", { name: "Command" })
      .selectOption("RemoteStopTransaction");
    await page
      .getByRole("combobox", { name: "Charger" })
      .selectOption({ label: "DEMO-201 · 2.0.1" });
    await expect
      .poll(() => page.evaluate(() => window.location.hash))
      .toBe("#/compose/DEMO-201/RequestStopTransaction");
    await visit.close();
  });

  test("stays with its command when another one is turned to", async () => {
    const visit = await open("#/compose/DEMO-16/SetChargingProfile");
    const { page } = visit;
    await page.getByLabel("connectorId *").fill("2");
    await turnTo(page, "#/compose/DEMO-16/FooBar");
    await page.getByText("There is no schema for this action").waitFor();
    await expect
      .poll(() => page.locator(".cm-content").textContent())
      .toBe("{}");
    expect(await page.getByLabel("Name of the action").inputValue()).toBe(
      "FooBar",
    );
    await page.goBack();
    await expect
      .poll(() => page.getByLabel("connectorId *").inputValue())
      .toBe("2");
    await visit.close();
  });

  test("of a common command can be sent at once", async () => {
    const visit = await open("#/compose/DEMO-201/TriggerMessage");
    const { page } = visit;
    await expect
      .poll(() => page.getByLabel("requestedMessage *").inputValue())
      .toBe("Heartbeat");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText(/^Accepted in/).waitFor();
    await turnTo(page, "#/compose/DEMO-16/RemoteStartTransaction");
    await expect
      .poll(() => page.getByLabel("connectorId").inputValue())
      .toBe("1");
    expect(await page.getByLabel("idTag *").inputValue()).not.toBe("");
    await visit.close();
  });

  test.each(MATRIX)(
    "that breaks an enforced schema is not sent, and told why, %s, %s",
    async (size, theme) => {
      const visit = await open("#/compose/DEMO-16/Reset", size, theme);
      const { page } = visit;
      const send = page.getByRole("button", { name: "Send", exact: true });
      await expect.poll(() => send.isDisabled()).toBe(false);
      await page.getByLabel("type *").selectOption("");
      await page.getByText("The payload breaks the schema;").waitFor();

      expect(await send.isDisabled()).toBe(true);
      await visit.check("composer-enforced");
      await page.getByRole("button", { name: "JSON" }).click();
      await page.locator(".cm-content").fill('{\n  "type": Soft\n}');
      await page.getByText("look at line 2").waitFor();
      await visit.check("composer-no-json");
      await page.locator(".cm-content").fill('{\n  "type": "Soft"\n}');
      await expect.poll(() => send.isDisabled()).toBe(false);
      await visit.close();
    },
  );
});
