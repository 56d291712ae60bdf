import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

const FRONTEND = fileURLToPath(
  new URL("../../../oye-proxy/frontend/", import.meta.url),
);

declare module "vitest" {
  interface ProvidedContext {
    /** Where this run's console lies. */
    console: string;
  }
}

/** Build the console into a folder of this run, so that runs do not meet. */
export default function build(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "oye-console-build-"));
  // As it is shipped: Vitest's own NODE_ENV would bring the development builds.
  const env = { ...process.env, NODE_ENV: "production" };
  const command = [
    "exec",
    "--",
    "vite",
    "build",
    "--logLevel",
    "warn",
    "--outDir",
    folder,
  ];
  execFileSync("npm", [...command, "--emptyOutDir"], {
    cwd: FRONTEND,
    env,
    stdio: "ignore",
  });
  project.provide("console", folder);
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
