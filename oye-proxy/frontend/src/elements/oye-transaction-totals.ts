import { consume } from "@lit/context";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { TransactionTotal } from "../api/types.gen.ts";
import { maskedTag } from "../domain/text.ts";
import type { TransactionFilter } from "../domain/transaction-list.ts";
import { unitsOf } from "../domain/units.ts";
import { clientContext } from "../state/contexts.ts";
import { form } from "../styles/form.ts";
import { base, panel, table } from "../styles/shared.ts";
import { errorText } from "../texts/errors.ts";
import { language, localize, plural } from "../texts/localize.ts";
import "./oye-bars.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-notice.ts";

export type TotalsBy = "day" | "month" | "tag";
const WAYS: readonly TotalsBy[] = ["day", "month", "tag"];

/** What transactions amount to by day, month or tag, as bars and as a table; emits `oye-by`. */
@customElement("oye-transaction-totals")
export class OyeTransactionTotals extends OyeElement {
  static override styles = [
    base,
    panel,
    table,
    form,
    css`
      .panel > header h2 {
        margin-inline-end: auto;
      }
      .sums {
        display: flex;
        flex-wrap: wrap;
        gap: var(--oye-space-1) var(--oye-space-5);
        margin-block-end: var(--oye-space-3);
      }
      .sums strong {
        font-size: var(--oye-size-5);
      }
      summary {
        min-block-size: var(--oye-target);
        align-content: center;
        cursor: pointer;
        color: var(--oye-accent);
      }
      .values {
        max-block-size: 18rem;
        overflow: hidden auto;
      }
      th,
      td {
        padding-inline: var(--oye-space-2);
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @property({ attribute: false }) filter: TransactionFilter = {};
  @property() by: TotalsBy = "day";
  /** Another number has them added up anew. */
  @property({ type: Number }) generation = 0;
  @state() private _totals: readonly TransactionTotal[] | null = null;
  @state() private _failed: string | null = null;
  #asked = 0;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("filter") || changed.has("by") || changed.has("generation")) void this.#load();
  }

  protected override render(): unknown {
    return html`<section class="panel" aria-labelledby="title">
      <header>
        <h2 id="title">${localize("transactions.totals")}</h2>
        <label class="field small">
          <span class="hidden">${localize("transactions.by")}</span>
          <select @change=${this.#choose}>
            ${WAYS.map(
              (way) =>
                html`<option value=${way} ?selected=${way === this.by}>
                  ${localize(`transactions.by_${way}`)}
                </option>`,
            )}
          </select>
        </label>
      </header>
      <div class="body">${this.#content()}</div>
    </section>`;
  }

  #content(): unknown {
    if (this._failed !== null) {
      return html`<oye-notice kind="error" retry @oye-retry=${this.#retry}
        >${this._failed}</oye-notice
      >`;
    }
    if (this._totals === null) return html`<p class="quiet">${localize("general.loading")}</p>`;
    const units = unitsOf(language());
    const sum = (of: (total: TransactionTotal) => number): number =>
      this._totals?.reduce((all, total) => all + of(total), 0) ?? 0;
    const energy = units.energy(sum((total) => total.energyWh));
    const seconds = sum((total) => total.durationSeconds);
    const count = plural(
      "transactions.count",
      sum((total) => total.transactions),
    );
    return html`<p class="sums">
        <strong>${energy}</strong><span>${count}</span>
        ${seconds === 0 ? nothing : html`<span>${units.duration(seconds)}</span>`}
      </p>
      ${this._totals.length === 0 ? nothing : this.#chart(this._totals, `${energy}, ${count}`)}`;
  }

  #chart(totals: readonly TransactionTotal[], summary: string): unknown {
    const units = unitsOf(language());
    const bars = totals.map((total) => ({
      name: this.#name(total.key),
      value: total.energyWh,
      text: units.energy(total.energyWh),
    }));
    return html`<oye-bars .bars=${bars} summary=${summary}></oye-bars>
      <details>
        <summary>${localize("chart.table")}</summary>
        <div class="values" tabindex="0" role="region" aria-label=${localize("chart.table")}>
          <table>
            <thead>
              <tr>
                <th scope="col">${localize(`transactions.by_${this.by}`)}</th>
                <th scope="col" class="number">${localize("transactions.energy")}</th>
                <th scope="col" class="number">${localize("view.transactions")}</th>
              </tr>
            </thead>
            <tbody>
              ${totals.map(
                (total) =>
                  html`<tr>
                    <td>${this.#name(total.key)}</td>
                    <td class="number">${units.energy(total.energyWh)}</td>
                    <td class="number">${total.transactions}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </details>`;
  }

  #name(key: string | null): string {
    if (key === null) return localize("transactions.no_tag");
    if (this.by === "tag") return maskedTag(key);
    const units = unitsOf(language());
    return this.by === "month" ? units.month(`${key}-01T00:00`) : units.date(`${key}T00:00`);
  }

  async #load(): Promise<void> {
    const asked = (this.#asked += 1);
    try {
      const query = { ...this.filter, by: this.by, utcOffset: -new Date().getTimezoneOffset() };
      const totals = await this.client.call("GET /api/transactions/totals", { query });
      if (asked !== this.#asked) return;
      this._totals = totals;
      this._failed = null;
    } catch (error) {
      if (asked === this.#asked) this._failed = errorText(error);
    }
  }

  #choose = (event: Event): void => {
    emit(this, "oye-by", (event.target as HTMLSelectElement).value);
  };

  #retry = (): void => {
    void this.#load();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-transaction-totals": OyeTransactionTotals;
  }
}
