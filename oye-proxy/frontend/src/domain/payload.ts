import type { Json } from "./schema-form.ts";

/** Read a payload as people type it; null when it is no JSON object. */
export function readObject(text: string): Readonly<Record<string, Json>> | null {
  try {
    const value = JSON.parse(text) as Json;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, Json>>) : null;
  } catch {
    return null;
  }
}
