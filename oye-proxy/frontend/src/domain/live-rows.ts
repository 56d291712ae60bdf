import type { ExchangeSummary } from "../api/types.gen.ts";
import { exchangeOf, type Exchange, type Gap, type Row } from "./exchanges.ts";

export type Filled = ReadonlyMap<string, readonly Exchange[]>;

/**
 * Put what storage told before what passed since; an exchange of both stands in the first place, in its newest state.
 *
 * What was loaded of a gap follows its mark.
 */
export function joined(
  older: readonly Exchange[],
  passed: readonly Row[],
  filled: Filled = new Map(),
): readonly Row[] {
  if (older.length === 0 && filled.size === 0) return passed;
  const newest = new Map(passed.map((row) => [row.key, row]));
  const seen = new Set<string>();
  const rows: Row[] = [];
  const add = (row: Row): void => {
    if (seen.has(row.key)) return;
    seen.add(row.key);
    rows.push(row);
  };
  for (const row of older) add(newest.get(row.key) ?? row);
  for (const row of passed) {
    const loaded = row.kind === "gap" ? filled.get(row.key) : undefined;
    if (row.kind === "gap" && loaded !== undefined) {
      add({ ...row, loaded: true });
      for (const one of loaded) add(newest.get(one.key) ?? one);
    } else add(row);
  }
  return rows;
}

/** Return rows as they stood, each in its newest state. */
export function refreshed(held: readonly Row[], rows: readonly Row[]): readonly Row[] {
  const newest = new Map(rows.map((row) => [row.key, row]));
  return held.map((row) => newest.get(row.key) ?? row);
}

/** Return how many rows came after those that are held. */
export function countAfter(held: readonly Row[], rows: readonly Row[]): number {
  const last = held.at(-1)?.key;
  if (last === undefined) return rows.length;
  const index = rows.findLastIndex((row) => row.key === last);
  return rows.length - 1 - index;
}

/** Return a page of storage as rows, oldest first. */
export function oldestFirst(page: readonly ExchangeSummary[]): readonly Exchange[] {
  return page.map(exchangeOf).reverse();
}

/** Return a filter that holds within a gap only. */
export function filterOfGap(filter: string, gap: Gap): string {
  return withWords(filter, `since:${iso(gap.from)}`, `until:${iso(gap.until)}`);
}

/** Return a filter for what began at the latest when this row did. */
export function filterBefore(filter: string, row: Row): string {
  const moment = row.kind === "gap" ? row.from : Date.parse(row.summary.time);
  return withWords(filter, `until:${iso(moment + 1)}`);
}

/** Return a filter that finds an exchange by its key; null when it is none. */
export function filterOfKey(key: string): string | null {
  const microseconds = /^(\d{1,17})\//.exec(key)?.[1];
  if (microseconds === undefined) return null;
  const moment = Math.floor(Number(microseconds) / 1000);
  return withWords("", `since:${iso(moment)}`, `until:${iso(moment + 1)}`);
}

/** Say whether an exchange has a text in what its row shows. */
export function shows(exchange: Exchange, text: string): boolean {
  const { action, gist, chargePointId, messageId, answer } = exchange.summary;
  const wanted = text.toLowerCase();
  return [action, gist, chargePointId, messageId, answer?.gist].some(
    (part) => part?.toLowerCase().includes(wanted) ?? false,
  );
}

function withWords(...words: readonly string[]): string {
  return words.filter((word) => word !== "").join(" ");
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
