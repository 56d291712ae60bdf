import type { FilterWord } from "../domain/filter.ts";
import { localize, localizeCode } from "./localize.ts";

/** Say a word of a filter in the reader's language. */
export function wordText({ kind, value, excludes, problem }: FilterWord): string {
  if (problem !== null) return localize(`filter.${problem}`, { value });
  const text = localizeCode("filter", kind, { value }) ?? `${kind}:${value}`;
  return excludes ? localize("filter.not", { text }) : text;
}
