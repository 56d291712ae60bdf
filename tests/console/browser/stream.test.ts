import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startProxy } from "./proxy.ts";
import { ScriptedCharger } from "./scripted-charger.ts";

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

test("a connection that is given up before it stands is closed without a complaint", async () => {
  const visit = await Visit.open(browser, ingress.url, "desktop", "light");
  const { page } = visit;
  const live = page.getByText("Live", { exact: true }).filter({
    visible: true,
  });
  await live.first().waitFor();
  ingress.hold();
  await visit.say("offline");
  const dialled = page.waitForEvent("websocket");
  await visit.say("online");
  const givenUp = await dialled;
  await visit.say("offline");
  const closed = givenUp.waitForEvent("close");
  ingress.release();
  await closed;
  await visit.say("online");
  await live.first().waitFor();

  expect(visit.faults).toEqual([]);
  await visit.close();
});

test("an exchange that could not be read is read again when the connection is back", async () => {
  const charger = await ScriptedCharger.open(proxy.port, "CP-1");
  await charger.ask("Heartbeat", {});
  const visit = await Visit.open(
    browser,
    `${ingress.url}#/live`,
    "desktop",
    "light",
  );
  const { page } = visit;
  const one = /api\/exchanges\/\d+$/;
  await page.route(one, (route) => route.abort());
  await page.getByRole("article").first().click();
  await page.getByText("The server cannot be reached.").waitFor();
  visit.expectFaults(/ERR_FAILED/);
  await page.unroute(one);
  await visit.say("offline");
  await visit.say("online");
  await page.getByRole("tab", { name: "Tree" }).waitFor();

  expect(await page.getByText("The server cannot be reached.").count()).toBe(0);
  charger.close();
  await visit.close();
});
