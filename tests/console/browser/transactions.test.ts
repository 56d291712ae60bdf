import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MATRIX, startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startCharger, startProxy } from "./proxy.ts";
import { callApi } from "./public.ts";

interface Listed {
  readonly transactions: readonly {
    readonly id: number;
    readonly chargePointId: string;
    readonly energyWh: number;
  }[];
}

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
let stopCharger: () => Promise<void>;

beforeAll(async () => {
  browser = await startBrowser();
  proxy = await startProxy({ demo: false });
  ingress = await startIngress(proxy.ingressSocket);
  await callApi(proxy, "POST", "api/config", { autoChargeEnabled: true });
  stopCharger = startCharger(proxy, "CP-FAST", [
    "--plug-in",
    "--interval",
    "1",
    "--speed",
    "60",
  ]);
  await charged();
});

afterAll(async () => {
  await browser.close();
  await stopCharger();
  await ingress.stop();
  await proxy.stop();
});

// Until there is a curve to draw; a start that comes too early is refused, and asked for again.
async function charged(): Promise<number> {
  for (let turn = 0; ; turn += 1) {
    const { transactions } = (await callApi(
      proxy,
      "GET",
      "api/transactions",
    )) as Listed;
    const found = transactions.find(({ energyWh }) => energyWh > 100);
    if (found !== undefined) return found.id;
    if (transactions.length === 0 && turn % 25 === 10) {
      const path = "api/chargers/CP-FAST/start";
      const body = { connectorId: 1, idTag: "MY-TAG" };
      await callApi(proxy, "POST", path, body).catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe("the transactions", () => {
  test.each(MATRIX)("are listed and added up, %s, %s", async (size, theme) => {
    const url = `${ingress.url}#/transactions`;
    const visit = await Visit.open(browser, url, size, theme);
    const row = visit.page.getByRole("row").filter({ hasText: "CP-FAST" });
    await row.first().waitFor();
    await visit.page.getByRole("img", { name: /\d transaction/ }).waitFor();

    await visit.check("transactions");
    await visit.close();
  });

  test.each(MATRIX)("show their curves, %s, %s", async (size, theme) => {
    const id = await charged();
    const url = `${ingress.url}#/transactions/${id}`;
    const visit = await Visit.open(browser, url, size, theme);
    await visit.page.locator("canvas").first().waitFor();
    await visit.page.getByText(/^Power: .* to .*, last /).waitFor();

    await visit.check("transaction");
    await visit.close();
  });

  test("lead from a curve and from their start to Live", async () => {
    const id = await charged();
    const url = `${ingress.url}#/transactions/${id}`;
    const visit = await Visit.open(browser, url, "desktop", "light");
    await visit.page.getByRole("link", { name: "Start in Live" }).click();
    await visit.page.waitForURL(/#\/live\?q=charger%3ACP-FAST\+since%3A/);
    await visit.page.goBack();
    await visit.page.locator(".u-over").first().click();
    await visit.page.waitForURL(/#\/live\?q=charger%3ACP-FAST\+since%3A/);
    await visit.close();
  });

  test("are filtered; a tag is no part of the address", async () => {
    const url = `${ingress.url}#/transactions`;
    const visit = await Visit.open(browser, url, "desktop", "light");
    await visit.page
      .getByRole("link", { name: /20\d\d/ })
      .first()
      .waitFor();
    await visit.page.getByLabel("Id tag", { exact: true }).fill("NOBODY");
    await visit.page.getByLabel("Id tag", { exact: true }).press("Tab");
    await visit.page.getByText("No transaction matches.").waitFor();
    expect(visit.page.url()).not.toContain("NOBODY");

    await visit.page.getByRole("button", { name: "Show all" }).click();
    await visit.page
      .getByRole("link", { name: /20\d\d/ })
      .first()
      .waitFor();
    await visit.page.getByLabel("Added up by").selectOption("month");
    await visit.page.waitForURL(/by=month/);
    const download = visit.page.waitForEvent("download");
    await visit.page.getByRole("button", { name: "Export as CSV" }).click();
    expect((await download).suggestedFilename()).toBe("transactions.csv");
    await visit.close();
  });

  test("say what is missing when there is none of that number", async () => {
    const url = `${ingress.url}#/transactions/999999`;
    const visit = await Visit.open(browser, url, "phone", "light");
    await visit.page.getByRole("alert").waitFor();

    visit.expectFaults(/status of 404/);
    await visit.check("transaction-missing");
    await visit.close();
  });
});
