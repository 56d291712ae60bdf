import type { ApiClient } from "../api/client.ts";
import type { Exchange } from "../domain/exchanges.ts";
import { filterOfKey, oldestFirst } from "../domain/live-rows.ts";

const PAGE = 200;

export interface Search {
  readonly filter: string;
  /** How many exchanges are read at the most, counted in whole pages. */
  readonly most: number;
  readonly signal: AbortSignal;
  /** Hears how many were read so far. */
  readonly onProgress?: (count: number) => void;
}

export interface Found {
  /** Oldest first. */
  readonly exchanges: readonly Exchange[];
  /** There are no older ones. */
  readonly isAll: boolean;
}

/** Read all stored exchanges that match, page by page, the newest first; stop at the bound. */
export async function readMatching(client: ApiClient, search: Search): Promise<Found> {
  const { filter, most, signal, onProgress } = search;
  const pages: (readonly Exchange[])[] = [];
  let before: number | null = null;
  // A page may be empty and not the last: such pages count as well.
  for (let read = 0; read < most; read += PAGE) {
    const body: { filter: string; before: number | null; limit: number } = {
      filter,
      before,
      limit: PAGE,
    };
    const answer = await client.call("POST /api/exchanges/search", { body, signal });
    pages.unshift(oldestFirst(answer.exchanges));
    before = answer.nextBefore;
    if (before === null) break;
    onProgress?.(pages.reduce((count, page) => count + page.length, 0));
  }
  return { exchanges: pages.flat(), isAll: before === null };
}

/** Return the stored row of an exchange; `at` is its key, or a row. Null when it is not stored. */
export async function rowOf(client: ApiClient, at: string): Promise<number | null> {
  if (/^\d+$/.test(at)) return Number(at);
  const filter = filterOfKey(at);
  if (filter === null) return null;
  const { exchanges } = await client.call("POST /api/exchanges/search", {
    body: { filter, limit: PAGE },
  });
  return exchanges.find(({ key }) => key === at)?.id ?? null;
}
