import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const COMMAND = join(ROOT, ".venv/bin/oye-proxy");
const PYTHON = join(ROOT, ".venv/bin/python");
// The command itself, with the console of this run.
const LAUNCHER = `
import pathlib, sys
import oye_proxy.api.console as console
console.CONSOLE_FOLDER = pathlib.Path(sys.argv.pop(1))
from oye_proxy.__main__ import main
sys.exit(main())
`;

/** The account that a fresh proxy has. */
export const ADMIN = { username: "admin", password: "for-tests-only" };

/** A real proxy with data of its own; `stop` ends it and deletes them. */
export interface Proxy {
  readonly port: number;
  /** Where chargers and browsers come to. */
  readonly url: string;
  readonly ingressSocket: string;
  /** What it has printed since it was started last. */
  output(): string;
  stop(): Promise<void>;
  /** End it and start it again with the same data and port. */
  restart(whileAway?: () => Promise<void>): Promise<void>;
}

export interface ProxyOptions {
  /** Run the two simulated chargers and their CSMS; on unless false. */
  readonly demo?: boolean;
  /** Serve Home Assistant's ingress, as the app does; on unless false. */
  readonly ingress?: boolean;
  readonly arguments?: readonly string[];
  readonly environment?: Environment;
}

/** Variables; `undefined` takes one away. */
type Environment = Readonly<Record<string, string | undefined>>;

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
}

export async function startProxy(options: ProxyOptions = {}): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), "oye-console-"));
  const ingressSocket = join(folder, "ingress.sock");
  const port = await freePort();
  const start = (): Promise<Started> =>
    started(
      port,
      folder,
      {
        ...options.environment,
        OYE_SERVER_INGRESS_SOCKET:
          options.ingress === false ? undefined : ingressSocket,
      },
      [
        ...(options.demo === false ? [] : ["--demo"]),
        ...(options.arguments ?? []),
      ],
    );
  let { child, output } = await start();
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    ingressSocket,
    output: () => output(),
    async stop() {
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
    async restart(whileAway) {
      await ended(child);
      await whileAway?.();
      ({ child, output } = await start());
    },
  };
}

/** Run a simulated charger; it ends with the returned function. */
export function startCharger(
  proxy: Proxy,
  chargePointId: string,
  options: readonly string[] = [],
): () => Promise<void> {
  const url = `ws://127.0.0.1:${proxy.port}`;
  const child = spawn(
    COMMAND,
    ["simulate", "--url", url, "--id", chargePointId, ...options],
    {
      stdio: "ignore",
    },
  );
  return () => ended(child);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string")
    throw new Error("no port");
  return address.port;
}

async function started(
  port: number,
  folder: string,
  environment: Environment,
  extra: readonly string[],
): Promise<Started> {
  const where = [
    "--host",
    "127.0.0.1",
    "--port",
    String(port),
    "--data-dir",
    folder,
  ];
  const child = spawn(
    PYTHON,
    ["-c", LAUNCHER, inject("console"), "serve", ...where, ...extra],
    {
      env: {
        ...process.env,
        OYE_API_INITIAL_ADMIN_PASSWORD: ADMIN.password,
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (/^Ready\.$/m.test(output)) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => {
      reject(
        new Error(`The proxy ended with ${code ?? "a signal"}: ${output}`),
      );
    });
  });
  return { child, output: () => output };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await exit;
}
