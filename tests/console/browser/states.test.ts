import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MATRIX, startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startCharger, startProxy } from "./proxy.ts";

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

describe("the console", () => {
  test.each(MATRIX)(
    "says how the first charger comes, %s, %s",
    async (size, theme) => {
      const visit = await Visit.open(browser, ingress.url, size, theme);
      await visit.page
        .getByRole("heading", { name: "Waiting for the first connection" })
        .waitFor();

      await visit.check("empty");
      await visit.close();
    },
  );

  test("shows a charger that comes while it is looked at", async () => {
    const visit = await Visit.open(browser, ingress.url, "phone", "light");
    await visit.page.getByText("Waiting for the first connection").waitFor();
    const stop = startCharger(proxy, "CP-NEW");
    await visit.page
      .getByRole("article", { name: "CP-NEW" })
      .getByText("Online")
      .waitFor();
    await stop();
    await visit.page
      .getByRole("article", { name: "CP-NEW" })
      .getByText("Offline")
      .waitFor();

    await visit.close();
  });

  test("keeps what it shows while the server is away, and comes back by itself", async () => {
    const visit = await Visit.open(browser, ingress.url, "desktop", "dark");
    const article = visit.page.getByRole("article", { name: "CP-NEW" });
    await article.waitFor();
    await proxy.restart(async () => {
      await visit.page
        .getByRole("navigation")
        .getByText("Reconnecting")
        .waitFor();

      expect(await article.count()).toBe(1);
      await visit.photograph("away");
    });
    await visit.page
      .getByRole("navigation")
      .getByText("Live", { exact: true })
      .waitFor();

    visit.expectFaults(/WebSocket connection|status of 502/);
    await visit.close();
  });

  test("loads a view again when asked, without losing the page", async () => {
    const visit = await Visit.open(browser, ingress.url, "phone", "light");
    const { page } = visit;
    await page.getByRole("article", { name: "CP-NEW" }).waitFor();
    await page.evaluate(() => {
      document.body.dataset.kept = "";
    });
    const code = /assets\/transactions-[^/]+\.js$/;
    await page.route(code, (route) => route.abort());
    await page.getByRole("link", { name: "Transactions" }).click();
    await page.getByText("This page could not be loaded.").waitFor();
    visit.expectFaults(/ERR_FAILED/);
    await visit.check("view-failed");
    await page.unroute(code);
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByRole("heading", { name: "Transactions" }).waitFor();

    expect(await page.locator("body[data-kept]").count()).toBe(1);
    await visit.close();
  });

  test("loads the whole page again when a view stays away, as after an update", async () => {
    const visit = await Visit.open(browser, ingress.url, "phone", "light");
    const { page } = visit;
    await page.getByRole("article", { name: "CP-NEW" }).waitFor();
    const code = /assets\/transactions-[^/]+\.js$/;
    await page.route(code, (route) => route.fulfill({ status: 404 }));
    await page.getByRole("link", { name: "Transactions" }).click();
    const retry = page.getByRole("button", { name: "Retry" });
    await retry.waitFor();
    const loaded = page.waitForEvent("load");
    await retry.click();
    await loaded;
    await page.unroute(code);
    await page.reload();
    await page.getByRole("heading", { name: "Transactions" }).waitFor();

    visit.expectFaults(/status of 404/);
    await visit.close();
  });

  test("can be set to another theme and language by keyboard, and keeps them", async () => {
    const visit = await Visit.open(browser, ingress.url, "desktop", "light");
    await visit.page
      .getByRole("button", { name: "Appearance and language" })
      .press("Enter");
    await visit.page.getByRole("radio", { name: "Dark" }).press("Space");
    await visit.check("preferences");
    await visit.page.keyboard.press("Escape");
    await visit.page.reload();
    await visit.page.getByRole("heading", { name: "Chargers" }).waitFor();

    expect(await visit.page.locator("html.wa-dark").count()).toBe(1);
    await visit.close();
  });
});
