// Web Awesome's controls that most views use, one at a time; a view imports what it alone needs.
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/checkbox/checkbox.js";
import "@awesome.me/webawesome/dist/components/input/input.js";
import "@awesome.me/webawesome/dist/components/option/option.js";
import "@awesome.me/webawesome/dist/components/select/select.js";
import "@awesome.me/webawesome/dist/components/switch/switch.js";
import "@awesome.me/webawesome/dist/components/textarea/textarea.js";
import { registerIconLibrary } from "@awesome.me/webawesome/dist/components/icon/library.js";
import { ICONS } from "./icon-names.ts";
import { SPRITE } from "./oye-icon.ts";

// Web Awesome's own names for what we have under others.
const ALIASES = new Map([
  ["xmark", "close"],
  ["circle-xmark", "close"],
  ["circle-question", "question"],
  ["eye-slash", "eye-off"],
  ["indeterminate", "minus"],
  ["caret", "chevron-down"],
]);

/** Let Web Awesome's controls take their icons from our sprite; its own come from elsewhere. */
export function registerIcons(): void {
  const resolver = (name: string): string => {
    const ours = ALIASES.get(name) ?? name;
    return `${SPRITE}#${Object.hasOwn(ICONS, ours) ? ours : "circle"}`;
  };
  registerIconLibrary("default", { resolver, spriteSheet: true });
  registerIconLibrary("system", { resolver, spriteSheet: true });
}
