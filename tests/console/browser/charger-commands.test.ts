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
import { type Ingress, startIngress } from "./ingress.ts";
import { type Proxy, startProxy } from "./proxy.ts";
import { type Answer, ScriptedCharger } from "./scripted-charger.ts";

let proxy: Proxy;
let browser: Browser;
let ingress: Ingress;
let charger: ScriptedCharger;
const heard: [string, unknown][] = [];

function answers(action: string, payload: unknown): Answer {
  heard.push([action, payload]);
  switch (action) {
    case "GetDiagnostics":
      return { fileName: "diagnostics.log" };
    case "GetLocalListVersion":
      return { listVersion: 3 };
    case "UpdateFirmware":
      return {};
    case "GetConfiguration":
      return { configurationKey: [], unknownKey: [] };
    default:
      return { status: "Accepted" };
  }
}

beforeAll(async () => {
  proxy = await startProxy();
  browser = await startBrowser();
  ingress = await startIngress(proxy.ingressSocket);
  charger = await ScriptedCharger.open(proxy.port, "CP-CMD", answers);
  await charger.ask("StatusNotification", {
    connectorId: 1,
    errorCode: "NoError",
    status: "Available",
  });
});

beforeEach(() => {
  heard.length = 0;
});

afterAll(async () => {
  charger.close();
  await browser.close();
  await ingress.stop();
  await proxy.stop();
});

async function open(path: string): Promise<Visit> {
  const visit = await Visit.open(
    browser,
    `${ingress.url}#/chargers/${path}`,
    "desktop",
    "light",
  );
  visit.page.setDefaultTimeout(10_000);
  return visit;
}

function dialogButton(page: Page, name: string): Locator {
  return page
    .locator("wa-button[slot=actions]:visible")
    .getByRole("button", { name, exact: true });
}

async function command(page: Page, title: string): Promise<Locator> {
  const more = page.getByRole("region", { name: "More commands" });
  await more.locator("summary").getByText(title, { exact: true }).click();
  return more.locator("details[open]");
}

function sent(action: string): unknown {
  return heard.find(([one]) => one === action)?.[1];
}

describe("a charger with a CSMS", () => {
  test("changes who is in charge, as the server confirms it", async () => {
    const visit = await open("DEMO-16");
    const { page } = visit;
    const mode = page.getByRole("combobox", { name: "Who is in charge" });
    await mode.selectOption("monitor");
    await page
      .getByText("The mode is now: CSMS only, read only for you")
      .first()
      .waitFor();
    await page.getByText("This charger is set to read only.").waitFor();

    expect(await mode.inputValue()).toBe("monitor");
    expect(
      await page.getByRole("button", { name: "Refresh status" }).isDisabled(),
    ).toBe(true);
    await visit.check("charger-monitor");
    await mode.selectOption("standalone");
    await page.getByText("OYE answers the charger itself.").waitFor();
    await mode.selectOption("forward");
    await page
      .getByText("Everything goes to the CSMS, and you can send")
      .waitFor();
    await visit.close();
  });

  test("shows its limit of the next day as a chart, with the values in a table", async () => {
    const visit = await open("DEMO-16");
    const { page } = visit;
    const smart = page.getByRole("region", { name: "Smart charging" });
    await smart.getByLabel("Always at most").fill("10");
    await smart.getByRole("button", { name: "Set Always at most" }).click();
    await smart.getByText("10 A, accepted by the charger.").waitFor();
    await smart
      .getByRole("button", { name: "Show the limit of the next day" })
      .click();
    await smart.locator("oye-time-chart canvas").waitFor();
    await smart.locator("oye-time-chart").scrollIntoViewIfNeeded();
    await visit.check("charger-composite");
    await smart.getByRole("button", { name: "Clear my limits" }).click();
    await dialogButton(page, "Clear my limits").click();
    await smart.getByText("No lasting limit.").waitFor();
    await visit.close();
  });
});

describe("a charger is told", () => {
  test("a schedule by the time of day", async () => {
    const visit = await open("CP-CMD");
    const { page } = visit;
    await page.locator("summary").getByText("Limit by the time of day").click();
    const editor = page.locator("oye-schedule-editor");
    await editor.getByLabel("From").first().fill("06:00");
    await editor.getByLabel("Limit in A").first().fill("8");
    await editor.getByLabel("From").nth(1).fill("22:00");
    await editor.getByLabel("Limit in A").nth(1).fill("16");
    await page.getByRole("button", { name: "Add a time" }).click();
    await page.getByRole("button", { name: "Remove time 3" }).click();
    await visit.check("charger-schedule");
    await page.getByRole("button", { name: "Set the schedule" }).click();
    await expect.poll(() => sent("SetChargingProfile")).toBeDefined();

    const told = JSON.stringify(sent("SetChargingProfile"));
    expect(told).toContain('"chargingRateUnit":"A"');
    expect(told).toContain('"limit":8');
    expect(told).toContain('"limit":16');
    await page.getByText("The charger accepted.").first().waitFor();
    await visit.close();
  });

  test("a reservation, which can be taken back", async () => {
    const visit = await open("CP-CMD");
    const { page } = visit;
    const form = await command(page, "Reservation");
    await form.getByLabel("Id tag").fill("TAG-7");
    await form.getByLabel("Until").fill("2099-01-01T12:00");
    await form.getByLabel("Where").selectOption("1");
    await form.getByRole("button", { name: "Send Reservation" }).click();
    await form.getByText("The charger accepted.").waitFor();

    expect(sent("ReserveNow")).toMatchObject({
      connectorId: 1,
      expiryDate: "2099-01-01T11:00:00.000Z",
      idTag: "TAG-7",
    });
    await form.getByRole("button", { name: "Cancel the reservation" }).click();
    await expect.poll(() => sent("CancelReservation")).toBeDefined();
    await form
      .getByRole("button", { name: "Cancel the reservation" })
      .waitFor({ state: "detached" });
    await visit.close();
  });

  test("where firmware is, only after it was asked", async () => {
    const visit = await open("CP-CMD");
    const { page } = visit;
    const form = await command(page, "Update firmware");
    await form.getByLabel("Address").fill("https://files.example/firmware.bin");
    const send = form.getByRole("button", { name: "Send Update firmware" });
    await send.click();
    await page.getByText("Wrong firmware can ruin it.").last().waitFor();
    await visit.check("charger-firmware");
    await dialogButton(page, "Cancel").click();
    expect(sent("UpdateFirmware")).toBeUndefined();
    await send.click();
    await dialogButton(page, "Update firmware").click();
    await form.getByText("The charger accepted.").waitFor();

    expect(sent("UpdateFirmware")).toMatchObject({
      location: "https://files.example/firmware.bin",
    });
    await visit.close();
  });

  test("where its log goes", async () => {
    const visit = await open("CP-CMD");
    const form = await command(visit.page, "Upload a log");
    await form.getByLabel("Address").fill("ftp://files.example/logs");
    await form.getByRole("button", { name: "Send Upload a log" }).click();
    await form.getByText("The charger accepted.").waitFor();

    expect(sent("GetDiagnostics")).toMatchObject({
      location: "ftp://files.example/logs",
    });
    await visit.close();
  });

  test("a local list, and asked for its version", async () => {
    const visit = await open("CP-CMD");
    const { page } = visit;
    const list = await command(page, "Send the local list");
    await list.getByLabel("Id tags").fill("TAG-1\nTAG-2");
    await list.getByLabel("Version (optional)").fill("3");
    await list
      .getByRole("button", { name: "Send Send the local list" })
      .click();
    await list.getByText("The charger accepted.").waitFor();

    expect(sent("SendLocalList")).toMatchObject({
      listVersion: 3,
      updateType: "Full",
      localAuthorizationList: [{ idTag: "TAG-1" }, { idTag: "TAG-2" }],
    });
    await page
      .locator("summary")
      .getByText("Version of the local list")
      .click();
    await page
      .getByRole("button", { name: "Send Version of the local list" })
      .click();
    await page.getByText("Version of the list: 3").waitFor();
    await visit.close();
  });
});

describe("a charger goes", () => {
  test("when its connection is closed, after it was asked", async () => {
    const other = await ScriptedCharger.open(proxy.port, "CP-BYE");
    const visit = await open("CP-BYE/settings");
    const { page } = visit;
    await page.getByRole("button", { name: "Close the connection" }).click();
    await dialogButton(page, "Close the connection").click();
    await page.getByText("The connection is closed.").first().waitFor();
    await page.getByText("Offline").first().waitFor();
    other.close();
    await visit.close();
  });

  test("when it is deleted, after its id was typed", async () => {
    const other = await ScriptedCharger.open(proxy.port, "CP-GONE");
    other.close();
    const visit = await open("CP-GONE/settings");
    const { page } = visit;
    await page.getByRole("button", { name: "Delete the charger" }).click();
    const really = dialogButton(page, "Delete the charger");
    expect(await really.isDisabled()).toBe(true);
    await page.getByLabel("Type CP-GONE to confirm").fill("CP-GONE");
    await visit.check("charger-delete");
    await really.click();
    await page.getByRole("heading", { name: "Chargers" }).waitFor();
    await page.getByRole("article", { name: "CP-CMD" }).waitFor();

    expect(await page.getByRole("article", { name: "CP-GONE" }).count()).toBe(
      0,
    );
    await visit.close();
  });
});
