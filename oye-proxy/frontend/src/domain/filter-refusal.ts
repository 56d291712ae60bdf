/** Where the server stopped to understand a filter, and why. */
export interface Refusal {
  /** Counted from 1. */
  readonly position: number;
  readonly reason: string;
  readonly before: string;
  /** The word that it did not understand; empty at the end. */
  readonly word: string;
  readonly after: string;
}

/** Read the server's sentence on a filter; null when it names no place. */
export function refusalOf(sentence: string, filter: string): Refusal | null {
  const [, found, reason] = /at character (\d+): ([^]*)/.exec(sentence) ?? [];
  if (found === undefined) return null;
  const position = Number(found);
  const start = position - 1;
  const word = /^\S*/.exec(filter.slice(start))?.[0] ?? "";
  return {
    position,
    reason: reason ?? "",
    before: filter.slice(0, start),
    word,
    after: filter.slice(start + word.length),
  };
}
