import type { Browser, Locator, Page } from "playwright-core";
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from "vitest";
import { startBrowser, Visit } from "./browser.ts";
import { ADMIN, type Proxy, startProxy } from "./proxy.ts";
import { callApi, signIn } from "./public.ts";
import { ScriptedCharger } from "./scripted-charger.ts";

let proxy: Proxy;
let browser: Browser;
let charger: ScriptedCharger;
const heard: { action: string; payload: unknown }[] = [];

async function connect(): Promise<void> {
  charger = await ScriptedCharger.open(
    proxy.port,
    "CP-1",
    (action, payload) => {
      heard.push({ action, payload });
      return { status: "Accepted" };
    },
  );
}

beforeAll(async () => {
  proxy = await startProxy({ demo: false, ingress: false });
  browser = await startBrowser();
  await connect();
});

afterAll(async () => {
  charger.close();
  await browser.close();
  await proxy.stop();
});

beforeEach(() => {
  heard.length = 0;
});

async function signedIn(hash: string): Promise<Visit> {
  const visit = await Visit.open(
    browser,
    `${proxy.url}${hash}`,
    "desktop",
    "light",
  );
  visit.page.setDefaultTimeout(15_000);
  await signIn(visit.page, ADMIN);
  await visit.page.getByRole("heading", { name: "Compose" }).waitFor();
  return visit;
}

/** Fill the form of a reservation but for the tag. */
async function fillHalf(page: Page): Promise<void> {
  await page.getByLabel("connectorId *").fill("1");
  await page.getByLabel("reservationId *").fill("77");
}

/** Fill the rest, send it, and return what the charger got. */
async function fillAndSend(page: Page): Promise<unknown> {
  expect(await page.getByLabel("connectorId *").inputValue()).toBe("1");
  expect(await page.getByLabel("reservationId *").inputValue()).toBe("77");
  await page.getByLabel("idTag *").fill("CARD");
  await page.getByRole("button", { name: "Now", exact: true }).click();
  await page.getByRole("button", { name: "Send", exact: true }).first().click();
  await page.getByText(/^Accepted in/).waitFor();
  return heard.find(({ action }) => action === "ReserveNow")?.payload;
}

const WHOLE = { connectorId: 1, reservationId: 77, idTag: "CARD" };

async function focus(locator: Locator): Promise<void> {
  const { keyboard } = locator.page();
  await locator.first().waitFor();
  for (let count = 0; count < 120; count += 1) {
    const has = await locator
      .first()
      .evaluate((element) => element.matches(":focus, :focus-within"));
    if (has) return;
    await keyboard.press("Tab");
  }
  throw new Error(`The keyboard does not reach ${locator.toString()}`);
}

describe("a form of the composer", () => {
  test(
    "is found, filled and sent by the keyboard alone, and its answer read",
    { timeout: 120_000 },
    async () => {
      const visit = await signedIn("#/compose");
      const { page } = visit;
      const { keyboard } = page;
      await focus(page.getByRole("combobox", { name: "Charger" }));
      await keyboard.type("CP-1");
      await focus(page.getByRole("combobox", { name: "Command" }));
      await keyboard.type("ReserveNow");
      await focus(page.getByLabel("connectorId *"));
      await keyboard.type("1");
      await focus(page.getByLabel("idTag *"));
      await keyboard.type("CARD");
      await focus(page.getByLabel("reservationId *"));
      await keyboard.type("77");
      await focus(page.getByRole("button", { name: "Now", exact: true }));
      await keyboard.press("Enter");
      await focus(page.getByRole("button", { name: "Send", exact: true }));
      await keyboard.press("Enter");
      await page.getByText(/^Accepted in/).waitFor();

      expect(
        heard.find(({ action }) => action === "ReserveNow")?.payload,
      ).toMatchObject(WHOLE);
      await visit.check("composer-keyboard");
      await visit.close();
    },
  );

  test(
    "survives a restart of the server under it, and is sent after it",
    { timeout: 120_000 },
    async () => {
      const visit = await signedIn("#/compose/CP-1/ReserveNow");
      const { page } = visit;
      await fillHalf(page);
      await proxy.restart(async () => {
        await page
          .getByRole("navigation")
          .getByText(/^Reconnecting/)
          .waitFor();
        expect(await page.getByLabel("reservationId *").inputValue()).toBe(
          "77",
        );
        await visit.photograph("composer-restart");
      });
      await connect();
      await expect
        .poll(() => page.getByRole("main").getAttribute("class"), {
          timeout: 60_000,
        })
        .toBe("");

      expect(await fillAndSend(page)).toMatchObject(WHOLE);
      visit.expectFaults(/WebSocket connection|ERR_CONNECTION_REFUSED/);
      await visit.close();
    },
  );

  test(
    "keeps what was entered when the session ends, and sends it in the next one",
    { timeout: 120_000 },
    async () => {
      const visit = await signedIn("#/compose/CP-1/ReserveNow");
      const { page } = visit;
      await fillHalf(page);
      await visit.context.clearCookies();
      await callApi(proxy, "DELETE", "api/sessions?username=admin");
      // The stream asks again who one is when it comes back, else once a minute.
      await visit.say("offline");
      await visit.say("online");
      const dialog = page.getByRole("dialog", { name: "Sign in" });
      await dialog.waitFor();
      await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await dialog.waitFor({ state: "detached" });

      expect(await fillAndSend(page)).toMatchObject(WHOLE);
      visit.allowFaults(/status of 401|HTTP Authentication failed/);
      await visit.close();
    },
  );
});
