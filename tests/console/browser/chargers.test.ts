import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MATRIX, startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startProxy } from "./proxy.ts";

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
let root: Ingress;

beforeAll(async () => {
  proxy = await startProxy();
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
  root = await startIngress(proxy.ingressSocket, "");
});

afterAll(async () => {
  await browser.close();
  await Promise.all([ingress.stop(), root.stop()]);
  await proxy.stop();
});

describe("the chargers", () => {
  test.each(MATRIX)("show the demo's chargers, %s, %s", async (size, theme) => {
    const visit = await Visit.open(browser, ingress.url, size, theme);
    await visit.page.getByRole("article", { name: "DEMO-16" }).waitFor();
    await visit.page
      .getByRole("article", { name: "DEMO-201" })
      .getByText("Online")
      .waitFor();
    await visit.page.getByText("2 online").waitFor();

    await visit.check("chargers");
    await visit.close();
  });

  test("are filtered by what is typed, and the filter is in the address", async () => {
    const visit = await Visit.open(browser, root.url, "desktop", "light");
    await visit.page
      .getByRole("searchbox", { name: "Filter chargers" })
      .fill("201");
    await visit.page
      .getByRole("article", { name: "DEMO-16" })
      .waitFor({ state: "detached" });

    expect(await visit.page.getByRole("article").count()).toBe(1);
    expect(visit.page.url()).toBe(`${root.url}#/chargers?q=201`);
    await visit.close();
  });
});
