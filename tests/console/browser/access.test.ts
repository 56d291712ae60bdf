import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MATRIX, startBrowser, Visit } from "./browser.ts";
import { type Ingress, startIngress } from "./ingress.ts";
import { ADMIN, type Proxy, startProxy } from "./proxy.ts";
import { callApi, REFUSED, signIn } from "./public.ts";

let browser: Browser;
let proxy: Proxy;
let app: Proxy;
let ingress: Ingress;

beforeAll(async () => {
  browser = await startBrowser();
  proxy = await startProxy({ demo: false, ingress: false });
  app = await startProxy({ demo: false });
  ingress = await startIngress(app.ingressSocket);
});

afterAll(async () => {
  await browser.close();
  await ingress.stop();
  await Promise.all([proxy.stop(), app.stop()]);
});

async function signedIn(
  size: "phone" | "desktop" = "desktop",
  theme: "light" | "dark" = "light",
): Promise<Visit> {
  const url = `${proxy.url}#/access`;
  const visit = await Visit.open(browser, url, size, theme);
  await signIn(visit.page, ADMIN);
  await visit.page.getByRole("heading", { name: "Accounts" }).waitFor();
  return visit;
}

function hasFocus(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) =>
    element.matches(":focus, :focus-within"),
  );
}

async function addAccount(
  page: Page,
  name: string,
  language?: string,
): Promise<void> {
  await page.getByRole("button", { name: "Add an account" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("New password", { exact: true }).fill("long-enough");
  await page.getByLabel("New password again").fill("long-enough");
  await page.getByLabel(/^E-mail address/).fill(`${name}@example.com`);
  if (language !== undefined)
    await page.getByLabel("Language of its mails").selectOption(language);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page
    .getByRole("row")
    .filter({ hasText: `${name}@example.com` })
    .waitFor();
}

describe("users and access", () => {
  test.each(MATRIX)("is one page, %s, %s", async (size, theme) => {
    const visit = await signedIn(size, theme);
    await visit.page.getByText("this one", { exact: true }).waitFor();

    await visit.check("access");
    await visit.close();
  });

  test("offers the language of the console for the mails of a new account", async () => {
    const visit = await signedIn("phone", "dark");
    const { page } = visit;
    await page.getByRole("button", { name: "Add an account" }).click();
    const field = page.getByLabel("Language of its mails");
    expect(await field.inputValue()).toBe("en");
    await visit.check("access-add");
    await page.getByRole("button", { name: "Close" }).click();
    await addAccount(page, "dora", "Svenska");

    expect(await callApi(proxy, "GET", "api/users")).toContainEqual(
      expect.objectContaining({ username: "dora", language: "sv" }),
    );
    await callApi(proxy, "DELETE", "api/users/dora");
    await visit.close();
  });

  test("adds, disables and deletes an account, and says so", async () => {
    const { page, ...visit } = await signedIn();
    await addAccount(page, "bob");
    await page.getByRole("button", { name: "Change: bob" }).click();
    await page.getByLabel("Language of its mails").selectOption("Deutsch");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("status").getByText("Saved.").waitFor();
    expect(await callApi(proxy, "GET", "api/users")).toContainEqual(
      expect.objectContaining({ username: "bob", language: "de" }),
    );
    await page.getByRole("button", { name: "Disable: bob" }).click();
    await page
      .getByRole("row")
      .filter({ hasText: "bob" })
      .getByText("Disabled")
      .waitFor();
    expect(await callApi(proxy, "GET", "api/users")).toContainEqual(
      expect.objectContaining({ username: "bob", disabled: true }),
    );
    await page.getByRole("button", { name: "Delete: bob" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page
      .getByRole("status")
      .getByText("The account is deleted.")
      .waitFor();
    await page
      .getByRole("button", { name: "Delete: bob" })
      .waitFor({ state: "detached" });
    expect(visit.faults).toEqual([]);
    await visit.context.close();
  });

  test("shows a token once, and it works until it is revoked", async () => {
    const visit = await signedIn();
    const { page } = visit;
    await page.getByRole("button", { name: "Make a token" }).click();
    await page.getByLabel("What it is for").fill("my script");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    const token = (await page.locator("code").textContent()) ?? "";
    const headers = { Authorization: `Bearer ${token}` };
    const asked = (): Promise<Response> =>
      fetch(new URL("api/session", proxy.url), { headers });
    expect(await (await asked()).json()).toMatchObject({ scope: "read" });
    await page.getByRole("button", { name: "Close" }).click();
    expect(await page.content()).not.toContain(token);

    await page.getByRole("button", { name: "Revoke: my script" }).click();
    await page.getByRole("button", { name: "Revoke", exact: true }).click();
    await page.getByText("There is no token.").waitFor();
    expect((await asked()).status).toBe(401);
    await visit.close();
  });

  test("keeps the focus in the dialogs of a token, and gives it back", async () => {
    const visit = await signedIn();
    const { page } = visit;
    const opener = page.getByRole("button", { name: "Make a token" });
    await opener.press("Enter");
    const name = page.getByLabel("What it is for");
    await name.fill("by the keyboard");
    await page.getByRole("button", { name: "Add", exact: true }).press("Enter");
    const made = page.getByRole("dialog", { name: "Your new token" });
    await made.waitFor();
    await page
      .getByRole("button", { name: "Revoke: by the keyboard" })
      .waitFor();
    expect(await hasFocus(made)).toBe(true);
    await page.keyboard.press("Escape");
    await made.waitFor({ state: "hidden" });

    expect(await hasFocus(opener)).toBe(true);
    await visit.close();
  });

  test("keeps what was entered when the session ends in between", async () => {
    const visit = await signedIn();
    const { page } = visit;
    await page.getByRole("button", { name: "Add an account" }).click();
    await page.getByLabel("Name", { exact: true }).fill("carol");
    await page.getByLabel("New password", { exact: true }).fill("long-enough");
    await page.getByLabel("New password again").fill("long-enough");
    await callApi(proxy, "DELETE", "api/sessions?username=admin");
    await page.getByText("Your session has ended.").waitFor();
    visit.allowFaults(REFUSED);
    await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page
      .getByText("Your session has ended.")
      .waitFor({ state: "hidden" });

    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe(
      "carol",
    );
    const live = page.getByText("Live", { exact: true });
    await live.filter({ visible: true }).first().waitFor();
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("button", { name: "Delete: carol" }).waitFor();
    await visit.context.close();
  });

  test("signs out everywhere, here and on the other device", async () => {
    const here = await signedIn();
    const there = await signedIn("phone");
    await here.page
      .getByRole("button", { name: "Sign out everywhere" })
      .click();
    await here.page
      .getByRole("button", { name: "Sign out", exact: true })
      .click();
    await here.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await there.page.getByText("Your session has ended.").waitFor();

    // Nobody asked the server anything after the end of the own session.
    expect(here.faults).toEqual([]);
    await here.context.close();
    await there.context.close();
  });

  test("ends the own login, and another device's at once", async () => {
    const here = await signedIn();
    const there = await signedIn("phone");
    const buttons = here.page.getByRole("button", { name: /^End: admin/ });
    await here.page.reload();
    await buttons.nth(1).waitFor();
    await here.page
      .getByRole("row")
      .filter({ hasText: /admin/ })
      .filter({ hasNotText: "this one" })
      .getByRole("button", { name: /^End: admin/ })
      .first()
      .click();
    await there.page.getByText("Your session has ended.").waitFor();
    await here.page
      .getByRole("row")
      .filter({ hasText: "this one" })
      .getByRole("button", { name: /^End: admin/ })
      .click();
    await here.page.getByRole("heading", { name: "Sign in" }).waitFor();

    expect(here.faults).toEqual([]);
    await here.context.close();
    await there.context.close();
  });

  test("is without any login of ours in Home Assistant", async () => {
    const url = `${ingress.url}#/access`;
    const visit = await Visit.open(browser, url, "phone", "dark");
    await visit.page
      .getByText("You are signed in through Home Assistant.", { exact: true })
      .waitFor();
    await visit.page.getByRole("heading", { name: "Logins" }).waitFor();

    for (const name of ["Change password", /^Sign out admin/])
      expect(await visit.page.getByRole("button", { name }).count()).toBe(0);
    await visit.check("access-ingress");
    await visit.close();
  });

  test("says whose session in Home Assistant it is, where that is told", async () => {
    const url = `${ingress.url}#/access`;
    const visit = await Visit.open(browser, url, "desktop", "light");
    const { context, page } = visit;
    await context.setExtraHTTPHeaders({ "X-Remote-User-Id": "0123abcd" });
    await page.reload();
    await page
      .getByText("You are signed in through Home Assistant.", { exact: true })
      .waitFor();
    await context.setExtraHTTPHeaders({ "X-Remote-User-Display-Name": "Jo" });
    await page.reload();
    await page
      .getByText("You are signed in through Home Assistant as")
      .waitFor();
    await page.getByRole("strong").getByText("Jo", { exact: true }).waitFor();
    await visit.close();
  });

  test("gives the integration another token, which nobody sees", async () => {
    const url = `${ingress.url}#/access`;
    const visit = await Visit.open(browser, url, "desktop", "light");
    const { page } = visit;
    const rows = page
      .locator("oye-tokens")
      .getByRole("row")
      .filter({ hasText: "Home Assistant" });
    await rows.first().waitFor();
    const before = await rows.count();
    await page
      .getByRole("button", { name: "New token for the integration" })
      .click();
    await page.getByRole("button", { name: "Make a new one" }).click();
    await page
      .getByRole("status")
      .getByText("The integration has a new token.")
      .waitFor();
    await rows.nth(before).waitFor();

    expect(await page.content()).not.toMatch(/oye_[\w-]{20}/);
    await visit.check("access-rotated");
    await visit.close();
  });

  test("says that Home Assistant ended the session, and keeps what is shown", async () => {
    const own = await startIngress(app.ingressSocket);
    const url = `${own.url}#/access`;
    const visit = await Visit.open(browser, url, "phone", "light");
    const { page } = visit;
    await page.getByRole("heading", { name: "Accounts" }).waitFor();
    await page.getByRole("button", { name: "Add an account" }).waitFor();
    own.endSession();
    await page.getByText("Home Assistant ended this session").first().waitFor();

    expect(await page.getByRole("heading", { name: "Sign in" }).count()).toBe(
      0,
    );
    await page.getByRole("button", { name: "Reload" }).first().waitFor();
    expect(await page.getByRole("heading", { name: "Accounts" }).count()).toBe(
      1,
    );
    visit.expectFaults(/WebSocket connection|status of 401/);
    await visit.check("access-ended");
    await visit.close();
    await own.stop();
  });

  test("shows who may only read no commands", async () => {
    const token = (await callApi(proxy, "POST", "api/tokens", {
      name: "display",
    })) as { token: string };
    const visit = await Visit.open(browser, proxy.url, "desktop", "light");
    await visit.context.setExtraHTTPHeaders({
      Authorization: `Bearer ${token.token}`,
    });
    await visit.page.goto(`${proxy.url}#/system`);
    await visit.page.reload();
    await visit.page.getByRole("heading", { name: "Health" }).waitFor();
    expect(await visit.page.getByRole("switch").count()).toBe(0);
    await visit.page.getByRole("link", { name: "Users & access" }).click();
    await visit.page.getByText("You are signed in as").waitFor();
    for (const name of ["Add an account", "Make a token", /^Sign out/])
      expect(await visit.page.getByRole("button", { name }).count()).toBe(0);
    expect(
      await visit.page.getByRole("link", { name: "Compose" }).count(),
    ).toBe(0);
    await visit.context.close();
  });
});
