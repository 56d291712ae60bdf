import type { SettingsExport } from "../api/types.gen.ts";

/** Return what a file of exported settings holds; null when it is none. The server checks the rest. */
export function settingsOfFile(text: string): SettingsExport | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject && "version" in value ? (value as SettingsExport) : null;
  } catch {
    return null;
  }
}
