import { consume } from "@lit/context";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { ConnectorFacts } from "../api/types.gen.ts";
import type { Series } from "../domain/chart-data.ts";
import {
  drawnLines,
  sessionLines,
  withNewest,
  type SessionLine,
} from "../domain/session-series.ts";
import { clientContext } from "../state/contexts.ts";
import { OnReturn } from "../state/on-return.ts";
import { base, panel } from "../styles/shared.ts";
import { errorText } from "../texts/errors.ts";
import { localize, localizeCode } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-notice.ts";

/** Power and current of the session that runs on a connector; grows as values arrive. */
@customElement("oye-session-chart")
export class OyeSessionChart extends OyeElement {
  static override styles = [
    base,
    panel,
    css`
      .body {
        min-block-size: 17rem;
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @property() chargePointId = "";
  @property({ attribute: false }) connector!: ConnectorFacts;
  @state() private _lines: readonly SessionLine[] = [];
  @state() private _error: string | null = null;
  #shown: string | null = null;
  protected readonly onReturn = new OnReturn(this, () => {
    this.#retry();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    void import("./oye-time-chart.ts");
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const id = this.connector.transaction?.transactionId ?? null;
    if (id !== this.#shown) {
      this.#shown = id;
      this._lines = [];
      if (id !== null) void this.#load(id);
    }
    if (changed.has("connector") && id !== null) {
      this._lines = withNewest(this._lines, this.connector.samples);
    }
  }

  protected override render(): unknown {
    if (this.connector.transaction === null) return nothing;
    const number = this.connector.evseId;
    return html`<section class="panel" aria-labelledby="title">
      <header><h2 id="title">${localize("session.title", { number })}</h2></header>
      <div class="body">
        ${
          this._error === null
            ? html`<oye-time-chart .series=${this.#series()}></oye-time-chart>`
            : html`<oye-notice kind="error" retry @oye-retry=${this.#retry}
                >${this._error}</oye-notice
              >`
        }
      </div>
    </section>`;
  }

  #series(): readonly Series[] {
    return drawnLines(this._lines).map(({ measurand, phase, unit, points }) => {
      const name = localizeCode("measurand", measurand.replaceAll(".", "_")) ?? measurand;
      return { name: phase === null ? name : `${name} ${phase}`, unit, points };
    });
  }

  async #load(transactionId: string): Promise<void> {
    this._error = null;
    try {
      const query = { chargePointId: this.chargePointId, state: "open" as const, limit: 20 };
      const { transactions } = await this.client.call("GET /api/transactions", { query });
      const found = transactions.find((one) => one.transactionId === transactionId);
      if (found === undefined || this.#shown !== transactionId) return;
      const { samples } = await this.client.call("GET /api/transactions/{transaction_row}", {
        path: { transaction_row: found.id },
      });
      if (this.#shown !== transactionId) return;
      this._lines = withNewest(sessionLines(samples), this.connector.samples);
    } catch (error) {
      this._error = errorText(error);
    }
  }

  #retry = (): void => {
    if (this.#shown !== null) void this.#load(this.#shown);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-session-chart": OyeSessionChart;
  }
}
