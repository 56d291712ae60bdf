import { spawn } from "node:child_process";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { ADMIN, freePort, type Proxy } from "./proxy.ts";

const PYTHON = fileURLToPath(
  new URL("../../../.venv/bin/python", import.meta.url),
);

/** What the browser says of every 401. */
export const REFUSED = /status of 401/;

export interface Account {
  readonly username: string;
  readonly password: string;
}

/** Type a name and its password into the form, and send it. */
export async function signIn(page: Page, account: Account): Promise<void> {
  await page.getByLabel("User name").fill(account.username);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Call the API as a script would; returns its JSON. */
export async function callApi(
  proxy: Proxy,
  method: string,
  path: string,
  body?: unknown,
  account: Account = ADMIN,
): Promise<unknown> {
  const pair = Buffer.from(`${account.username}:${account.password}`);
  const answer = await fetch(new URL(path, proxy.url), {
    method,
    headers: {
      Authorization: `Basic ${pair.toString("base64")}`,
      "Content-Type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
  return JSON.parse(text) as unknown;
}

export interface MailServer {
  readonly port: number;
  /** Return the link of the first mail, once it has come. */
  link(): Promise<string>;
  stop(): Promise<void>;
}

/** A real SMTP server on this machine that keeps what it gets. */
export async function startMailServer(): Promise<MailServer> {
  const port = await freePort();
  const handler = "aiosmtpd.handlers.Debugging";
  const where = ["-n", "-l", `127.0.0.1:${port}`, "-c", handler, "stdout"];
  const child = spawn(PYTHON, ["-u", "-m", "aiosmtpd", ...where], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let received = "";
  child.stdout.on("data", (chunk: Buffer) => (received += chunk.toString()));
  await listens(port);
  return {
    port,
    async link() {
      const whole = (): string | undefined =>
        /http\S+#\/reset\/\S+(?=\s)/.exec(received)?.[0];
      while (whole() === undefined)
        await new Promise((resolve) => child.stdout.once("data", resolve));
      return whole() ?? "";
    },
    async stop() {
      const exit = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await exit;
    },
  };
}

async function listens(port: number): Promise<void> {
  for (;;) {
    const opened = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => {
        resolve(false);
      });
    });
    if (opened) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
