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
import { type Answer, ScriptedCharger } from "./scripted-charger.ts";
import { everyView, ofCharger, open } from "./tour.ts";

const MARKUP = `"><img src=x onerror=alert(1)>`;
const DIRECTIONS = "CP\u202egnp.1";
/** What anyone on the LAN may call a charger. */
const NAMES = [
  MARKUP,
  "<script>alert(2)</script>",
  DIRECTIONS,
  "__proto__",
  "../..",
  "⚡".repeat(48),
  "javascript:alert(3)",
  "a'b\"c`${d}",
];
const CONTROL = "a\u0000\u0007\u001b[31m\u200b\u2066z";
const LEVELS = 10_000;
const DIGITS = "123456789012345678901234567890";

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
const chargers: ScriptedCharger[] = [];

beforeAll(async () => {
  proxy = await startProxy({ demo: false });
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
  for (const name of NAMES) {
    const charger = await ScriptedCharger.open(
      proxy.port,
      name,
      answerWith(name),
    );
    chargers.push(charger);
    await tellEverything(charger, name);
  }
});

afterAll(async () => {
  for (const charger of chargers) charger.close();
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

function answerWith(text: string): (action: string) => Answer {
  return (action) => {
    if (action !== "GetConfiguration") return text;
    const configurationKey = [text, CONTROL].map((value, number) => ({
      key: `${value}-${number}`,
      readonly: number === 0,
      value,
    }));
    return { configurationKey, unknownKey: [text] };
  };
}

/** Say what a charger says, with the text wherever a charger is free to write one. */
async function tellEverything(
  charger: ScriptedCharger,
  text: string,
): Promise<void> {
  const timestamp = new Date().toISOString();
  await charger.ask("StatusNotification", {
    connectorId: 1,
    errorCode: text,
    status: text,
    info: text,
    vendorErrorCode: CONTROL,
  });
  await charger.ask("StartTransaction", {
    connectorId: 1,
    idTag: text,
    meterStart: 1,
    timestamp,
  });
  const sampledValue = [
    { value: text, measurand: text, unit: text, phase: text },
    { value: "7000", measurand: "Power.Active.Import", unit: "W" },
  ];
  await charger.ask("MeterValues", {
    connectorId: 1,
    meterValue: [{ timestamp, sampledValue }],
  });
  await charger.ask("DataTransfer", {
    vendorId: text,
    messageId: CONTROL,
    data: text,
  });
  charger.call("DataTransfer", {
    vendorId: text,
    data: "x".repeat(1024 * 1024),
  });
  const deep = "[".repeat(LEVELS) + "]".repeat(LEVELS);
  charger.say(`[2,"deep","DataTransfer",{"vendorId":"deep","data":${deep}}]`);
  charger.say(
    `[2,"big","DataTransfer",{"vendorId":"v","data":"d","number":${DIGITS}}]`,
  );
  charger.say(`no JSON at all ${text}`);
  await charger.ask("Heartbeat", {});
}

function visitAt(hash: string, size: Size, theme: Theme): Promise<Visit> {
  return Visit.open(browser, `${ingress.url}${hash}`, size, theme);
}

/** Take every exchange of a filtered stream apart, in each way. */
async function takeApart(page: Page): Promise<void> {
  const rows = page.getByRole("article");
  await expect.poll(() => rows.count()).toBeGreaterThan(6);
  const count = await rows.count();
  for (let index = 0; index < count; index += 1) {
    await rows.nth(index).click();
    for (const tab of ["Raw", "Timing", "Related", "Diff", "Tree"]) {
      await page.getByRole("tab", { name: tab }).click();
    }
  }
}

describe("what strangers say", () => {
  test.each(MATRIX)(
    "is text in a list of chargers, %s, %s",
    async (size, theme) => {
      const visit = await visitAt("", size, theme);
      const { page } = visit;
      await page
        .getByRole("article")
        .nth(NAMES.length - 1)
        .waitFor();

      expect(
        await page.getByText(MARKUP, { exact: true }).count(),
      ).toBeGreaterThan(0);
      expect(await page.getByText("U+202E").count()).toBeGreaterThan(0);
      await visit.check("hostile");
      await visit.close();
    },
  );

  test.each(MATRIX)(
    "is text in every view, %s, %s",
    { timeout: 180_000 },
    async (size, theme) => {
      const visit = await visitAt("", size, theme);
      for (const stop of await everyView(proxy, MARKUP)) {
        await open(visit.page, stop);
        await visit.check(`hostile-${stop.name}`);
      }
      await visit.close();
    },
  );

  test(
    "is text whatever a charger is called",
    { timeout: 180_000 },
    async () => {
      const visit = await visitAt("", "phone", "light");
      for (const name of NAMES) {
        for (const stop of ofCharger(name)) {
          await open(visit.page, stop);
          await visit.checkQuickly(
            `hostile-${NAMES.indexOf(name)}-${stop.name}`,
          );
        }
        const shown = visit.page.getByRole("main");
        expect(await shown.textContent()).not.toContain("undefined");
      }
      await visit.close();
    },
  );

  test("is text in the inspector", { timeout: 180_000 }, async () => {
    const visit = await visitAt("", "desktop", "light");
    for (const name of [MARKUP, DIRECTIONS]) {
      const stop = ofCharger(name).find(({ view }) => view === "live");
      if (stop === undefined) throw new Error("There is no such view");
      await open(visit.page, stop);
      await takeApart(visit.page);
      await visit.check("hostile-inspector");
    }
    await visit.close();
  });
});
