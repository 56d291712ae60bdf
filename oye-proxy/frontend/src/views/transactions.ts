import { consume } from "@lit/context";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import { filterOf } from "../domain/transaction-list.ts";
import { download } from "../elements/download.ts";
import { OyeElement } from "../elements/oye-element.ts";
import "../elements/oye-notice.ts";
import "../elements/oye-skeleton.ts";
import { toast } from "../elements/oye-toasts.ts";
import "../elements/oye-transaction-filters.ts";
import type { TransactionChoice } from "../elements/oye-transaction-filters.ts";
import "../elements/oye-transaction-table.ts";
import "../elements/oye-transaction-totals.ts";
import type { TotalsBy } from "../elements/oye-transaction-totals.ts";
import { replaceQuery, type Route } from "../router.ts";
import { clientContext, liveContext } from "../state/contexts.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import { OnReturn } from "../state/on-return.ts";
import { TransactionPages } from "../state/transaction-pages.ts";
import { base, page, panel, plainButton } from "../styles/shared.ts";
import { errorText } from "../texts/errors.ts";
import { localize } from "../texts/localize.ts";

/** All transactions, newest first, with what they amount to. */
@customElement("oye-view-transactions")
export class OyeViewTransactions extends OyeElement {
  static override styles = [
    base,
    page,
    panel,
    plainButton,
    css`
      .stack {
        display: grid;
        gap: var(--oye-space-3);
      }
      .news {
        display: flex;
        gap: var(--oye-space-2);
        padding: var(--oye-space-2) var(--oye-space-3);
        border-block-end: 1px solid var(--oye-border);
      }
      .more {
        display: flex;
        justify-content: center;
        padding: var(--oye-space-2);
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @consume({ context: liveContext }) readonly live!: LiveStore;
  @property({ attribute: false }) route!: Route;
  /** A transaction began or ended since the list was read. */
  @state() private _news = false;
  @state() private _generation = 0;
  // Personal data: kept out of the address.
  @state() private _tag = "";
  @query(".more") private readonly _end!: HTMLElement | null;
  protected readonly observeLive = new Observe(this, () => this.live);
  protected readonly onReturn = new OnReturn(this, () => {
    this.#reload();
  });
  readonly #pages = new TransactionPages(this, () => this.client);
  #stopEvents: (() => void) | null = null;
  readonly #end = new IntersectionObserver((seen) => {
    if (seen.some(({ isIntersecting }) => isIntersecting)) this.#pages.older();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopEvents = this.live.onEvent(({ event }) => {
      if (event.startsWith("transaction_")) this._news = true;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopEvents?.();
    this.#end.disconnect();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("route") && !changed.has("_tag")) return;
    this.#pages.open(filterOf(this.route.query, this._tag, Date.now()));
  }

  // What is still in sight after a page was added is not told again unless it is observed anew.
  protected override updated(): void {
    this.#end.disconnect();
    const { loading, failure } = this.#pages;
    if (this._end !== null && !loading && failure === null) this.#end.observe(this._end);
  }

  protected override render(): unknown {
    return html`<div class="head">
        <h1>${localize("view.transactions")}</h1>
        <div class="tools">
          <wa-button size="s" appearance="outlined" @click=${this.#export}
            >${localize("transactions.csv")}</wa-button
          >
        </div>
      </div>
      <div class="stack">
        <oye-transaction-filters
          .query=${this.route.query}
          .idTag=${this._tag}
          .chargers=${[...this.live.chargers.keys()]}
          @oye-choice=${this.#choose}
          @oye-tag=${this.#setTag}
        ></oye-transaction-filters>
        <oye-transaction-totals
          .filter=${this.#pages.filter}
          .by=${this.#by}
          .generation=${this._generation}
          @oye-by=${this.#setBy}
        ></oye-transaction-totals>
        ${this.#error()} ${this.#list()}
      </div>`;
  }

  #error(): unknown {
    const { failure } = this.#pages;
    if (failure === null) return nothing;
    return html`<oye-notice kind="error" retry @oye-retry=${this.#reload}
      >${errorText(failure)}</oye-notice
    >`;
  }

  #list(): unknown {
    const { entries, failure } = this.#pages;
    if (entries === null && failure !== null) return nothing;
    if (entries === null) return html`<oye-skeleton shape="rows" count="8"></oye-skeleton>`;
    return html`<section class="panel" aria-label=${localize("view.transactions")}>
      ${this._news ? this.#news() : nothing}
      ${
        entries.length === 0
          ? this.#empty()
          : html`<oye-transaction-table
              .entries=${entries}
              .chargers=${this.live.chargers}
            ></oye-transaction-table>`
      }
      ${this.#pages.hasMore ? this.#more() : nothing}
    </section>`;
  }

  #news(): unknown {
    return html`<div class="news" role="status">
      ${localize("transactions.news")}
      <button class="link" type="button" @click=${this.#reload}>
        ${localize("transactions.show_news")}
      </button>
    </div>`;
  }

  #empty(): unknown {
    if (!this.#isFiltered) {
      return html`<div class="body"><p>${localize("transactions.empty")}</p></div>`;
    }
    return html`<div class="body">
      <p>${localize("transactions.none_match")}</p>
      <button class="link" type="button" @click=${this.#clear}>
        ${localize("transactions.show_all")}
      </button>
    </div>`;
  }

  #more(): unknown {
    return html`<div class="more">
      <wa-button size="s" appearance="plain" ?loading=${this.#pages.loading} @click=${this.#older}
        >${localize("transactions.older")}</wa-button
      >
    </div>`;
  }

  get #isFiltered(): boolean {
    const { query: asked } = this.route;
    return Boolean(asked.get("charger")) || this._tag !== "" || asked.get("range") !== "all";
  }

  get #by(): TotalsBy {
    const by = this.route.query.get("by");
    return by === "month" || by === "tag" ? by : "day";
  }

  #put(name: string, value: string): void {
    replaceQuery(new Map(this.route.query).set(name, value));
  }

  #choose = (event: CustomEvent<TransactionChoice>): void => {
    this.#put(event.detail.name, event.detail.value);
  };

  #setTag = (event: CustomEvent<string>): void => {
    this._tag = event.detail;
  };

  #setBy = (event: CustomEvent<string>): void => {
    this.#put("by", event.detail);
  };

  #clear = (): void => {
    this._tag = "";
    replaceQuery(new Map([["range", "all"]]));
  };

  #older = (): void => {
    this.#pages.older();
  };

  #reload = (): void => {
    this._news = false;
    this._generation += 1;
    this.#pages.reload();
  };

  #export = async (): Promise<void> => {
    try {
      const asked = { query: this.#pages.filter };
      const text = await this.client.text("GET /api/transactions.csv", asked);
      download("transactions.csv", "text/csv", text);
    } catch (error) {
      toast(this, errorText(error), "fault");
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-view-transactions": OyeViewTransactions;
  }
}
