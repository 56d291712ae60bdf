import type { ExchangeSummary } from "../api/types.gen.ts";
import type { Units } from "./units.ts";

/** A CALL with its answer, or a frame that stands alone. */
export interface Exchange {
  readonly kind: "exchange";
  /** The same while it passes and when it is stored. */
  readonly key: string;
  readonly summary: ExchangeSummary;
}

/** Exchanges that this browser did not see, or dropped; times are in milliseconds. */
export interface Gap {
  readonly kind: "gap";
  readonly key: string;
  readonly from: number;
  readonly until: number;
  readonly dropped: number | null;
  /** What was missing follows. */
  readonly loaded?: boolean;
  /** Not missed, but left out on the way to an older row. */
  readonly skipped?: boolean;
}

export type Row = Exchange | Gap;

/** Return a row for what the server told. */
export function exchangeOf(summary: ExchangeSummary): Exchange {
  return { kind: "exchange", key: summary.key, summary };
}

/** Say whether an exchange ended in an error, or was none. */
export function isFault({ state }: ExchangeSummary): boolean {
  return state === "error" || state === "malformed";
}

/** Return the bytes of request and answer together. */
export function sizeOf(summary: ExchangeSummary): number {
  return summary.size + (summary.answer?.size ?? 0);
}

/** Return the gist of request and answer together; empty when neither has one. */
export function gistOf({ gist, answer }: ExchangeSummary): string {
  return [gist, answer?.gist ?? ""].filter((part) => part !== "").join(" · ");
}

const AMOUNT = /(?<![\w.])(-?\d{1,9}(?:\.\d{1,3})?) (k?Wh?|A|V|Percent)(?!\w)/g;

/** Return the gist as a language writes its amounts: the server knows no language. */
export function gistIn(units: Units, summary: ExchangeSummary): string {
  return gistOf(summary).replace(AMOUNT, (_, amount: string, unit: string) =>
    units.value(Number(amount), unit === "Percent" ? "%" : unit),
  );
}

/** The newest rows, oldest first; what is beyond its room is forgotten. */
export class RowRing {
  #rows: Row[] = [];
  #first = 0;
  #gaps = 0;
  readonly #positions = new Map<string, number>();

  constructor(private readonly room = 5000) {}

  /** The rows; a new array after each change. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Take exchanges in; one that is there already is replaced by its newer state. Returns how many are new. */
  put(summaries: readonly ExchangeSummary[]): number {
    if (summaries.length === 0) return 0;
    const before = this.#positions.size;
    this.#rows = this.#rows.slice();
    for (const summary of summaries) this.#put(exchangeOf(summary));
    const added = this.#positions.size - before;
    this.#forget();
    return added;
  }

  /** Mark that exchanges are missing here. */
  putGap(from: number, until: number, dropped: number | null): void {
    this.#gaps += 1;
    this.#rows = this.#rows.slice();
    this.#put({ kind: "gap", key: `gap-${this.#gaps}`, from, until, dropped });
    this.#forget();
  }

  clear(): void {
    this.#first = 0;
    this.#rows = [];
    this.#positions.clear();
  }

  #put(row: Row): void {
    const position = this.#positions.get(row.key);
    if (position !== undefined) {
      this.#rows[position - this.#first] = row;
      return;
    }
    this.#positions.set(row.key, this.#first + this.#rows.length);
    this.#rows.push(row);
  }

  #forget(): void {
    const surplus = this.#rows.length - this.room;
    if (surplus <= 0) return;
    for (const row of this.#rows.slice(0, surplus)) this.#positions.delete(row.key);
    this.#rows = this.#rows.slice(surplus);
    this.#first += surplus;
  }
}
