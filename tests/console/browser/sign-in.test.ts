import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MATRIX, startBrowser, Visit } from "./browser.ts";
import { ADMIN, type Proxy, startProxy } from "./proxy.ts";
import {
  callApi,
  type MailServer,
  REFUSED,
  signIn,
  startMailServer,
} from "./public.ts";

let browser: Browser;
let proxy: Proxy;
let mail: MailServer;

beforeAll(async () => {
  browser = await startBrowser();
  proxy = await startProxy({ demo: false, ingress: false });
  mail = await startMailServer();
});

afterAll(async () => {
  await browser.close();
  await mail.stop();
  await proxy.stop();
});

async function visit(
  place = "",
  size: "phone" | "desktop" = "desktop",
): Promise<Visit> {
  const opened = await Visit.open(
    browser,
    `${proxy.url}${place}`,
    size,
    "light",
  );
  await opened.page.getByLabel("User name").waitFor();
  return opened;
}

describe("signing in", () => {
  test.each(MATRIX)("is a page of its own, %s, %s", async (size, theme) => {
    const cold = await Visit.open(browser, proxy.url, size, theme);
    await cold.page.getByRole("heading", { name: "Sign in" }).waitFor();

    await cold.check("sign-in");
    await cold.close();
  });

  test("offers its fields to password managers, outside any shadow", async () => {
    const cold = await visit();
    const fields = await cold.page.evaluate(() =>
      [...document.querySelectorAll("input")].map((field) => [
        field.name,
        field.type,
        field.autocomplete,
      ]),
    );

    expect(fields).toEqual([
      ["username", "text", "username"],
      ["password", "password", "current-password"],
    ]);
    await cold.close();
  });

  test("leads to the place that was wanted, by the keyboard alone, and out again", async () => {
    const { page, ...rest } = await visit("#/chargers?q=x");
    await page.getByLabel("User name").fill(ADMIN.username);
    await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
    await page.keyboard.press("Enter");
    await page
      .getByRole("heading", { name: "Waiting for the first connection" })
      .waitFor();
    expect(page.url()).toBe(`${proxy.url}#/chargers?q=x`);

    await page.getByRole("button", { name: "Sign out admin" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(rest.faults).toEqual([]);
    await rest.context.close();
  });

  test("says that a password is wrong, and how long to wait after many", async () => {
    const cold = await visit();
    const wrong = { username: "nobody", password: "wrong-password" };
    await signIn(cold.page, wrong);
    await cold.page.getByText("User name or password is wrong.").waitFor();
    cold.expectFaults(REFUSED);
    await cold.check("sign-in-wrong");
    const waiting = cold.page.getByRole("button", { name: /^Wait \d+ s$/ });
    while (!(await waiting.isVisible())) {
      const answered = cold.page.waitForResponse(/\/api\/session$/);
      await signIn(cold.page, wrong);
      await answered;
      await cold.page
        .getByRole("alert")
        .getByText(/wrong|attempts/)
        .waitFor();
    }
    await cold.page
      .getByText(/Too many attempts. Try again in \d+ s/)
      .waitFor();

    cold.expectFaults(/status of 4(01|29)/);
    await cold.close();
  });

  test("comes as a dialog when the session ends, and keeps what was entered", async () => {
    const kept = await visit();
    await signIn(kept.page, ADMIN);
    await kept.page.getByRole("button", { name: "Sign out admin" }).waitFor();
    await kept.page.getByRole("button", { name: "Appearance" }).waitFor();
    await kept.page.evaluate(() => {
      location.hash = "#/chargers?q=mine";
    });
    await kept.context.clearCookies();
    await callApi(proxy, "DELETE", "api/sessions?username=admin");
    // The stream asks again who one is when it comes back, else once a minute.
    await kept.say("offline");
    await kept.say("online");

    const dialog = kept.page.getByRole("dialog", { name: "Sign in" });
    await dialog.waitFor();
    // Slotted, the form is below the shell and not below the dialog.
    await kept.page.getByText("Your session has ended.").waitFor();
    kept.allowFaults(/status of 401|HTTP Authentication failed/);
    await kept.check("sign-in-again");
    await kept.page
      .getByLabel("Password", { exact: true })
      .fill(ADMIN.password);
    await kept.page.getByRole("button", { name: "Sign in" }).click();
    await dialog.waitFor({ state: "detached" });
    const live = kept.page.getByText("Live", { exact: true });
    await live.filter({ visible: true }).first().waitFor();
    expect(kept.page.url()).toBe(`${proxy.url}#/chargers?q=mine`);
    await kept.close();
  });
});

describe("a generated password", () => {
  test("is printed once, opens the console, and is to be replaced", async () => {
    const fresh = await startProxy({
      demo: false,
      ingress: false,
      environment: { OYE_API_INITIAL_ADMIN_PASSWORD: undefined },
    });
    const password = /^Password: (\S+)$/m.exec(fresh.output())?.[1] ?? "";
    const first = await Visit.open(browser, fresh.url, "phone", "light");
    await signIn(first.page, { username: "admin", password });
    const dialog = first.page.getByRole("dialog", { name: "Change password" });
    await dialog.waitFor();
    await first.check("first-password");

    await dialog.getByRole("button", { name: "Close" }).click();
    await first.page
      .getByRole("button", { name: "Choose your password" })
      .click();
    await first.page.getByLabel("Present password").fill("not-the-present");
    await first.page
      .getByLabel("New password", { exact: true })
      .fill("chosen-by-me");
    await first.page.getByLabel("New password again").fill("chosen-by-m");
    await first.page.getByRole("button", { name: "Set the password" }).click();
    await first.page.getByText("The two passwords differ.").waitFor();
    await first.page.getByLabel("New password again").fill("chosen-by-me");
    await first.page.getByRole("button", { name: "Set the password" }).click();
    await first.page.getByText("The present password is wrong.").waitFor();
    first.expectFaults(/status of 400/);
    await first.page.getByLabel("Present password").fill(password);
    await first.page.getByRole("button", { name: "Set the password" }).click();
    await dialog.waitFor({ state: "hidden" });

    expect(await first.page.getByText("generated password").count()).toBe(0);
    const chosen = { username: "admin", password: "chosen-by-me" };
    expect(
      await callApi(fresh, "GET", "api/session", undefined, chosen),
    ).toMatchObject({ generatedPassword: false });
    await first.close();
    await fresh.stop();
  });
});

describe("a forgotten password", () => {
  test("is set on the command line where no mail is sent", async () => {
    const lost = await visit();
    await lost.page.getByRole("button", { name: "Forgot password?" }).click();
    await lost.page.getByText("oye-proxy users passwd").waitFor();

    await lost.check("forgot-command-line");
    await lost.close();
  });

  test("is not set by a link where no mail is sent, which says so", async () => {
    const lost = await visit("", "phone");
    await lost.page.goto(`${proxy.url}#/reset/no-token-of-ours`);
    const password = lost.page.getByLabel("New password", { exact: true });
    await password.fill("remembered-one");
    await lost.page.getByLabel("New password again").fill("remembered-one");
    await lost.page.getByRole("button", { name: "Set the password" }).click();
    await lost.page.getByText("This link does not work").waitFor();

    expect(await password.count()).toBe(0);
    lost.expectFaults(/status of 40[019]/);
    await lost.check("reset-no-mail");
    await lost.page.getByRole("button", { name: "Forgot password?" }).click();
    await lost.page.getByText("oye-proxy users passwd").waitFor();
    await lost.close();
  });

  test("is replaced by the link of a mail, which works once", async () => {
    const person = { username: "eve", password: "forgotten-one" };
    await callApi(proxy, "POST", "api/users", {
      ...person,
      email: "eve@example.com",
    });
    await callApi(proxy, "PATCH", "api/mail", {
      server: "127.0.0.1",
      port: mail.port,
      security: "none",
      sender: "oye@example.com",
      publicUrl: proxy.url,
    });
    const lost = await visit("", "phone");
    await lost.page.getByRole("button", { name: "Forgot password?" }).click();
    await lost.page.getByLabel("User name or e-mail address").fill("eve");
    await lost.page.getByRole("button", { name: "Send the link" }).click();
    await lost.page
      .getByText("If the account exists, a mail is on its way.")
      .waitFor();
    await lost.check("forgot-sent");

    const link = await mail.link();
    await lost.page.goto(link);
    await lost.page
      .getByRole("heading", { name: "Choose a new password" })
      .waitFor();
    await lost.check("reset");
    await lost.page
      .getByLabel("New password", { exact: true })
      .fill("remembered-one");
    await lost.page.getByLabel("New password again").fill("remembered-one");
    await lost.page.getByRole("button", { name: "Set the password" }).click();
    await lost.page.getByText("Your password is changed.").waitFor();
    await signIn(lost.page, { ...person, password: "remembered-one" });
    await lost.page.getByText("Waiting for the first connection").waitFor();
    expect(lost.page.url()).not.toContain("reset");

    await lost.page.goto(link);
    await lost.page
      .getByLabel("New password", { exact: true })
      .fill("another-one");
    await lost.page.getByLabel("New password again").fill("another-one");
    await lost.page.getByRole("button", { name: "Set the password" }).click();
    await lost.page.getByText("This link is used up or too old.").waitFor();
    await callApi(proxy, "DELETE", "api/sessions?username=eve");
    await lost.page.reload();
    await lost.page
      .getByLabel("New password", { exact: true })
      .fill("another-one");
    await lost.page.getByLabel("New password again").fill("another-one");
    await lost.page.getByRole("button", { name: "Set the password" }).click();
    const another = lost.page.getByRole("button", { name: "Forgot password?" });
    await another.waitFor();
    lost.expectFaults(/status of 40[01]|WebSocket connection/);
    await lost.check("reset-expired");
    await another.click();
    await lost.page.getByRole("button", { name: "Send the link" }).waitFor();
    expect(lost.page.url()).not.toContain("reset");
    await lost.close();
  });
});
