import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";

const FRONTEND = fileURLToPath(
  new URL("../../oye-proxy/frontend/", import.meta.url),
);
const KB = 1000;
// What more than one view needs, or one view on demand.
const SHARED = /^(?:oye-time-chart|code-mirror|oye-frame-list)/;

let folder: string;
let index: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "oye-console-budget-"));
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
  index = readFileSync(join(folder, "index.html"), "utf8");
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function assets(): readonly string[] {
  return readdirSync(join(folder, "assets")).filter((name) =>
    /\.(?:js|css)$/.test(name),
  );
}

function size(names: readonly string[]): number {
  return names
    .map(
      (name) =>
        gzipSync(readFileSync(join(folder, "assets", name)), { level: 9 })
          .length,
    )
    .reduce((sum, bytes) => sum + bytes, 0);
}

test("the first load is at most 120 kB", () => {
  expect(
    size(assets().filter((name) => index.includes(name))),
  ).toBeLessThanOrEqual(120 * KB);
});

test("each view that is loaded later is at most 20 kB", () => {
  const large = assets()
    .filter((name) => !index.includes(name) && !SHARED.test(name))
    .filter((name) => size([name]) > 20 * KB);

  expect(large).toEqual([]);
});

test("all together are at most 350 kB, one language of them", () => {
  const languages = /^(?:da|de|es|fr|it|nb|nl|pl|sv)-/;
  const one = assets().filter(
    (name) => !languages.test(name) || name.startsWith("de-"),
  );

  expect(size(one)).toBeLessThanOrEqual(350 * KB);
});

test("nothing is loaded from elsewhere, and nothing is inline", () => {
  expect(index).not.toMatch(/(?:src|href)="(?!\.\/assets\/)/);
  expect(index).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=/);
});
