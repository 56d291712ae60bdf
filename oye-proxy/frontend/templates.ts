import type { Plugin } from "vite";

const MARKUP = /\/src\/(?:elements|styles|views|app|main)[^?]*\.ts$/;

/** Take the indentation out of sources with templates: no minifier touches what stands in those. */
export function flatTemplates(): Plugin {
  return {
    name: "oye-templates",
    enforce: "pre",
    apply: "build",
    transform(code, id) {
      return MARKUP.test(id) ? { code: code.replace(/\n[ \t]+/g, "\n"), map: null } : null;
    },
  };
}
