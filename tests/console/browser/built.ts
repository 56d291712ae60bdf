import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const FRONTEND = fileURLToPath(
  new URL("../../../oye-proxy/frontend/", import.meta.url),
);

/** Build the console before the browser looks at it. */
export default function build(): void {
  if (process.env.OYE_CONSOLE_BUILT === "1") return;
  // As it is shipped: Vitest's own NODE_ENV would bring the development builds.
  const env = { ...process.env, NODE_ENV: "production" };
  execFileSync("npm", ["run", "--silent", "build"], {
    cwd: FRONTEND,
    env,
    stdio: "ignore",
  });
}
