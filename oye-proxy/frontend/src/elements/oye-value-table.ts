import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { aligned, type Series, type TimeRange } from "../domain/chart-data.ts";
import { momentTexts } from "../domain/time-axis.ts";
import { unitsOf } from "../domain/units.ts";
import { base, table } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";

const ROWS = 500;

/** The newest values of lines, for those who cannot read charts. */
@customElement("oye-value-table")
export class OyeValueTable extends OyeElement {
  static override styles = [
    base,
    table,
    css`
      .values {
        max-block-size: 16rem;
        overflow: hidden auto;
      }
      th,
      td {
        padding-inline: var(--oye-space-1);
        white-space: normal;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) series: readonly Series[] = [];
  @property({ attribute: false }) range: TimeRange | null = null;

  protected override render(): unknown {
    return html`<div
      class="values"
      tabindex="0"
      role="region"
      aria-label=${localize("chart.table")}
    >
      <table>
        <thead>
          <tr>
            <th scope="col">${localize("chart.time")}</th>
            ${this.series.map((one) => html`<th scope="col" class="number">${one.name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${this.#rows()}
        </tbody>
      </table>
    </div>`;
  }

  #rows(): unknown {
    const units = unitsOf(language());
    const { times, columns } = aligned(this.series, this.range);
    const shown = momentTexts(units, times);
    const first = Math.max(0, times.length - ROWS);
    return times.slice(first).map(
      (time, row) =>
        html`<tr>
          <td title=${units.utc(time)}>${shown(time)}</td>
          ${this.series.map(
            (one, column) =>
              html`<td class="number">
                ${units.value(columns[column]?.[first + row] ?? null, one.unit)}
              </td>`,
          )}
        </tr>`,
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-value-table": OyeValueTable;
  }
}
