import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { iconSprite } from "./icons.ts";
import { flatTemplates } from "./templates.ts";

export default defineConfig({
  base: "",
  publicDir: false,
  plugins: [iconSprite(), flatTemplates()],
  build: {
    target: "es2023",
    outDir: fileURLToPath(new URL("../src/oye_proxy/console", import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
