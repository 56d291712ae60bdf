import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MATRIX, startBrowser, Visit } from "./browser.ts";
import { type Ingress, startBearer } from "./ingress.ts";
import { type Proxy, startProxy } from "./proxy.ts";
import { callApi } from "./public.ts";
import { ScriptedCharger } from "./scripted-charger.ts";

let proxy: Proxy;
let browser: Browser;
let front: Ingress;
let charger: ScriptedCharger;
const heard: string[] = [];

beforeAll(async () => {
  proxy = await startProxy({ demo: false, ingress: false });
  browser = await startBrowser();
  const made = await callApi(proxy, "POST", "api/tokens", {
    name: "Reader",
    scope: "read",
  });
  front = await startBearer(proxy.port, (made as { token: string }).token);
  charger = await ScriptedCharger.open(proxy.port, "CP-1", (action) => {
    heard.push(action);
    return { status: "Accepted" };
  });
  const status = { connectorId: 1, errorCode: "NoError", status: "Preparing" };
  await charger.ask("StatusNotification", status);
  await callApi(proxy, "POST", "api/inject/CP-1?wait=5", {
    action: "TriggerMessage",
    payload: { requestedMessage: "Heartbeat" },
  });
});

afterAll(async () => {
  charger.close();
  await browser.close();
  await front.stop();
  await proxy.stop();
});

describe("who may only read", () => {
  test.each(MATRIX)(
    "sees a charger and its stream, no payload and nothing to send, %s, %s",
    async (size, theme) => {
      const visit = await Visit.open(
        browser,
        `${front.url}#/chargers`,
        size,
        theme,
      );
      const { page } = visit;
      await page.getByRole("link", { name: "CP-1" }).first().click();
      await page.getByRole("heading", { name: "Smart charging" }).waitFor();

      for (const name of [
        "Start",
        "Stop",
        "Unlock",
        "Set",
        "Refresh status",
        "Restart",
      ])
        expect(
          await page.getByRole("button", { name, exact: true }).count(),
          name,
        ).toBe(0);
      expect(await page.getByRole("link", { name: /compos/i }).count()).toBe(0);
      await visit.check("reader-charger");

      await page.goto(`${front.url}#/live`);
      await page
        .getByRole("article")
        .filter({ hasText: "TriggerMessage" })
        .first()
        .click();
      // Payloads hold tags and secrets: they are for those who may command.
      await page.getByText("Seeing them needs the right to command.").waitFor();
      expect(await page.getByRole("button", { name: "Retry" }).count()).toBe(0);
      expect(await page.getByRole("link", { name: /compos/i }).count()).toBe(0);
      await visit.check("reader-live");
      await visit.close();
    },
  );

  test("may look at a form, which says that it cannot be sent", async () => {
    const visit = await Visit.open(
      browser,
      `${front.url}#/compose/CP-1/Reset`,
      "desktop",
      "light",
    );
    const { page } = visit;
    await page.getByLabel("type *").selectOption("Soft");

    const send = page.getByRole("button", { name: "Send", exact: true });
    await page.getByText("You are not allowed to do this.").waitFor();
    expect(await send.isDisabled()).toBe(true);
    expect(await page.locator("oye-quick-actions").count()).toBe(0);
    await visit.check("reader-composer");
    await visit.close();
  });

  test("is refused by the server, whatever the page would offer", async () => {
    const visit = await Visit.open(browser, front.url, "desktop", "light");
    const before = heard.length;
    const answers = await visit.page.evaluate(async () => {
      const asked = [
        [
          "api/inject/CP-1",
          { action: "Reset", payload: { type: "Soft" }, confirm: true },
        ],
        ["api/chargers/CP-1/start", { idTag: "TAG" }],
        ["api/chargers/CP-1/limit", { limitA: 10, scope: "maximum" }],
        ["api/chargers/CP-1/schedule", { periods: [{ start: 0, limit: 10 }] }],
      ] as const;
      const found: unknown[] = [];
      for (const [path, body] of asked) {
        const answer = await fetch(path, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-OYE-Console": "1" },
          body: JSON.stringify(body),
        });
        found.push([
          answer.status,
          ((await answer.json()) as { code: string }).code,
        ]);
      }
      return found;
    });

    expect(answers).toEqual(
      Array.from({ length: 4 }, () => [403, "not_permitted"]),
    );
    expect(heard.length).toBe(before);
    visit.expectFaults(/status of 403/);
    await visit.close();
  });
});
