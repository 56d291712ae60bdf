import { asTheme, type Preferences } from "./preferences.ts";

/** Keep the root's class at the theme: Web Awesome switches by class, not by media query. */
export function followTheme(preferences: Preferences, search = window.location.search): void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const embedded = asTheme(new URLSearchParams(search).get("theme"));
  const apply = (): void => {
    const wished = embedded ?? preferences.values.theme;
    const isDark = wished === "dark" || (wished === "system" && dark.matches);
    const root = document.documentElement.classList;
    root.toggle("wa-dark", isDark);
    root.toggle("wa-light", !isDark);
    window.dispatchEvent(new Event("oye-theme"));
  };
  dark.addEventListener("change", apply);
  preferences.subscribe(apply);
  apply();
}
