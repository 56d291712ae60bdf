import { html, unsafeCSS, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import uPlot from "uplot";
import uPlotStyle from "uplot/dist/uPlot.min.css?inline";
import { aligned, isEmpty, type Series, summaryOf, type TimeRange } from "../domain/chart-data.ts";
import { momentTexts } from "../domain/time-axis.ts";
import { unitsOf } from "../domain/units.ts";
import { base } from "../styles/shared.ts";
import { timeChartStyles } from "../styles/time-chart.ts";
import { language, localize } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-value-table.ts";
import { COLOURS, plotOptions } from "./time-plot.ts";

/** Lines over time, redrawn from the tokens; with a summary in words and a table. Emits `oye-moment` (ms). */
@customElement("oye-time-chart")
export class OyeTimeChart extends OyeElement {
  static override styles = [unsafeCSS(uPlotStyle), base, timeChartStyles];

  @property({ attribute: false }) series: readonly Series[] = [];
  /** The time that is shown: charts below each other share it. */
  @property({ attribute: false }) range: TimeRange | null = null;
  /** Charts of one name have one cursor. */
  @property() together = "";
  /** What stands under the cursor; null while it is elsewhere. */
  @state() private _reading: string | null = null;
  @state() private _showsTable = false;
  @query(".chart") private readonly _chart!: HTMLElement | null;
  #plot: uPlot | null = null;
  #resize: ResizeObserver | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("oye-theme", this.#redraw);
    this.#resize = new ResizeObserver(this.#fit);
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("oye-theme", this.#redraw);
    this.#resize?.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("series") || changed.has("range") || this.#plot === null) this.#redraw();
  }

  protected override render(): unknown {
    if (isEmpty(this.series)) return html`<p class="quiet">${localize("chart.empty")}</p>`;
    return html`<ul class="legend">
        ${this.series.map((one, index) => html`<li class="line-${index % COLOURS}">${summary(one)}</li>`)}
      </ul>
      <div class="chart" aria-hidden="true" dir="ltr"></div>
      <details @toggle=${this.#toggled}>
        <summary>
          ${localize("chart.table")}
          <span class="quiet reading" aria-hidden="true">${this._reading ?? ""}</span>
        </summary>
        ${this._showsTable ? this.#table() : ""}
      </details>`;
  }

  #table(): unknown {
    return html`<oye-value-table .series=${this.series} .range=${this.range}></oye-value-table>`;
  }

  #redraw = (): void => {
    this.#plot?.destroy();
    this.#plot = null;
    const room = this._chart;
    if (room === null || isEmpty(this.series)) return;
    const { times, columns } = aligned(this.series, this.range);
    const style = getComputedStyle(this);
    const options = plotOptions({
      series: this.series,
      range: this.range,
      together: this.together,
      width: room.clientWidth || 300,
      height: room.clientHeight || 220,
      units: unitsOf(language()),
      colour: (token) => style.getPropertyValue(token).trim(),
      hooks: { init: [this.#listen], setCursor: [this.#read] },
    });
    const seconds = times.map((time) => time / 1000);
    this.#plot = new uPlot(options, [seconds, ...columns.map((column) => [...column])], room);
  };

  #listen = (plot: uPlot): void => {
    plot.over.addEventListener("click", () => {
      const left = plot.cursor.left;
      if (left !== undefined && left >= 0)
        emit(this, "oye-moment", plot.posToVal(left, "x") * 1000);
    });
  };

  #read = (plot: uPlot): void => {
    const at = plot.cursor.idx ?? null;
    const [times] = plot.data;
    const time = at === null ? undefined : times[at];
    if (at === null || time === undefined) {
      this._reading = null;
      return;
    }
    const units = unitsOf(language());
    const ends = [times[0] ?? time, times.at(-1) ?? time].map((second) => second * 1000);
    const values = this.series.flatMap((one, index) => {
      const value = plot.data[index + 1]?.[at] ?? null;
      return value === null ? [] : [`${one.name} ${units.value(value, one.unit)}`];
    });
    this._reading = [momentTexts(units, ends)(time * 1000), ...values].join(" · ");
  };

  #fit = (): void => {
    const room = this._chart;
    if (room !== null && room.clientWidth > 0) {
      this.#plot?.setSize({ width: room.clientWidth, height: room.clientHeight });
    }
  };

  #toggled = (event: Event): void => {
    this._showsTable = (event.target as HTMLDetailsElement).open;
  };
}

function summary(one: Series): string {
  const units = unitsOf(language());
  const known = summaryOf(one);
  if (known === null) return one.name;
  const text = (value: number): string => units.value(value, one.unit);
  const [minimum, maximum, last] = [text(known.minimum), text(known.maximum), text(known.last)];
  if (minimum === maximum) return `${one.name}: ${last}`;
  return localize("chart.summary", { name: one.name, minimum, maximum, last });
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-time-chart": OyeTimeChart;
  }
}
