import { ApiError, type ApiClient } from "../api/client.ts";
import type { Exchange, Gap, Row } from "../domain/exchanges.ts";
import {
  filterBefore,
  filterOfGap,
  joined,
  oldestFirst,
  standingBefore,
  type Filled,
} from "../domain/live-rows.ts";
import { readMatching } from "./exchange-search.ts";
import type { LiveStore } from "./live-store.ts";

const PAGE = 200;
const GAP_PAGES = 10;
// How many frames of those after a row are looked at when the page around it is read.
const FRAMES_AFTER = 100;
// A page may be empty and not the last; so many are asked for before the reader is.
const EMPTY_PAGES = 20;
// What passed just before the stream was followed, or followed again, may not be stored yet.
const STORED_AFTER = 1000;

/** Exchanges by a filter: what passes now, and storage behind it. */
export class ExchangeFeed {
  /** The first page has not arrived. */
  loading = true;
  /** A page of history is on its way. */
  paging = false;
  /** Why a page could not be loaded. */
  failure: unknown = null;
  /** What the server does not understand in the filter. */
  refusal: string | null = null;
  /** There is nothing older. */
  complete = false;
  /** When the first page has been read, or could not be. */
  first: Promise<void> = Promise.resolve();
  /** The rows from which the reader looks back; null while they follow the newest. */
  held: readonly Row[] | null = null;

  readonly #client: ApiClient;
  readonly #live: LiveStore;
  readonly #changed: () => void;
  #filter: string | null = null;
  #older: readonly Row[] = [];
  #before: number | null = null;
  #filled: Filled = new Map();
  readonly #filling = new Set<string>();
  readonly #tried = new Set<string>();
  #abort = new AbortController();
  #stopReturns: (() => void) | null = null;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #ringBegins: string | null = null;
  #from: readonly unknown[] = [];
  #rows: readonly Row[] = [];

  constructor(client: ApiClient, live: LiveStore, changed: () => void) {
    this.#client = client;
    this.#live = live;
    this.#changed = changed;
  }

  /** What there is, oldest first; the same array until something changed. */
  get rows(): readonly Row[] {
    const { rows } = this.#live;
    this.#noteForgotten(rows);
    if (this.#from[0] !== rows || this.#from[1] !== this.#older || this.#from[2] !== this.#filled) {
      this.#from = [rows, this.#older, this.#filled];
      this.#rows = joined(this.#older, rows, this.#filled);
      this.#fillMissed(rows);
    }
    return this.#rows;
  }

  /** What was read of storage, oldest first. */
  get history(): readonly Row[] {
    return this.#older;
  }

  /** Follow a filter from now on, with the newest page of storage. */
  open(filter: string): void {
    this.close();
    this.#filter = filter;
    this.#stopReturns = this.#live.onReturn(() => {
      if (this.failure !== null) void this.older();
    });
    this.#live.watchFrames(filter);
    this.#onceStored(() => void this.#readNewest());
    this.first = this.older();
  }

  /** Follow nothing. */
  close(): void {
    this.#abort.abort();
    this.#stopReturns?.();
    this.#abort = new AbortController();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    if (this.#filter !== null) this.#live.watchFrames(null);
    this.#filter = null;
    this.#older = [];
    this.#before = null;
    this.#filled = new Map();
    this.#filling.clear();
    this.#tried.clear();
    this.loading = true;
    this.paging = false;
    this.complete = false;
    this.failure = null;
    this.refusal = null;
    this.held = null;
  }

  /** Load one page more of history; nothing while one is on its way or when there is none. */
  async older(): Promise<void> {
    if (this.#filter === null || this.paging || this.complete) return;
    const { signal } = this.#abort;
    this.paging = true;
    this.failure = null;
    this.#changed();
    try {
      await this.#page(signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#fail(error);
    }
    if (signal.aborted) return;
    this.paging = false;
    this.loading = false;
    this.#changed();
  }

  /**
   * Load the page around a stored row; what lies between it and the rest is a gap.
   *
   * Returns false when the filter leaves the exchange out.
   */
  async around(key: string, row: number): Promise<boolean> {
    if (this.#filter === null || this.paging) return false;
    const { signal } = this.#abort;
    const body = { filter: this.#filter, before: row + FRAMES_AFTER, limit: PAGE };
    this.paging = true;
    try {
      const answer = await this.#client.call("POST /api/exchanges/search", { body, signal });
      const page = oldestFirst(answer.exchanges);
      if (!page.some((one) => one.key === key)) return false;
      const passed = this.#older.length === 0 ? this.#live.rows.slice(0, 1) : this.#older;
      this.#older = standingBefore(page, passed);
      this.#before = answer.nextBefore;
      this.complete = answer.nextBefore === null;
      return true;
    } finally {
      if (!signal.aborted) this.paging = false;
      this.#changed();
    }
  }

  /** Load what is missing at a gap, the newest first; what is too much stays missing. */
  async fill(gap: Gap): Promise<void> {
    if (this.#filter === null || this.#filling.has(gap.key)) return;
    this.#filling.add(gap.key);
    const { signal } = this.#abort;
    try {
      const { exchanges, isAll } = await readMatching(this.#client, {
        filter: filterOfGap(this.#filter, gap),
        most: GAP_PAGES * PAGE,
        signal,
      });
      const first = exchanges[0];
      const rest = isAll || first === undefined ? null : Date.parse(first.summary.time) + 1;
      const rows = [...exchanges, ...(this.#filled.get(gap.key)?.rows ?? [])];
      this.#filled = new Map(this.#filled).set(gap.key, { rows, rest });
    } catch (error) {
      if (signal.aborted) return;
      this.failure = error;
    } finally {
      this.#filling.delete(gap.key);
    }
    this.#changed();
  }

  async #page(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; attempt < EMPTY_PAGES; attempt += 1) {
      const body = { filter: this.#pageFilter(), before: this.#before, limit: PAGE };
      const answer = await this.#client.call("POST /api/exchanges/search", { body, signal });
      if (signal.aborted) return;
      const page = oldestFirst(answer.exchanges);
      this.#older = [...page, ...this.#older];
      this.#before = answer.nextBefore;
      this.complete = answer.nextBefore === null;
      if (this.complete || page.length > 0) return;
    }
  }

  async #readNewest(): Promise<void> {
    if (this.loading || this.refusal !== null) return;
    const { signal } = this.#abort;
    try {
      const body = { filter: this.#filter ?? "", before: null, limit: PAGE };
      const answer = await this.#client.call("POST /api/exchanges/search", { body, signal });
      const late = this.#unseen(oldestFirst(answer.exchanges));
      if (signal.aborted || late.length === 0) return;
      this.#older = [...this.#older, ...late];
      this.#changed();
    } catch {
      // The first page stands; what is missing comes with the next one.
    }
  }

  // Of a page: what is neither in history nor, from where the ring begins, in the ring.
  #unseen(page: readonly Exchange[]): readonly Exchange[] {
    const passed = new Set(this.#live.rows.map(({ key }) => key));
    const begins = page.findIndex(({ key }) => passed.has(key));
    const known = new Set(this.#older.map(({ key }) => key));
    return page.slice(0, begins < 0 ? page.length : begins).filter(({ key }) => !known.has(key));
  }

  // After the ring forgot rows, storage is read from where the reader's rows begin.
  #pageFilter(): string {
    const filter = this.#filter ?? "";
    const first = this.held?.[0] ?? this.#live.rows[0];
    if (this.#before !== null || this.loading || first === undefined) return filter;
    return filterBefore(filter, first);
  }

  #fail(error: unknown): void {
    if (error instanceof ApiError && error.status === 400) {
      this.refusal = error.message;
      this.complete = true;
      this.#live.watchFrames(null);
    } else this.failure = error;
  }

  #noteForgotten(rows: readonly Row[]): void {
    if (this.held !== null) return;
    const begins = rows[0]?.key ?? null;
    const forgot =
      this.#ringBegins !== null &&
      begins !== null &&
      begins !== this.#ringBegins &&
      this.#older.length > 0;
    this.#ringBegins = begins;
    if (!forgot) return;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#older = [];
    this.#before = null;
    this.complete = false;
    this.paging = false;
  }

  // What was missed while the connection was away is in storage: it is fetched without asking.
  #fillMissed(rows: readonly Row[]): void {
    for (const row of rows) {
      if (row.kind !== "gap" || row.dropped !== null || this.#tried.has(row.key)) continue;
      this.#tried.add(row.key);
      this.#onceStored(() => void this.fill(row));
    }
  }

  #onceStored(act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, STORED_AFTER);
    this.#timers.add(timer);
  }
}
