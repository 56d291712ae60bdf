import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { TransactionDetail } from "../api/types.gen.ts";
import type { Series, TimeRange } from "../domain/chart-data.ts";
import { aroundMoment } from "../domain/live-link.ts";
import {
  isInForce,
  isLimit,
  type LineGroup,
  lineGroups,
  rangeOf,
  type TransactionLine,
} from "../domain/transaction-lines.ts";
import { navigate } from "../router.ts";
import { base, panel } from "../styles/shared.ts";
import { language, localize, localizeCode } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";

interface Chart {
  readonly name: LineGroup["name"];
  readonly series: readonly Series[];
}

/** The values of a transaction on one axis of time; a click leads to what passed then. */
@customElement("oye-transaction-charts")
export class OyeTransactionCharts extends OyeElement {
  static override styles = [
    base,
    panel,
    css`
      .charts {
        display: grid;
        gap: var(--oye-space-4);
        min-inline-size: 0;
      }
      .charts > * {
        min-inline-size: 0;
      }
      h3 {
        margin-block-end: var(--oye-space-1);
      }
    `,
  ];

  @property({ attribute: false }) detail!: TransactionDetail;
  // Kept as they are while nothing new is known: a chart that is drawn anew loses its cursor.
  @state() private _charts: readonly Chart[] = [];
  @state() private _range: TimeRange = [0, 0];
  #language = "";

  override connectedCallback(): void {
    super.connectedCallback();
    void import("./oye-time-chart.ts");
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("detail") && this.#language === language()) return;
    const { transaction, samples } = this.detail;
    this.#language = language();
    this._range = rangeOf(transaction, samples);
    this._charts = lineGroups(samples).map(({ name, lines }) => ({
      name,
      series: lines.map(seriesOf),
    }));
  }

  protected override render(): unknown {
    const isEmpty = this._charts.length === 0;
    return html`<section class="panel" aria-labelledby="charts">
      <header>
        <h2 id="charts">${localize("transaction.charts")}</h2>
        ${isEmpty ? nothing : html`<span class="quiet">${localize("transaction.chart_hint")}</span>`}
      </header>
      <div class="body charts" @oye-moment=${this.#toLive}>
        ${isEmpty ? html`<p class="quiet">${localize("transaction.no_samples")}</p>` : nothing}
        ${this.detail.thinned ? this.#thinned() : nothing} ${this._charts.map(this.#chart)}
      </div>
    </section>`;
  }

  #thinned(): unknown {
    const { samples, sampleCount: count } = this.detail;
    const shown = samples.length;
    return html`<p class="quiet">${localize("transaction.thinned", { shown, count })}</p>`;
  }

  #chart = ({ name, series }: Chart): unknown =>
    html`<div>
      <h3>${localize(`transaction.${name}`)}</h3>
      <oye-time-chart
        together="transaction"
        .series=${series}
        .range=${this._range}
      ></oye-time-chart>
    </div>`;

  #toLive = (event: CustomEvent<number>): void => {
    navigate(["live"], aroundMoment(this.detail.transaction.chargePointId, event.detail));
  };
}

function seriesOf(line: TransactionLine): Series {
  const name = isInForce(line)
    ? localize("transaction.limit")
    : (localizeCode("measurand", line.measurand.replaceAll(".", "_")) ?? line.measurand);
  return {
    name: line.phase === null ? name : `${name} ${line.phase}`,
    unit: line.unit,
    points: line.points,
    step: isLimit(line),
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-transaction-charts": OyeTransactionCharts;
  }
}
