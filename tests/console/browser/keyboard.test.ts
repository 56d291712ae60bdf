import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startProxy } from "./proxy.ts";
import { ScriptedCharger } from "./scripted-charger.ts";

const MOST_TABS = 120;

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
let charger: ScriptedCharger;

beforeAll(async () => {
  proxy = await startProxy({ demo: false });
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
  charger = await ScriptedCharger.open(proxy.port, "CP-KEYS", (action) =>
    action === "GetConfiguration"
      ? { configurationKey: [], unknownKey: [] }
      : { status: "Accepted" },
  );
  const status = { connectorId: 1, errorCode: "NoError", status: "Preparing" };
  await charger.ask("StatusNotification", status);
});

afterAll(async () => {
  charger.close();
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

function hasFocus(locator: Locator): Promise<boolean> {
  return locator
    .first()
    .evaluate((element) => element.matches(":focus, :focus-within"));
}

/** Press Tab until something has the focus, and see that each stop on the way can be seen. */
async function tabTo(page: Page, locator: Locator, key = "Tab"): Promise<void> {
  await locator.first().waitFor();
  for (let count = 0; count < MOST_TABS; count += 1) {
    if (await hasFocus(locator)) return;
    await page.keyboard.press(key);
    expect(await focusIsSeen(page)).toBe("");
  }
  throw new Error(`The keyboard does not reach ${locator.toString()}`);
}

/** Return what has the focus without showing it, and nothing when all is well. */
function focusIsSeen(page: Page): Promise<string> {
  return page.evaluate(() => {
    let focused = document.activeElement;
    const around: Element[] = [];
    while (focused !== null) {
      around.push(focused, focused.parentElement ?? focused);
      if (!focused.shadowRoot?.activeElement) break;
      focused = focused.shadowRoot.activeElement;
    }
    if (focused === null || focused === document.body) return "";
    // The browser marks the part of such a field that has the focus.
    if (focused.matches("[type=datetime-local]")) return "";
    const shows = around.some((element) => {
      const { outlineStyle, outlineWidth, boxShadow } =
        getComputedStyle(element);
      return (
        (outlineStyle !== "none" && outlineWidth !== "0px") ||
        boxShadow !== "none"
      );
    });
    return shows ? "" : focused.outerHTML;
  });
}

describe("the keyboard alone", () => {
  test(
    "leads from a charger to a command and its answer",
    { timeout: 120_000 },
    async () => {
      const visit = await Visit.open(browser, ingress.url, "desktop", "light");
      const { page } = visit;
      const press = (key: string): Promise<void> => page.keyboard.press(key);

      await tabTo(page, page.getByRole("link", { name: "CP-KEYS" }));
      await press("Enter");
      await tabTo(page, page.getByLabel("Each new session"));
      await page.keyboard.type("10");
      await press("Enter");
      await page.getByText("10 A, accepted by the charger.").waitFor();
      await visit.check("keyboard-limit");

      await tabTo(
        page,
        page.getByRole("link", { name: "Live", exact: true }),
        "Shift+Tab",
      );
      await press("Enter");
      const row = page
        .getByRole("article")
        .filter({ hasText: "SetChargingProfile" });
      await row.first().waitFor();
      for (
        let count = 0;
        count < MOST_TABS && !(await hasFocus(row));
        count += 1
      )
        await press("k");
      expect(await focusIsSeen(page)).toBe("");
      await press("Enter");
      await page.getByRole("tab", { name: "Tree" }).waitFor();
      await visit.check("keyboard-inspector");

      await press("c");
      await tabTo(
        page,
        page.getByRole("button", { name: "Send", exact: true }),
      );
      await press("Enter");
      await page
        .getByText(/^Accepted/)
        .first()
        .waitFor();
      await visit.check("keyboard-sent");
      await visit.close();
    },
  );

  test(
    "starts from the first field, and is on Cancel where something ends",
    { timeout: 60_000 },
    async () => {
      const visit = await Visit.open(
        browser,
        `${ingress.url}#/chargers/CP-KEYS`,
        "desktop",
        "light",
      );
      const { page } = visit;
      const dialog = page.getByRole("dialog");
      const start = page.getByRole("button", { name: "Start", exact: true });
      await tabTo(page, start);
      await page.keyboard.press("Enter");
      await expect.poll(() => hasFocus(page.getByLabel("Id tag"))).toBe(true);
      await tabTo(page, page.getByLabel("Limit in A (optional)"));
      await page.keyboard.type("10");
      await page.keyboard.press("Enter");
      await dialog.waitFor({ state: "hidden" });
      await page.getByText("The charger accepted.").first().waitFor();

      await page.getByRole("button", { name: "Appearance" }).press("Enter");
      const theme = page.getByRole("radio", { name: "As the device" });
      await expect.poll(() => hasFocus(theme)).toBe(true);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });

      const unlock = page.getByRole("button", { name: "Unlock" });
      await tabTo(page, unlock);
      await page.keyboard.press("Enter");
      const cancel = page.getByRole("button", { name: "Cancel" });
      await expect.poll(() => hasFocus(cancel)).toBe(true);
      await page.keyboard.press("Enter");
      await dialog.waitFor({ state: "hidden" });
      expect(await hasFocus(unlock)).toBe(true);
      await visit.close();
    },
  );

  test(
    "stays in a dialog, and is back where it was",
    { timeout: 60_000 },
    async () => {
      const visit = await Visit.open(
        browser,
        `${ingress.url}#/chargers/CP-KEYS`,
        "desktop",
        "dark",
      );
      const { page } = visit;
      const unlock = page.getByRole("button", { name: "Unlock" });
      await tabTo(page, unlock);
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("heading").waitFor();
      for (let count = 0; count < 12; count += 1) {
        await page.keyboard.press("Tab");
        expect(await focusIsSeen(page)).toBe("");
        expect(
          await hasFocus(page.getByRole("main").getByRole("link").first()),
        ).toBe(false);
        expect(await hasFocus(unlock)).toBe(false);
      }
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });

      expect(await hasFocus(unlock)).toBe(true);
      await visit.close();
    },
  );

  test(
    "stays in the row of a limit that is taken away",
    { timeout: 60_000 },
    async () => {
      const visit = await Visit.open(browser, ingress.url, "desktop", "light");
      const { page } = visit;
      const card = page.locator("oye-charger-card", { hasText: "CP-KEYS" });
      await card.getByRole("button", { name: "Limit" }).press("Enter");
      await page.getByLabel("Always at most").fill("12");
      const set = page.getByRole("button", { name: "Set Always at most" });
      await set.press("Enter");
      const clear = page.getByRole("button", { name: "Remove Always at most" });
      await clear.press("Enter");
      await clear.waitFor({ state: "detached" });

      expect(await hasFocus(set)).toBe(true);
      await visit.close();
    },
  );

  test(
    "stays where it was while a charger does not answer",
    { timeout: 60_000 },
    async () => {
      const silent = await ScriptedCharger.open(proxy.port, "CP-SILENT");
      const status = {
        connectorId: 1,
        errorCode: "NoError",
        status: "Preparing",
      };
      await silent.ask("StatusNotification", status);
      const visit = await Visit.open(browser, ingress.url, "desktop", "light");
      const { page } = visit;
      const card = page.locator("oye-charger-card", { hasText: "CP-SILENT" });
      const dialog = page.getByRole("dialog");
      const opener = card.getByRole("button", { name: "Limit" });
      await opener.press("Enter");
      const field = page.getByLabel("Always at most");
      await field.fill("10");
      await field.press("Enter");
      await page.getByText("Waiting for the charger").first().waitFor();
      expect(await hasFocus(field)).toBe(true);
      const set = page.getByRole("button", { name: "Set Always at most" });
      await set.press("Enter");
      expect(await hasFocus(set)).toBe(true);
      await visit.check("keyboard-waits");
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
      expect(await hasFocus(opener)).toBe(true);

      const start = card.getByRole("button", { name: "Start", exact: true });
      await start.press("Enter");
      const limit = page.getByLabel("Limit in A (optional)");
      await limit.filter({ visible: true }).press("Enter");
      await card.getByText("Waiting for the charger").waitFor();
      expect(await hasFocus(start)).toBe(true);
      silent.close();
      await visit.close();
    },
  );
});
