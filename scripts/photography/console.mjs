// What scripts/pictures runs: starts a proxy with two chargers that charge, commands one of them,
// and photographs its page and the stream.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { smaller } from "./png.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PICTURES = join(ROOT, "docs/pictures");
const PROGRAM = join(ROOT, ".venv/bin/oye-proxy");
const { chromium } = createRequire(
  join(ROOT, "oye-proxy/frontend/package.json"),
)("playwright-core");
const PASSWORD = "for-pictures-only";
const SIZE = { width: 1280, height: 800 };
const CHARGERS = [
  ["Garage", "ocpp1.6", "1"],
  ["Carport", "ocpp2.0.1", "2"],
];
const LIMIT_A = 10;
const CURVE_SECONDS = 30;
const LIMITED_SECONDS = 12;

const folder = mkdtempSync(join(tmpdir(), "oye-pictures-"));
const children = [];

async function main() {
  const [port, csms] = [await freePort(), await freePort()];
  start("simulate", "--csms", `${csms}`);
  const proxy = start(
    ...[
      "serve",
      "--host",
      "127.0.0.1",
      "--port",
      `${port}`,
      "--data-dir",
      folder,
    ],
    ...["--csms-url", `ws://127.0.0.1:${csms}/ocpp`],
  );
  await says(proxy, /^Ready\.$/m);
  for (const [id, protocol, connectors] of CHARGERS) {
    start(
      ...[
        "simulate",
        "--url",
        `ws://127.0.0.1:${port}`,
        "--id",
        id,
        "--protocol",
        protocol,
      ],
      ...["--connectors", connectors, "--plug-in", "--interval", "2"],
    );
  }
  const executablePath = process.env.OYE_CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    await photograph(browser, `http://127.0.0.1:${port}/`);
  } finally {
    await browser.close();
  }
}

async function photograph(browser, url) {
  mkdirSync(PICTURES, { recursive: true });
  const page = await signedIn(browser, url, "light");
  await page.goto(`${url}#/chargers/Garage`);
  await page.getByText("Preparing").first().waitFor();
  for (const [id] of CHARGERS) {
    await call(url, "POST", `api/chargers/${id}/start?wait=30`, {
      connectorId: 1,
      idTag: "04A2B6C1",
    });
  }
  await passes(CURVE_SECONDS);
  await call(url, "POST", "api/chargers/Garage/limit?wait=30", {
    limitA: LIMIT_A,
  });
  await passes(LIMITED_SECONDS);
  await keep(page, "charger");

  const stream = await signedIn(browser, url, "dark");
  await stream.goto(`${url}#/live`);
  const row = stream
    .getByRole("article")
    .filter({ hasText: "SetChargingProfile" })
    .last();
  await row.waitFor();
  await stream.getByRole("button", { name: "Pause" }).click();
  await row.click();
  await stream.getByRole("tab", { name: "Tree" }).waitFor();
  await stream.getByRole("searchbox", { name: "Filter" }).hover();
  await passes(1);
  await keep(stream, "live");
}

async function keep(page, name) {
  writeFileSync(
    join(PICTURES, `${name}.png`),
    smaller(await page.screenshot()),
  );
}

async function signedIn(browser, url, colorScheme) {
  const context = await browser.newContext({
    viewport: SIZE,
    colorScheme,
    locale: "en-GB",
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator("input[name=username]").fill("admin");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Chargers" }).waitFor();
  return page;
}

async function call(url, method, path, body) {
  const answer = await fetch(new URL(path, url), {
    method,
    headers: {
      Authorization: `Basic ${btoa(`admin:${PASSWORD}`)}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
}

function start(...command) {
  const child = spawn(PROGRAM, command, {
    env: { ...process.env, OYE_API_INITIAL_ADMIN_PASSWORD: PASSWORD },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return child;
}

async function says(child, pattern) {
  let output = "";
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    output += chunk;
    if (pattern.test(output)) break;
  }
  child.stdout.resume();
}

function passes(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

try {
  await main();
} finally {
  for (const child of children.filter(({ exitCode }) => exitCode === null)) {
    child.kill();
    await once(child, "exit");
  }
  rmSync(folder, { recursive: true, force: true });
}
