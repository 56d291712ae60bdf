import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as mdi from "@mdi/js";
import type { Plugin } from "vite";
import { ICONS } from "./src/elements/icon-names.ts";

const SPRITE = fileURLToPath(new URL("src/elements/icons.gen.svg", import.meta.url));
const PATHS = new Map(Object.entries(mdi));

/** Write the one sprite of all icons that the console shows. */
export function iconSprite(): Plugin {
  return {
    name: "oye-icons",
    buildStart() {
      writeFileSync(SPRITE, sprite());
    },
  };
}

function sprite(): string {
  const symbols = Object.entries(ICONS).map(([name, icon]) => {
    const path = PATHS.get(icon);
    if (path === undefined) throw new Error(`@mdi/js has no ${icon}, wanted as ${name}`);
    return `<symbol id="${name}" viewBox="0 0 24 24"><path fill="currentColor" d="${path}"/></symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}
