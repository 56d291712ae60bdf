import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MATRIX, startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startCharger, startProxy } from "./proxy.ts";
import { callApi } from "./public.ts";
import { ScriptedCharger } from "./scripted-charger.ts";

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

  test("keep a curve as CSV", async () => {
    const id = await charged();
    const url = `${ingress.url}#/transactions/${id}`;
    const visit = await Visit.open(browser, url, "phone", "light");
    const download = visit.page.waitForEvent("download");
    await visit.page.getByRole("button", { name: "Export as CSV" }).click();
    const file = await download;
    const text = await readFile(await file.path(), "utf8");

    expect(file.suggestedFilename()).toBe(`transaction-${id}.csv`);
    expect(text).toMatch(/^time,measurand,phase,value,unit,limit,location\r\n/);
    expect(text).toMatch(/Z,Power\.Active\.Import,,\d+\.\d+,W,/);
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

  test("are read on while one scrolls, page after page", async () => {
    const path = { charger: "CP-MANY" };
    const many = await ScriptedCharger.open(proxy.port, path.charger);
    for (let number = 0; number < 230; number += 1) {
      const timestamp = new Date(Date.now() - 1e7 + number * 1e4).toISOString();
      const start = { connectorId: 1, idTag: "MY-TAG", meterStart: 0 };
      await many.ask("StartTransaction", { ...start, timestamp });
    }
    const url = `${ingress.url}#/transactions?charger=${path.charger}`;
    const visit = await Visit.open(browser, url, "desktop", "light");
    const rows = visit.page.locator("tbody tr:has(a)");
    await rows.nth(199).waitFor();
    await rows.nth(199).scrollIntoViewIfNeeded();
    await visit.page.locator("main").press("End");
    await rows.nth(229).waitFor();

    expect(await rows.count()).toBe(230);
    const times = await rows
      .locator("a")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    expect(new Set(times).size).toBe(230);
    await visit.page.locator(".more").waitFor({ state: "detached" });
    many.close();
    await visit.close();
  });

  test("show limit, voltage and state of charge with one cursor", async () => {
    const id = await charged();
    const limit = { limitA: 7, connectorId: 1 };
    await callApi(proxy, "POST", "api/chargers/CP-FAST/limit", limit);
    const url = `${ingress.url}#/transactions/${id}`;
    for (;;) {
      const { samples } = (await callApi(
        proxy,
        "GET",
        `api/transactions/${id}`,
      )) as { samples: { measurand: string; value: number }[] };
      const limits = samples.filter(
        (one) => one.measurand === "Limit.Effective",
      );
      if (limits.some(({ value }) => value === 7)) break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    for (const [size, theme] of MATRIX) {
      const visit = await Visit.open(browser, url, size, theme);
      await visit.page.getByText(/^Limit: (.* last )?7 A$/).waitFor();
      for (const name of ["Power", "Current", "Voltage", "State of charge"])
        await visit.page.getByRole("heading", { name, exact: true }).waitFor();
      await visit.page.locator(".u-over").first().hover();
      const readings = visit.page.locator(".reading");
      await readings.filter({ hasText: "Voltage" }).first().waitFor();
      await readings.filter({ hasText: "Limit 7 A" }).waitFor();
      await visit.check("transaction-limit");
      await visit.close();
    }
  });

  test("say what is missing when there is none of that number", async () => {
    const url = `${ingress.url}#/transactions/999999`;
    const visit = await Visit.open(browser, url, "phone", "light");
    const alert = visit.page.getByRole("alert");
    await alert.waitFor();
    await visit.page.getByText("There is no transaction with this").waitFor();

    expect(await alert.getByRole("button").count()).toBe(0);
    visit.expectFaults(/status of 404/);
    await visit.check("transaction-missing");
    await visit.close();
  });
});
