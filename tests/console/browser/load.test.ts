import type { Browser, Page } from "playwright-core";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from "vitest";
import { startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startProxy } from "./proxy.ts";
import { ScriptedCharger } from "./scripted-charger.ts";

/** What is in the page at once, whatever was received. */
const MOST_ROWS = 100;
/** The ring, and a page of storage before it. */
const MOST_KEPT = 5_200;
const CHARGERS = 6;
const CALLS_EACH = 600;

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
let crowd: readonly ScriptedCharger[];

beforeAll(async () => {
  proxy = await startProxy({ demo: false });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  await proxy.stop();
});

beforeEach(async () => {
  ingress = await startIngress(proxy.ingressSocket);
  const names = Array.from(
    { length: CHARGERS },
    (_, number) => `CP-${number + 1}`,
  );
  crowd = await Promise.all(
    names.map((name) => ScriptedCharger.open(proxy.port, name)),
  );
});

afterEach(async () => {
  for (const charger of crowd) charger.close();
  await ingress.stop();
});

/** Let every charger send its CALLs, each when the one before is answered. */
async function flood(): Promise<void> {
  await Promise.all(
    crowd.map(async (charger) => {
      for (let number = 0; number < CALLS_EACH; number += 1)
        await status(charger, number % 9);
    }),
  );
}

function status(
  charger: ScriptedCharger | undefined,
  connectorId: number,
): Promise<void> {
  const payload = { connectorId, errorCode: "NoError", status: "Available" };
  return charger?.ask("StatusNotification", payload) ?? Promise.resolve();
}

interface Measured {
  rows: number;
  kept: number;
  renders: number;
  gaps: number;
}

interface Watched extends HTMLElement {
  rows: readonly { readonly kind: string }[];
  performUpdate: () => void;
  focusRow: (index: number) => Promise<void>;
}

/** Note the most that there ever is of what must stay within bounds. */
async function watch(page: Page): Promise<() => Promise<Measured>> {
  await page.getByRole("article").first().waitFor();
  const most = await page.evaluateHandle(() => {
    const measured = { rows: 0, kept: 0, renders: 0, gaps: 0 };
    const app = document.querySelector("oye-app")?.shadowRoot;
    const view = app?.querySelector("oye-view-live")?.shadowRoot;
    const list = view?.querySelector<Watched>("oye-frame-list");
    if (!list) throw new Error("There is no list");
    let renderedAt: CSSNumberish | null = null;
    let renders = 0;
    const performUpdate = list.performUpdate.bind(list);
    list.performUpdate = () => {
      const now = document.timeline.currentTime;
      renders = now === renderedAt ? renders + 1 : 1;
      renderedAt = now;
      performUpdate();
      measured.renders = Math.max(measured.renders, renders);
      measured.rows = Math.max(
        measured.rows,
        list.shadowRoot?.querySelectorAll("article").length ?? 0,
      );
      measured.kept = Math.max(measured.kept, list.rows.length);
      measured.gaps = list.rows.filter(({ kind }) => kind === "gap").length;
    };
    return measured;
  });
  return () => most.jsonValue();
}

async function showGap(page: Page): Promise<void> {
  const list = page.locator("oye-frame-list");
  await list.evaluate((element: Watched) =>
    element.focusRow(element.rows.findIndex(({ kind }) => kind === "gap")),
  );
}

describe("more than one can read", () => {
  test("leaves rows, ring and renders within their bounds", async () => {
    const visit = await Visit.open(
      browser,
      `${ingress.url}#/live`,
      "desktop",
      "light",
    );
    const measured = await watch(visit.page);
    await flood();
    await flood();
    await status(crowd[0], 77);
    await visit.page
      .getByRole("article")
      .filter({ hasText: "#77" })
      .waitFor({ timeout: 40_000 });

    const most = await measured();
    expect(most.rows).toBeLessThan(MOST_ROWS);
    expect(most.kept).toBeLessThanOrEqual(MOST_KEPT);
    expect(most.kept).toBeGreaterThan(CALLS_EACH);
    expect(most.renders).toBe(1);
    await visit.close();
  });

  test("drops for who does not read, says how much, and tells the rest rightly", async () => {
    const visit = await Visit.open(
      browser,
      `${ingress.url}#/live`,
      "desktop",
      "light",
    );
    const { page } = visit;
    const measured = await watch(page);
    ingress.hold();
    await flood();
    await flood();
    await status(crowd[0], 78);
    ingress.release();
    await page
      .getByRole("article")
      .filter({ hasText: "#78" })
      .waitFor({ timeout: 40_000 });

    const { gaps, kept } = await measured();
    expect(gaps).toBe(1);
    expect(kept).toBeLessThan(2 * CHARGERS * CALLS_EACH);
    await showGap(page);
    await page.getByText(/^\s*[\d,]+ exchanges not seen/).waitFor();
    await visit.check("load-gap");
    await page.goto(`${ingress.url}#/chargers/CP-1`);
    await page.getByRole("heading", { name: "Connector 78" }).waitFor();
    await visit.close();
  });
});
