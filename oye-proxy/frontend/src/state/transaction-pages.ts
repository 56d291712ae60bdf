import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { ApiClient } from "../api/client.ts";
import type { TransactionEntry } from "../api/types.gen.ts";
import { isSameFilter, joined, type TransactionFilter } from "../domain/transaction-list.ts";

const PAGE = 200;

/** Transactions by a filter, newest first, page by page. */
export class TransactionPages implements ReactiveController {
  filter: TransactionFilter = {};
  /** What was read; null before the first page. */
  entries: readonly TransactionEntry[] | null = null;
  /** There are older ones. */
  hasMore = false;
  loading = false;
  /** Why the last page could not be read. */
  failure: unknown = null;
  #before: number | null = null;
  #asked = 0;

  constructor(
    private readonly host: Pick<ReactiveControllerHost, "addController" | "requestUpdate">,
    private readonly client: () => ApiClient,
  ) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#asked += 1;
    this.loading = false;
  }

  /** Read by a filter, unless that was done already. */
  open(filter: TransactionFilter): void {
    if (isSameFilter(filter, this.filter) && this.entries !== null) return;
    this.filter = filter;
    void this.#load(null);
  }

  /** Read the newest page anew. */
  reload(): void {
    void this.#load(null);
  }

  /** Read one page more; nothing while one is on its way or when there is none. */
  older(): void {
    if (this.hasMore && !this.loading) void this.#load(this.#before);
  }

  async #load(before: number | null): Promise<void> {
    const asked = (this.#asked += 1);
    this.loading = true;
    this.host.requestUpdate();
    try {
      const query = { ...this.filter, limit: PAGE, ...(before === null ? {} : { before }) };
      const found = await this.client().call("GET /api/transactions", { query });
      if (asked !== this.#asked) return;
      const known = before === null ? null : this.entries;
      this.entries = known === null ? found.transactions : joined(known, found.transactions);
      this.#before = found.nextBefore;
      this.hasMore = found.nextBefore !== null;
      this.failure = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.failure = error;
    }
    this.loading = false;
    this.host.requestUpdate();
  }
}
