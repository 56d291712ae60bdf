import { type FilterWord, formatFilter, parseFilter } from "./filter.ts";

/** The ranges of time that are offered: so much until now. */
export const RANGES = ["1h", "24h"] as const;

/** Return which range a filter has: one that is offered, `own`, or none, which is empty. */
export function rangeOf(words: readonly FilterWord[]): string {
  const since = words.find(({ kind }) => kind === "since")?.value ?? "";
  const hasUntil = words.some(({ kind }) => kind === "until");
  const isOffered = (RANGES as readonly string[]).includes(since);
  return hasUntil || (since !== "" && !isOffered) ? "own" : since;
}

/** Return the filter with another range of time; what is empty is left out. */
export function withRange(text: string, since: string, until: string): string {
  const words = parseFilter(text).filter(({ kind }) => kind !== "since" && kind !== "until");
  const ends = [
    ["since", since],
    ["until", until],
  ] as const;
  const added = ends.flatMap(([kind, value]): FilterWord[] =>
    value === "" ? [] : [{ kind, value, excludes: false, problem: null }],
  );
  return formatFilter([...words, ...added]);
}
