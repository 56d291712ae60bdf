import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { iconSprite } from "./icons.ts";

const FRONTEND = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TESTS = `${ROOT}tests/console/`;

/** Let the tests, which lie outside this folder, import its packages. */
function packagesOfTheConsole(): Plugin {
  const require = createRequire(`${FRONTEND}package.json`);
  return {
    name: "oye-tests",
    enforce: "pre",
    async resolveId(source, importer) {
      const bare = !/^[./\0]/.test(source) && !source.startsWith("node:");
      if (!bare || !importer?.startsWith(TESTS)) return null;
      return (await this.resolve(source, `${FRONTEND}src/main.ts`)) ?? require.resolve(source);
    },
  };
}

const plugins = [packagesOfTheConsole(), iconSprite()];

export default defineConfig({
  root: FRONTEND,
  server: { fs: { allow: [ROOT] } },
  test: {
    projects: [
      {
        plugins,
        test: {
          name: "unit",
          dir: TESTS,
          include: ["**/*.test.ts"],
          exclude: ["browser/**"],
          environment: "node",
        },
      },
      {
        plugins,
        test: {
          name: "browser",
          dir: `${TESTS}browser`,
          include: ["**/*.test.ts"],
          globalSetup: [`${TESTS}browser/built.ts`],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
