import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, test } from "vitest";
import { MATRIX, startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startProxy } from "./proxy.ts";

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;

beforeAll(async () => {
  proxy = await startProxy();
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
});

afterAll(async () => {
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

describe("the stream", () => {
  test.each(MATRIX)("shows what passes, %s, %s", async (size, theme) => {
    const visit = await Visit.open(browser, `${ingress.url}#/live`, size, theme);
    await visit.page.getByRole("article").filter({ hasText: "BootNotification" }).first().waitFor();
    await visit.check("live");

    await visit.page.getByRole("article").filter({ hasText: "StatusNotification" }).first().click();
    await visit.page.getByRole("tab", { name: "Tree" }).waitFor();
    await visit.check("inspector");
    await visit.close();
  });
});
