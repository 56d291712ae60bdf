import type { ExchangeSummary } from "../api/types.gen.ts";
import { exchangeOf, gistIn, type Exchange, type Gap, type Row } from "./exchanges.ts";
import type { Units } from "./units.ts";

/** What was loaded of a gap; before `rest`, in milliseconds, more is missing. */
export interface Filling {
  readonly rows: readonly Exchange[];
  readonly rest: number | null;
}
export type Filled = ReadonlyMap<string, Filling>;

/**
 * Put what storage told before what passed since; an exchange of both stands in the first place, in its newest state.
 *
 * What was loaded of a gap follows its mark.
 */
export function joined(
  older: readonly Row[],
  passed: readonly Row[],
  filled: Filled = new Map(),
): readonly Row[] {
  if (older.length === 0 && filled.size === 0) return passed;
  const newest = new Map(passed.map((row) => [row.key, row]));
  const rows = new Map<string, Row>();
  const add = (row: Row): void => {
    if (!rows.has(row.key)) rows.set(row.key, newest.get(row.key) ?? row);
  };
  for (const row of [...older, ...passed]) {
    const filling = row.kind === "gap" ? filled.get(row.key) : undefined;
    if (row.kind === "exchange" || filling === undefined) add(row);
    else {
      rows.set(row.key, withFilling(row, filling));
      filling.rows.forEach(add);
    }
  }
  return [...rows.values()];
}

/** Put a page of storage before rows; a gap stands between them unless they overlap. */
export function standingBefore(page: readonly Exchange[], rows: readonly Row[]): readonly Row[] {
  const known = new Set(rows.map(({ key }) => key));
  const fresh = page.filter(({ key }) => !known.has(key));
  const last = page.at(-1);
  const first = rows[0];
  if (last === undefined || first === undefined || fresh.length < page.length) {
    return [...fresh, ...rows];
  }
  const gap: Gap = {
    kind: "gap",
    key: `skipped-${last.key}`,
    from: Date.parse(last.summary.time),
    until: begin(first) + 1,
    dropped: null,
    skipped: true,
  };
  return [...page, gap, ...rows];
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

/** Return how many exchanges began after a moment; null when rows of then are missing. */
export function countSince(
  rows: readonly Row[],
  moment: number,
  isComplete: boolean,
): number | null {
  const index = rows.findLastIndex((row) => begin(row) <= moment);
  const recent = rows.slice(index + 1);
  const misses = (index < 0 && !isComplete) || recent.some(({ kind }) => kind === "gap");
  return misses ? null : recent.length;
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
  return withWords(filter, `until:${iso(begin(row) + 1)}`);
}

/** Return a filter that finds an exchange by its key; null when it is none. */
export function filterOfKey(key: string): string | null {
  const microseconds = /^(\d{1,17})\//.exec(key)?.[1];
  if (microseconds === undefined) return null;
  const moment = Math.floor(Number(microseconds) / 1000);
  return withWords("", `since:${iso(moment)}`, `until:${iso(moment + 1)}`);
}

/** Say whether an exchange has a text in what its row shows, or in what OCPP says there. */
export function shows(exchange: Exchange, text: string, units: Units): boolean {
  const { action, gist, chargePointId, messageId, answer } = exchange.summary;
  const shown = gistIn(units, exchange.summary);
  const wanted = comparable(text);
  return [action, shown, gist, chargePointId, messageId, answer?.gist].some(
    (part) => typeof part === "string" && comparable(part).includes(wanted),
  );
}

// Amounts are written with spaces that no keyboard has.
function comparable(text: string): string {
  return text.toLowerCase().replace(/\s/g, " ");
}

function withFilling(gap: Gap, { rest }: Filling): Gap {
  return rest === null ? { ...gap, loaded: true } : { ...gap, until: rest };
}

function begin(row: Row): number {
  return row.kind === "gap" ? row.from : Date.parse(row.summary.time);
}

function withWords(...words: readonly string[]): string {
  return words.filter((word) => word !== "").join(" ");
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
