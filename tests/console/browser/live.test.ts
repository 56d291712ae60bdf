import { readFileSync } from "node:fs";
import type { Browser, Locator, Page } from "playwright-core";
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
import { ScriptedCharger } from "./scripted-charger.ts";

const HOSTILE = `<script>alert(1)</script>`;
/** What is in the page at once, whatever was received. */
const MOST_ROWS = 100;
/** The ring, and a page of storage before it. */
const MOST_KEPT = 5_200;

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
let charger: ScriptedCharger;

beforeAll(async () => {
  proxy = await startProxy();
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
  charger = await ScriptedCharger.open(proxy.port, "CP-LIVE");
  await status(1);
});

afterAll(async () => {
  charger.close();
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

async function open(
  query: string,
  size: Size = "desktop",
  theme: Theme = "light",
): Promise<Visit> {
  const url = `${ingress.url}#/live${query}`;
  const visit = await Visit.open(browser, url, size, theme);
  visit.page.setDefaultTimeout(10_000);
  return visit;
}

function rows(page: Page, text = ""): Locator {
  return page.getByRole("article").filter({ hasText: text });
}

function status(
  connectorId: number,
  from: ScriptedCharger = charger,
): Promise<void> {
  return from.ask("StatusNotification", {
    connectorId,
    errorCode: "NoError",
    status: "Available",
  });
}

function marks(found: Locator): Promise<(string | undefined)[]> {
  return found.evaluateAll((elements) =>
    elements.map((element) => (element as HTMLElement).dataset.code),
  );
}

async function kept(page: Page): Promise<number> {
  const size = await rows(page).first().getAttribute("aria-setsize");
  return Number(size);
}

describe("the stream", () => {
  test.each(MATRIX)(
    "shows what passes and takes it apart, %s, %s",
    async (size, theme) => {
      const visit = await open("", size, theme);
      const { page } = visit;
      await rows(page).first().waitFor();
      await visit.check("live");

      // What passes meanwhile pushes others out of sight.
      await page
        .getByRole("searchbox", { name: "Filter" })
        .fill("charger:CP-LIVE");
      await rows(page, "StatusNotification").first().click();
      for (const tab of ["Raw", "Timing", "Related", "Diff", "Tree"]) {
        await page.getByRole("tab", { name: tab }).click();
        await visit.check(`inspector-${tab.toLowerCase()}`);
      }
      await page.getByRole("button", { name: "Close" }).last().click();
      await page.getByRole("tab").first().waitFor({ state: "detached" });

      await page.waitForURL(`${ingress.url}#/live?q=charger%3ACP-LIVE`);
      await visit.close();
    },
  );

  test("is filtered by what the address says, and by chips", async () => {
    const visit = await open(
      "?q=charger%3ACP-LIVE%20action%3ABootNotification",
    );
    const { page } = visit;
    await rows(page, "BootNotification").waitFor();

    expect(await rows(page, "StatusNotification").count()).toBe(0);
    await page
      .getByRole("button", { name: /^Remove from the filter: action/ })
      .click();
    await rows(page, "StatusNotification").first().waitFor();
    await page.getByRole("button", { name: "Malformed" }).click();
    await page.getByText("Nothing matches.").waitFor();
    expect(page.url()).toContain("q=charger%3ACP-LIVE+is%3Amalformed");
    await visit.check("live-nothing");
    await page.getByRole("button", { name: "Clear filter" }).click();
    await rows(page, "DEMO-16").first().waitFor();
    await visit.close();
  });

  test("points at the place in a filter that the server does not understand", async () => {
    const visit = await open("");
    const { page } = visit;
    await page
      .getByRole("searchbox", { name: "Filter" })
      .fill("charger:CP-LIVE is:purple");
    await page.getByText(/^At character 17: /).waitFor();
    visit.expectFaults(/status of 400/);

    expect(await page.locator("mark").textContent()).toBe("is:purple");
    await visit.check("live-refused");
    await visit.close();
  });

  test("hides heartbeats until they are asked for", async () => {
    const visit = await open("?q=charger%3ACP-LIVE");
    const { page } = visit;
    charger.call("Heartbeat", {});
    await rows(page, "BootNotification").first().waitFor();
    await page.getByRole("button", { name: "Heartbeats hidden" }).click();
    await rows(page, "Heartbeat").first().waitFor();

    expect(page.url()).toContain("hb=1");
    await visit.close();
  });

  test("reads on into storage as one scrolls up", async () => {
    for (let number = 0; number < 500; number += 1) await status(number % 4);
    const visit = await open("?q=charger%3ACP-LIVE");
    const { page } = visit;
    await rows(page).first().waitFor();
    const feed = page.getByRole("feed");
    await expect
      .poll(
        async () => {
          await feed.evaluate((element) => {
            element.scrollTop = 0;
          });
          return kept(page);
        },
        { timeout: 15_000, interval: 300 },
      )
      .toBeGreaterThan(500);
    await rows(page, "BootNotification").first().waitFor();

    expect(await rows(page).count()).toBeLessThan(MOST_ROWS);
    await visit.close();
  });

  test("finds the row that a pasted link names, far behind what is loaded", async () => {
    await charger.ask("DataTransfer", { vendorId: "needle" });
    for (let number = 0; number < 500; number += 1) await status(number % 4);
    const found = await open("?q=charger%3ACP-LIVE%20needle");
    await rows(found.page, "DataTransfer").click();
    await found.page.getByRole("tab", { name: "Tree" }).waitFor();
    const at = new URL(found.page.url()).hash.split("at=")[1] ?? "";
    await found.close();

    const visit = await open(`?q=charger%3ACP-LIVE&at=${at}`);
    const { page } = visit;
    const row = rows(page, "DataTransfer");
    await row.waitFor();
    await expect.poll(() => row.getAttribute("aria-current")).toBe("true");
    await expect
      .poll(() =>
        row.evaluate((one) => {
          const box = one.getBoundingClientRect();
          return box.top > 0 && box.bottom < window.innerHeight;
        }),
      )
      .toBe(true);
    await visit.check("live-pasted");
    await page.getByRole("feed").focus();
    await expect
      .poll(
        async () => {
          await page.keyboard.press("PageDown");
          return page.getByText("left out").count();
        },
        { timeout: 10_000, interval: 300 },
      )
      .toBe(1);
    await visit.photograph("live-left-out");
    await page.getByRole("button", { name: "Load from storage" }).click();
    await page.getByText("loaded from storage").waitFor();

    await expect.poll(() => kept(page)).toBeGreaterThan(500);
    await visit.close();
  });

  test("highlights without hiding, and shows a time range of one's own", async () => {
    await status(21);
    await status(22);
    const visit = await open("?q=charger%3ACP-LIVE");
    const { page } = visit;
    await rows(page, "#22").last().waitFor();
    await page.getByRole("searchbox", { name: "Highlight" }).fill("#21");
    await rows(page, "#21").last().and(page.locator(".marked")).waitFor();

    expect(await rows(page, "#22").last().getAttribute("class")).toBe("");
    await visit.check("live-highlight");
    await page
      .getByRole("combobox", { name: "Time range" })
      .selectOption("Own range");
    await page.getByLabel("From", { exact: true }).fill("2001-01-01T00:00");
    await page.getByLabel("Until").fill("2001-01-02T00:00");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("Nothing matches.").waitFor();

    expect(decodeURIComponent(page.url())).toContain(
      "since:2000-12-31T23:00:00",
    );
    await visit.check("live-range");
    await visit.close();
  });

  test("is narrowed to a time range on a phone, again and again", async () => {
    const visit = await open("?q=charger%3ACP-LIVE", "phone");
    const { page } = visit;
    await page.getByRole("button", { name: "Filters" }).click();
    const range = page.getByRole("combobox", { name: "Time range" });
    await range.selectOption({ value: "own" });
    const dialog = page.getByRole("dialog", { name: "Own range" });
    await dialog.waitFor();
    await page.getByLabel("From", { exact: true }).fill("2001-01-01T00:00");
    await visit.check("live-range-dialog");
    await page.getByRole("button", { name: "Apply" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.waitForURL(/since/);
    await range.selectOption({ value: "own" });
    await dialog.getByRole("button", { name: "Close" }).click();
    await dialog.waitFor({ state: "detached" });

    expect(await range.inputValue()).toBe("set");
    await visit.close();
  });

  test("holds still while something is inspected", async () => {
    const visit = await open("?q=charger%3ACP-LIVE");
    const { page } = visit;
    await status(31);
    await rows(page, "#31").last().click();
    await page.getByRole("tab", { name: "Tree" }).waitFor();
    await status(32);
    await page.getByRole("button", { name: /\d new/ }).waitFor();

    expect(await rows(page, "#32").count()).toBe(0);
    await visit.close();
  });

  test("is saved as a file: what is loaded, or all that matches", async () => {
    const visit = await open("?q=charger%3ACP-LIVE");
    const { page } = visit;
    await rows(page).first().waitFor();
    const loaded = await kept(page);
    const saved = async (): Promise<string> => {
      const downloading = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save the file" }).click();
      return readFileSync(await (await downloading).path(), "utf8");
    };
    await page.getByRole("button", { name: "Export" }).click();
    await visit.check("live-export");
    const csv = await saved();

    expect(csv.split("\n")[0]).toContain("time,charger,from,to,action");
    expect(csv.trim().split("\n")).toHaveLength(loaded + 1);
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByText("All stored that match").click();
    await page.getByText("JSON", { exact: true }).click();
    const all = JSON.parse(await saved()) as { chargePointId: string }[];

    expect(all.length).toBeGreaterThan(loaded);
    expect(new Set(all.map(({ chargePointId }) => chargePointId))).toEqual(
      new Set(["CP-LIVE"]),
    );
    await visit.close();
  });

  test("stands still when it is held, and counts what is new", async () => {
    const visit = await open("?q=charger%3ACP-LIVE");
    const { page } = visit;
    await rows(page).first().waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    const before = await kept(page);
    for (let number = 0; number < 7; number += 1) await status(9);
    await page.getByRole("button", { name: "7 new" }).waitFor();

    expect(await kept(page)).toBe(before);
    await visit.check("live-paused");
    await page.getByRole("button", { name: "7 new" }).click();
    await expect.poll(() => kept(page)).toBe(before + 7);
    await visit.close();
  });

  test("is worked by the keyboard alone", async () => {
    const visit = await open("?q=charger%3ACP-LIVE");
    const { page } = visit;
    await rows(page).first().waitFor();
    const press = (key: string): Promise<void> => page.keyboard.press(key);
    await press("j");
    await press("k");
    await press("k");
    await press("Enter");
    await page.getByRole("tab", { name: "Tree" }).waitFor();
    await press("Escape");
    await page.getByRole("tab").first().waitFor({ state: "detached" });
    await press("?");
    await page.getByRole("heading", { name: "Keys" }).waitFor();
    await visit.check("live-keys");
    await press("Escape");
    await press("/");

    expect(
      await page
        .getByRole("searchbox", { name: "Filter" })
        .evaluate((field) => field.matches(":focus")),
    ).toBe(true);
    await visit.close();
  });

  test.each(MATRIX)(
    "shows hostile payloads as text, %s, %s",
    async (size, theme) => {
      const stranger = await ScriptedCharger.open(proxy.port, HOSTILE);
      const transfer = (data: string): void => {
        stranger.call("DataTransfer", { vendorId: HOSTILE, data });
      };
      transfer("a\u202egnp.exe\u0007\u200b");
      transfer("x".repeat(1_000_000));
      const deep = "[".repeat(10_000) + "]".repeat(10_000);
      stranger.say(
        `[2,"deep","DataTransfer",{"vendorId":"deep","data":${deep}}]`,
      );
      stranger.say(
        '[2,"big","DataTransfer",{"vendorId":"v","n":123456789012345678901234567890}]',
      );
      stranger.say(`no JSON at all <img src=x onerror=alert(2)>`);
      const visit = await open(
        `?q=${encodeURIComponent(`charger:"${HOSTILE}"`)}`,
        size,
        theme,
      );
      const { page } = visit;
      await expect.poll(() => rows(page).count()).toBeGreaterThanOrEqual(5);
      await visit.check("live-hostile");
      const count = await rows(page).count();
      for (let index = 0; index < Math.min(count, 7); index += 1) {
        await rows(page).nth(index).click();
        await page.getByRole("tab", { name: "Tree" }).click();
        await page.getByRole("tab", { name: "Raw" }).click();
        await page.locator(".raw").first().waitFor();
        if (size === "phone") {
          await page.getByRole("button", { name: "Close" }).last().click();
        }
      }
      await visit.check("inspector-hostile");
      stranger.close();
      await visit.close();
    },
  );

  test("shows a text that would reorder what stands around it as it was written", async () => {
    const stranger = await ScriptedCharger.open(proxy.port, "CP-BIDI");
    const text = `[2,"x","\u202egnp.exe\u2066 and no end`;
    stranger.say(text);
    const visit = await open("?q=charger%3ACP-BIDI%20is%3Amalformed");
    const { page } = visit;
    await rows(page).first().click();
    const shown = page.locator(".raw");
    await shown.getByText("gnp.exe").waitFor();

    for (const tab of ["Tree", "Raw"]) {
      await page.getByRole("tab", { name: tab }).click();
      await shown.first().waitFor();

      expect(await shown.textContent()).toContain(text);
      expect(await marks(shown.locator(".code"))).toEqual(["U+202E", "U+2066"]);
      await visit.check(`inspector-bidi-${tab.toLowerCase()}`);
    }
    const field = page.getByRole("searchbox", { name: "Filter" });
    await field.fill(`charger:CP-BIDI "\u202egnp"`);
    await page.locator("code").getByText("U+202E").waitFor();

    expect(await field.getAttribute("dir")).toBe("auto");
    await visit.check("live-bidi");
    stranger.close();
    await visit.close();
  });

  test("stays within its bounds while more passes than one can read", async () => {
    const visit = await open("");
    const { page } = visit;
    await rows(page).first().waitFor();
    let most = 0;
    const flooding = { isOver: false };
    const crowd = await Promise.all(
      [1, 2, 3, 4].map((one) =>
        ScriptedCharger.open(proxy.port, `CP-FLOOD-${one}`),
      ),
    );
    const flood = Promise.all(
      crowd.map(async (one) => {
        for (let number = 0; number < 1_500; number += 1)
          await status(number % 4, one);
      }),
    ).finally(() => {
      flooding.isOver = true;
    });
    do {
      most = Math.max(most, await rows(page).count());
    } while (!flooding.isOver);
    await flood;
    await status(77);
    await rows(page, "#77").waitFor({ timeout: 40_000 });

    expect(most).toBeLessThan(MOST_ROWS);
    expect(await kept(page)).toBeLessThanOrEqual(MOST_KEPT);
    await visit.check("live-flood");
    for (const one of crowd) one.close();
    await visit.close();
  });

  test("keeps its rows while the server is away, and marks what it missed", async () => {
    const visit = await open("?q=charger%3ACP-LIVE");
    const { page } = visit;
    await rows(page).first().waitFor();
    await status(3);
    await rows(page, "Available").last().waitFor();
    await proxy.restart(async () => {
      await page.getByRole("navigation").getByText("Reconnecting").waitFor();

      expect(await rows(page).count()).toBeGreaterThan(0);
    });
    charger = await ScriptedCharger.open(proxy.port, "CP-LIVE");
    await page
      .getByRole("navigation")
      .getByText("Live", { exact: true })
      .last()
      .waitFor({ timeout: 40_000 });
    await page.getByText("loaded from storage").waitFor();
    await status(3);
    await rows(page, "BootNotification").last().waitFor();
    visit.expectFaults(/WebSocket connection|status of 502/);
    await visit.check("live-back");
    await visit.close();
  });
});
