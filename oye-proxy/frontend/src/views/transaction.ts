import { consume } from "@lit/context";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ApiError, type ApiClient } from "../api/client.ts";
import type {
  EventMessage,
  JournalEntry,
  TransactionDetail,
  TransactionEntry,
} from "../api/types.gen.ts";
import { download } from "../elements/download.ts";
import { OyeElement } from "../elements/oye-element.ts";
import "../elements/oye-notice.ts";
import "../elements/oye-skeleton.ts";
import { toast } from "../elements/oye-toasts.ts";
import "../elements/oye-transaction-charts.ts";
import "../elements/oye-transaction-csms.ts";
import "../elements/oye-transaction-facts.ts";
import type { Route } from "../router.ts";
import { clientContext, liveContext } from "../state/contexts.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import { OnReturn } from "../state/on-return.ts";
import { base, page } from "../styles/shared.ts";
import { errorText } from "../texts/errors.ts";
import { localize } from "../texts/localize.ts";

const SHOWN_ENTRIES = 100;

/** One transaction: its facts, its meter values over time, and what the CSMS knows of it. */
@customElement("oye-view-transaction")
export class OyeViewTransaction extends OyeElement {
  static override styles = [
    base,
    page,
    css`
      .stack {
        display: grid;
        gap: var(--oye-space-3);
        min-inline-size: 0;
      }
      .stack > * {
        min-inline-size: 0;
      }
      .columns {
        display: grid;
        gap: var(--oye-space-3);
        align-items: start;
        grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr));
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @consume({ context: liveContext }) readonly live!: LiveStore;
  @property({ attribute: false }) route!: Route;
  @state() private _detail: TransactionDetail | null = null;
  @state() private _journal: readonly JournalEntry[] = [];
  @state() private _failed: string | null = null;
  @state() private _unknown = false;
  protected readonly observeLive = new Observe(this, () => this.live);
  protected readonly onReturn = new OnReturn(this, () => void this.#load());
  #stopEvents: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopEvents = this.live.onEvent(this.#hear);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopEvents?.();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("route");
    if (changed.has("route") && before?.path[1] !== this.route.path[1]) {
      this._detail = null;
      void this.#load();
    }
  }

  protected override render(): unknown {
    return html`<div class="head">
        <a href="#/transactions">${localize("transaction.back")}</a>
        <h1>${localize("transaction.title", { id: this.#id })}</h1>
        ${this._detail === null ? nothing : this.#tools()}
      </div>
      <div class="stack">
        ${this._failed === null ? nothing : this.#failure(this._failed)}
        ${this._detail === null ? this.#waiting() : this.#parts(this._detail)}
      </div>`;
  }

  #tools(): unknown {
    return html`<div class="tools">
      <wa-button size="s" appearance="outlined" @click=${this.#export}
        >${localize("transactions.csv")}</wa-button
      >
    </div>`;
  }

  #failure(text: string): unknown {
    return html`<oye-notice kind="error" ?retry=${!this._unknown} @oye-retry=${this.#retry}
      >${text}</oye-notice
    >`;
  }

  #waiting(): unknown {
    if (this._failed !== null) return nothing;
    return html`<oye-skeleton shape="rows" count="8"></oye-skeleton>`;
  }

  #parts(detail: TransactionDetail): unknown {
    const { transaction } = detail;
    const charger = this.live.chargers.get(transaction.chargePointId);
    return html`<div class="columns">
        <oye-transaction-facts .entry=${transaction}></oye-transaction-facts>
        <oye-transaction-csms
          .entry=${transaction}
          .journal=${this._journal}
          .pending=${charger?.journalPending ?? 0}
        ></oye-transaction-csms>
      </div>
      <oye-transaction-charts .detail=${detail}></oye-transaction-charts>`;
  }

  get #id(): string {
    return this.route.path[1] ?? "";
  }

  async #load(): Promise<void> {
    const id = this.#id;
    const path = { transaction_row: id };
    try {
      const detail = await this.client.call("GET /api/transactions/{transaction_row}", { path });
      if (id !== this.#id) return;
      this._detail = detail;
      this._failed = null;
      await this.#loadJournal(detail.transaction);
    } catch (error) {
      if (id !== this.#id) return;
      this._unknown = error instanceof ApiError && error.status === 404;
      this._failed = this._unknown ? localize("transaction.unknown") : errorText(error);
    }
  }

  async #loadJournal({ chargePointId, transactionId }: TransactionEntry): Promise<void> {
    const { entries } = await this.client.call("GET /api/chargers/{charge_point_id}/journal", {
      path: { charge_point_id: chargePointId },
      query: { transactionId, limit: SHOWN_ENTRIES },
    });
    this._journal = entries;
  }

  // An open transaction grows while it is looked at.
  #hear = ({ event, chargePointId }: EventMessage): void => {
    const shown = this._detail?.transaction;
    const isShown = shown?.state === "open" && chargePointId === shown.chargePointId;
    if (isShown && event.startsWith("transaction_")) void this.#load();
  };

  #export = async (): Promise<void> => {
    const path = { transaction_row: this.#id };
    try {
      const name = "GET /api/transactions/{transaction_row}/curve.csv";
      download(`transaction-${this.#id}.csv`, "text/csv", await this.client.text(name, { path }));
    } catch (error) {
      toast(this, errorText(error), "fault");
    }
  };

  #retry = (): void => {
    void this.#load();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-view-transaction": OyeViewTransaction;
  }
}
