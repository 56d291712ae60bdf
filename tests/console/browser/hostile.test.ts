import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import RawCharger from "./raw-charger.ts";
import { MATRIX, startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startProxy } from "./proxy.ts";

/** What anyone on the LAN may call a charger. */
const NAMES = [
  `"><img src=x onerror=alert(1)>`,
  "<script>alert(2)</script>",
  "CP\u202egnp.1",
  "__proto__",
  "../..",
  "⚡".repeat(48),
  "javascript:alert(3)",
  "a'b\"c`${d}",
];

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
const chargers: RawCharger[] = [];

beforeAll(async () => {
  proxy = await startProxy({ demo: false });
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
  for (const name of NAMES)
    chargers.push(await RawCharger.open(proxy.port, name));
});

afterAll(async () => {
  for (const charger of chargers) charger.close();
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

describe("chargers with hostile names", () => {
  test.each(MATRIX)("are text, %s, %s", async (size, theme) => {
    const visit = await Visit.open(browser, ingress.url, size, theme);
    await visit.page
      .getByRole("article")
      .nth(NAMES.length - 1)
      .waitFor();

    expect(
      await visit.page.getByText(NAMES[0] ?? "", { exact: true }).count(),
    ).toBe(1);
    expect(await visit.page.getByText("U+202E").count()).toBeGreaterThan(0);
    await visit.check("hostile");
    await visit.close();
  });
});
