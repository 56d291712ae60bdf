import { Buffer } from "node:buffer";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MATRIX, startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { ADMIN, type Proxy, startProxy } from "./proxy.ts";
import { callApi, type MailServer, signIn, startMailServer } from "./public.ts";

let browser: Browser;
let proxy: Proxy;
let app: Proxy;
let ingress: Ingress;
let mail: MailServer;

beforeAll(async () => {
  browser = await startBrowser();
  proxy = await startProxy({ demo: false, ingress: false });
  app = await startProxy();
  ingress = await startIngress(app.ingressSocket);
  mail = await startMailServer();
});

afterAll(async () => {
  await browser.close();
  await Promise.all([ingress.stop(), mail.stop()]);
  await Promise.all([proxy.stop(), app.stop()]);
});

async function signedIn(
  size: "phone" | "desktop" = "desktop",
  theme: "light" | "dark" = "light",
): Promise<Visit> {
  const url = `${proxy.url}#/system`;
  const visit = await Visit.open(browser, url, size, theme);
  await signIn(visit.page, ADMIN);
  await visit.page.getByRole("switch", { name: "Forward" }).waitFor();
  return visit;
}

async function said(page: Page, text: string): Promise<void> {
  await page.getByRole("status").getByText(text).first().waitFor();
}

describe("the system", () => {
  test.each(MATRIX)("is one page, %s, %s", async (size, theme) => {
    const visit = await signedIn(size, theme);
    await visit.page.getByText("api.initial_admin_password").waitFor();
    await visit.page.getByRole("button", { name: "Licences" }).waitFor();

    await visit.check("system");
    await visit.page
      .getByRole("heading", { name: "Log", exact: true })
      .scrollIntoViewIfNeeded();
    await visit.check("system-below");
    await visit.close();
  });

  test("tests a CSMS and changes it; what was confirmed is shown", async () => {
    const visit = await signedIn();
    const { page } = visit;
    const forwards = page.getByRole("switch", { name: "Forward" });
    const field = page.getByLabel("Address of the CSMS");
    await field.fill("ws://127.0.0.1:9/nobody");
    await page.getByRole("button", { name: "Test connection" }).click();
    await page.getByText(/\d ms/).waitFor();
    const [csms] = Object.values(
      (await callApi(app, "GET", "api/config")) as Record<string, string>,
    );
    await field.fill(csms ?? "");
    await page.getByRole("button", { name: "Test connection" }).click();
    await page
      .getByText(/let the charger in/)
      .first()
      .waitFor();

    await page.getByRole("button", { name: "Save" }).first().click();
    await said(page, "Saved.");
    await forwards.click();
    await page
      .getByRole("switch", { name: "Forward", checked: true })
      .waitFor();
    await page.getByRole("switch", { name: "Automatic charging" }).click();
    await page
      .getByRole("switch", { name: "Automatic charging", checked: true })
      .waitFor();
    expect(await callApi(proxy, "GET", "api/config")).toMatchObject({
      targetCsmsUrl: csms,
      csmsForwardingEnabled: "true",
      autoChargeEnabled: "true",
    });
    await visit.close();
  });

  test("says in the server's words why an address is none", async () => {
    const visit = await signedIn();
    const field = visit.page.getByLabel("Address of the CSMS");
    await field.fill("http://csms.example");
    await visit.page.getByRole("button", { name: "Save" }).first().click();
    await visit.page.getByRole("status").getByText(/wss?:/).waitFor();

    expect(await field.inputValue()).toBe("http://csms.example");
    visit.expectFaults(/status of 400/);
    await visit.close();
  });

  test("keeps names of tags, hidden until they are asked for", async () => {
    const visit = await signedIn();
    const { page } = visit;
    await page.getByLabel("Id tag", { exact: true }).fill("04A1B2C3D4");
    await page.getByLabel("Name", { exact: true }).fill("Family car");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    const row = page.getByRole("row").filter({ hasText: "Family car" });
    await row.getByText("••••C3D4").waitFor();
    await page.getByRole("button", { name: "Block: Family car" }).click();
    await row.getByText("Blocked").waitFor();
    await page.getByRole("button", { name: "Show whole tags" }).click();
    await row.getByText("04A1B2C3D4").waitFor();

    expect(await callApi(proxy, "GET", "api/id-tags")).toMatchObject([
      { idTag: "04A1B2C3D4", name: "Family car", status: "blocked" },
    ]);
    await visit.close();
  });

  test("sends a test mail once it is told how", async () => {
    const visit = await signedIn();
    const { page } = visit;
    await page.getByText("Sends no mail").waitFor();
    await page.getByLabel("Public address of this console").fill(proxy.url);
    await page.getByLabel("Mail server").fill("127.0.0.1");
    await page.getByLabel(/^Port/).fill(String(mail.port));
    await page.getByLabel("Encryption").selectOption("none");
    await page.getByLabel("Sender").fill("oye@example.com");
    await page
      .locator("oye-mail-settings")
      .getByRole("button", { name: "Save" })
      .click();
    await page.getByText("Can send mail").waitFor();
    await page.getByLabel("Send a test to").fill("me@example.com");
    await page.getByRole("button", { name: "Send a test" }).click();
    await said(page, "The test is sent.");
    await visit.close();
  });

  test("stores frames by rules of one's own", async () => {
    const visit = await signedIn();
    const { page } = visit;
    const panel = page.locator("oye-storage-settings");
    await page.getByLabel("What is stored").selectOption("custom");
    for (const action of ["Heartbeat", "MeterValues"]) {
      await panel.getByRole("button", { name: "Add a rule" }).click();
      await panel.getByLabel("Message", { exact: true }).last().fill(action);
      await panel.getByLabel("Message", { exact: true }).last().press("Tab");
    }
    await panel.getByLabel("Way").last().selectOption("Charger to CSMS");
    await panel.getByLabel("Keep").last().selectOption("The newest");
    const last = panel.getByLabel("All other messages");
    await last.selectOption("None");
    const save = panel.getByRole("button", { name: "Save" });
    const top = async (one: Locator): Promise<number> =>
      (await one.boundingBox())?.y ?? NaN;
    expect(await top(save)).toBeGreaterThan(await top(last));
    await save.click();
    await said(page, "Saved.");
    expect(await callApi(proxy, "GET", "api/storage")).toMatchObject({
      preset: "custom",
      otherwise: "none",
      rules: [
        { action: "Heartbeat", keep: "none" },
        { action: "MeterValues", direction: "UPSTREAM", keep: "last" },
      ],
    });
    await page.reload();
    await panel.getByLabel("Message", { exact: true }).nth(1).waitFor();
    await panel.getByRole("button", { name: "Remove: Rule 1" }).click();
    await panel.getByLabel("Message", { exact: true }).fill("no action");
    await panel.getByRole("button", { name: "Save" }).click();
    await page
      .getByText(/is no action/)
      .first()
      .waitFor();
    visit.expectFaults(/status of 400/);
    await panel.scrollIntoViewIfNeeded();
    await visit.check("system-rules");
    await page.getByText("stands in for it").waitFor();
    await page.getByText("OYE_CSMS_ON_LOSS").first().waitFor();
    await visit.close();
  });

  test("changes what is stored, exports it, and imports after a dry run", async () => {
    const visit = await signedIn();
    const { page } = visit;
    await page.getByLabel("What is stored").selectOption("selective");
    await page.getByLabel("Days").fill("7");
    await page
      .locator("oye-storage-settings")
      .getByRole("button", { name: "Save" })
      .click();
    await said(page, "Saved.");
    expect(await callApi(proxy, "GET", "api/storage")).toMatchObject({
      preset: "selective",
      retentionDays: 7,
    });
    const exported = (await callApi(proxy, "GET", "api/settings/export")) as {
      storage: Record<string, unknown>;
    };
    const other = {
      ...exported,
      storage: { ...exported.storage, retentionDays: 9 },
      idTags: [{ idTag: "ABCDEF01", status: "accepted", name: "Guest" }],
      chargers: [
        {
          chargePointId: "ELSEWHERE",
          mode: "monitor",
          ownerStatus: "active",
          pauseStrategy: "limit_zero",
        },
      ],
    };
    const files = page.getByLabel("Import settings from a file");
    await files.setInputFiles(file("no settings"));
    await said(page, "This file holds no settings of OYE.");
    await files.setInputFiles(file(JSON.stringify(other)));
    await page.getByText("This would change:").waitFor();
    for (const change of [
      "Stored frames · Days: 7 → 9",
      "Id tags ••••EF01 · State: – → Accepted",
      "Id tags ••••EF01 · Name: – → Guest",
    ])
      await page.getByRole("listitem").filter({ hasText: change }).waitFor();
    await page
      .getByText(/left out:/)
      .getByText("ELSEWHERE")
      .waitFor();
    await visit.check("system-import");
    expect(await callApi(proxy, "GET", "api/storage")).toMatchObject({
      retentionDays: 7,
    });
    await page.getByRole("button", { name: "Change it" }).click();
    await said(page, "The settings are changed.");
    expect(await callApi(proxy, "GET", "api/storage")).toMatchObject({
      retentionDays: 9,
    });
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download diagnostics" }).click();
    expect((await download).suggestedFilename()).toBe("oye-diagnostics.json");
    await visit.close();
  });

  test("chooses a file by the keyboard, and says which one", async () => {
    const visit = await signedIn("phone", "dark");
    const { page } = visit;
    const chooser = page.waitForEvent("filechooser");
    const button = page.getByRole("button", {
      name: "Import settings from a file",
    });
    await button.focus();
    await page.keyboard.press("Enter");
    await (await chooser).setFiles(file("no settings"));
    await said(page, "This file holds no settings of OYE.");
    await page.locator("oye-transfer").getByText("settings.json").waitFor();
    await button.scrollIntoViewIfNeeded();
    await visit.check("system-file");
    await visit.close();
  });

  test("counts the frames that come in while one looks", async () => {
    const visit = await signedIn();
    const { page } = visit;
    const health = page.locator("oye-health");
    const kind = health.getByText("SQLite", { exact: true });
    await kind.waitFor();
    const works = health.getByText("Works", { exact: true });
    expect(await bottomOfWords(kind)).toBeCloseTo(
      await bottomOfWords(works),
      0,
    );
    const before = await storedFrames();
    const started = (await callApi(proxy, "POST", "api/simulator", {})) as {
      chargePointId: string;
    };
    await expect
      .poll(storedFrames, { timeout: 10_000 })
      .toBeGreaterThan(before);
    await expect
      .poll(async () => parseInt(await shown(health, "Stored"), 10), {
        timeout: 15_000,
      })
      .toBeGreaterThan(before);
    await callApi(proxy, "DELETE", `api/simulator/${started.chargePointId}`);
    await visit.close();
  });

  test("starts a simulated charger, and follows the log", async () => {
    const visit = await signedIn("phone");
    const { page } = visit;
    await page
      .getByRole("button", { name: "Start a simulated charger" })
      .click();
    await said(page, "A simulated charger connects.");
    await page.getByLabel("Level").selectOption("debug");
    await said(page, "Saved.");
    await page.getByLabel("Follow").check();
    await page
      .getByText(/connected from/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: /^Stop: / }).click();
    await page.getByText("None runs.").waitFor();
    await visit.check("system-log");
    await visit.close();
  });

  test("has no mail in Home Assistant", async () => {
    const url = `${ingress.url}#/system`;
    const visit = await Visit.open(browser, url, "phone", "light");
    await visit.page
      .getByRole("heading", { name: "Log", exact: true })
      .waitFor();
    await visit.page.getByText("2 known, 2 online").waitFor();

    expect(await visit.page.getByText("Public address").count()).toBe(0);
    await visit.check("system-ingress");
    await visit.close();
  });
});

/** Return where the words of an element end, below. */
async function bottomOfWords(one: Locator): Promise<number> {
  return one.evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect().bottom;
  });
}

async function storedFrames(): Promise<number> {
  const health = (await callApi(proxy, "GET", "api/health")) as {
    database: { frames: number };
  };
  return health.database.frames;
}

async function shown(panel: Locator, name: string): Promise<string> {
  const term = panel.locator("dt").getByText(name, { exact: true });
  return term.locator("xpath=following-sibling::dd[1]").innerText();
}

function file(text: string): {
  name: string;
  mimeType: string;
  buffer: Buffer;
} {
  return {
    name: "settings.json",
    mimeType: "application/json",
    buffer: Buffer.from(text),
  };
}
