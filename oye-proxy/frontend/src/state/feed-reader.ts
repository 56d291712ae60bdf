import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { ApiClient } from "../api/client.ts";
import type { Gap, Row } from "../domain/exchanges.ts";
import { countAfter, countSince, refreshed } from "../domain/live-rows.ts";
import { ExchangeFeed } from "./exchange-feed.ts";
import { rowOf } from "./exchange-search.ts";
import type { LiveStore } from "./live-store.ts";

const MINUTE = 60_000;

/** What a reader sees of a feed: the newest rows, or those that they hold while they look back. */
export class FeedReader implements ReactiveController {
  #feed: ExchangeFeed | null = null;
  #opened: string | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly client: () => ApiClient,
    private readonly live: () => LiveStore,
  ) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#feed?.close();
    this.#opened = null;
  }

  get feed(): ExchangeFeed {
    this.#feed ??= new ExchangeFeed(this.client(), this.live(), () => {
      this.host.requestUpdate();
    });
    return this.#feed;
  }

  /** The rows to show; those that are held stand still, each in its newest state. */
  get rows(): readonly Row[] {
    const { held, rows } = this.feed;
    return held === null ? rows : refreshed(held, rows);
  }

  /** Whether the newest row is followed. */
  get follows(): boolean {
    return this.feed.held === null;
  }

  /** How many rows came after those that are held. */
  get newer(): number {
    const { held, rows } = this.feed;
    return held === null ? 0 : countAfter(held, rows);
  }

  /** How many exchanges began within the last minute; null when that is not known. */
  get perMinute(): number | null {
    const { rows, complete } = this.feed;
    return this.live().perMinute ?? countSince(rows, Date.now() - MINUTE, complete);
  }

  /** Follow a filter from now on; returns false when it is followed already. */
  open(filter: string): boolean {
    if (filter === this.#opened) return false;
    this.#opened = filter;
    this.feed.open(filter);
    return true;
  }

  /**
   * Hold a row, and the page around it; returns its key, null when the filter leaves it out.
   *
   * `at` is a key, or a stored row.
   */
  async locate(at: string): Promise<string | null> {
    const opened = this.#opened;
    await this.feed.first;
    const known = this.#has(at) ? at : await this.#load(at);
    if (known === null || opened !== this.#opened) return null;
    this.follow(false);
    return known;
  }

  /** Follow the newest row, or hold what is there. */
  follow(follows: boolean): void {
    this.#hold(follows ? null : this.feed.rows);
  }

  /** Load one page more of history; it stands before what is held. */
  async older(): Promise<void> {
    await this.feed.older();
    const { held, history } = this.feed;
    if (held === null) return;
    const known = new Set(held.map(({ key }) => key));
    const older = history.filter(({ key }) => !known.has(key));
    if (older.length > 0) this.#hold([...older, ...held]);
  }

  /** Load what is missing at a gap. */
  async fill(gap: Gap): Promise<void> {
    await this.feed.fill(gap);
    if (!this.follows) this.follow(false);
  }

  async #load(at: string): Promise<string | null> {
    const client = this.client();
    const row = await rowOf(client, at);
    if (row === null) return null;
    const path = { frame_row: row };
    const key =
      at === String(row)
        ? (await client.call("GET /api/exchanges/{frame_row}", { path })).exchange.key
        : at;
    return this.#has(key) || (await this.feed.around(key, row)) ? key : null;
  }

  #has(key: string): boolean {
    return this.rows.some((row) => row.key === key);
  }

  #hold(rows: readonly Row[] | null): void {
    this.feed.held = rows;
    this.host.requestUpdate();
  }
}
