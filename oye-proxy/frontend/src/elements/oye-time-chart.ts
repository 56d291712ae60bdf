import { css, html, unsafeCSS, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import uPlot from "uplot";
import uPlotStyle from "uplot/dist/uPlot.min.css?inline";
import { unitsOf } from "../domain/units.ts";
import { base, table } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";

/** One line of a chart; `points` are in order of time, in milliseconds. */
export interface Series {
  readonly name: string;
  readonly unit: string | null;
  readonly points: readonly { readonly time: number; readonly value: number | null }[];
  /** A limit in force holds until the next one, which is none where the value is null. */
  readonly step?: boolean;
}

const COLOURS = ["--oye-series-1", "--oye-series-2", "--oye-series-3", "--oye-series-4"];
const TABLE_ROWS = 500;

/** Lines over time, redrawn from the tokens; with a summary in words and a table. Emits `oye-moment` (ms). */
@customElement("oye-time-chart")
export class OyeTimeChart extends OyeElement {
  static override styles = [
    unsafeCSS(uPlotStyle),
    base,
    table,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      .chart {
        block-size: 14rem;
        overflow: hidden;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: var(--oye-space-1) var(--oye-space-4);
        font-size: var(--oye-size-2);
      }
      .legend li::before {
        content: "";
        display: inline-block;
        inline-size: 1rem;
        margin-inline-end: var(--oye-space-2);
        vertical-align: 0.25em;
        border-block-start: 3px solid var(--colour);
      }
      .legend .line-0 {
        --colour: var(--oye-series-1);
      }
      .legend .line-1 {
        --colour: var(--oye-series-2);
      }
      .legend .line-2 {
        --colour: var(--oye-series-3);
      }
      .legend .line-3 {
        --colour: var(--oye-series-4);
      }
      .reading {
        min-block-size: 1.5em;
        font-size: var(--oye-size-2);
        font-variant-numeric: tabular-nums;
      }
      .values {
        max-block-size: 16rem;
        overflow: hidden auto;
      }
      .values th,
      .values td {
        padding-inline: var(--oye-space-1);
        white-space: normal;
        overflow-wrap: anywhere;
      }
      summary {
        min-block-size: var(--oye-target);
        align-content: center;
        cursor: pointer;
        color: var(--oye-accent);
      }
    `,
  ];

  @property({ attribute: false }) series: readonly Series[] = [];
  /** The time that is shown, in milliseconds: charts below each other share it. */
  @property({ attribute: false }) range: readonly [number, number] | null = null;
  /** Charts of one name have one cursor. */
  @property() together = "";
  /** What stands under the cursor; null while it is elsewhere. */
  @state() private _reading: string | null = null;
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
    if (this.#isEmpty()) return html`<p class="quiet">${localize("chart.empty")}</p>`;
    return html`<ul class="legend">
        ${this.series.map((one, index) => html`<li class="line-${index % COLOURS.length}">${this.#summary(one)}</li>`)}
      </ul>
      <div class="chart" aria-hidden="true" dir="ltr"></div>
      <p class="quiet reading" aria-hidden="true">${this._reading ?? ""}</p>
      <details>
        <summary>${localize("chart.table")}</summary>
        <div class="values" tabindex="0" role="region" aria-label=${localize("chart.table")}>
          ${this.#table()}
        </div>
      </details>`;
  }

  #isEmpty(): boolean {
    return this.series.every((one) => one.points.length === 0);
  }

  #summary(one: Series): string {
    const units = unitsOf(language());
    const values = one.points.flatMap(({ value }) => (value === null ? [] : [value]));
    const last = values.at(-1);
    if (last === undefined) return one.name;
    const [minimum, maximum] = extremes(values);
    return localize("chart.summary", {
      name: one.name,
      minimum: units.value(minimum, one.unit),
      maximum: units.value(maximum, one.unit),
      last: units.value(last, one.unit),
    });
  }

  #table(): unknown {
    const units = unitsOf(language());
    const { times, columns } = aligned(this.series, this.range);
    const first = Math.max(0, times.length - TABLE_ROWS);
    return html`<table>
      <thead>
        <tr>
          <th scope="col">${localize("chart.time")}</th>
          ${this.series.map((one) => html`<th scope="col" class="number">${one.name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${times.slice(first).map(
          (time, row) =>
            html`<tr>
              <td title=${units.utc(time)}>${units.time(time)}</td>
              ${this.series.map(
                (one, column) =>
                  html`<td class="number">
                    ${units.value(columns[column]?.[first + row] ?? null, one.unit)}
                  </td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #redraw = (): void => {
    this.#plot?.destroy();
    this.#plot = null;
    const room = this._chart;
    if (room === null || this.#isEmpty()) return;
    const { times, columns } = aligned(this.series, this.range);
    const data: uPlot.AlignedData = [
      times.map((time) => time / 1000),
      ...columns.map((column) => [...column]),
    ];
    this.#plot = new uPlot(this.#options(room), data, room);
  };

  #options(room: HTMLElement): uPlot.Options {
    const style = getComputedStyle(this);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour("--oye-text-quiet"),
      grid: { stroke: colour("--oye-border"), width: 1 },
      ticks: { stroke: colour("--oye-border"), width: 1 },
      font: "12px system-ui, sans-serif",
    };
    const units = unitsOf(language());
    const scales = [...new Set(this.series.map((one) => one.unit ?? ""))];
    return {
      width: room.clientWidth || 300,
      height: room.clientHeight || 220,
      legend: { show: false },
      scales: {
        ...Object.fromEntries(scales.filter(fromZero).map((unit) => [unit, { range: zeroBased }])),
        x:
          this.range === null
            ? { range: aroundTime }
            : { min: this.range[0] / 1000, max: this.range[1] / 1000 },
      },
      cursor: {
        drag: { setScale: false },
        ...(this.together === "" ? {} : { sync: { key: this.together } }),
      },
      series: [
        {},
        ...this.series.map((one, index) =>
          line(one, colour(COLOURS[index % COLOURS.length] ?? "")),
        ),
      ],
      axes: [
        { ...axis, values: (_, ticks) => ticks.map((tick) => units.time(tick * 1000)), space: 90 },
        // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- uPlot's enum of sides exists in its types alone
        ...scales.slice(0, 2).map((unit, index) => ({
          ...axis,
          scale: unit,
          side: index === 0 ? 3 : 1,
          grid: { ...axis.grid, show: index === 0 },
          size: 64,
          values: (_: uPlot, ticks: number[]) =>
            ticks.map((tick) => units.value(tick, unit || null)),
        })),
      ],
      hooks: { init: [this.#listen], setCursor: [this.#read] },
    };
  }

  #listen = (plot: uPlot): void => {
    plot.over.addEventListener("click", () => {
      const left = plot.cursor.left;
      if (left !== undefined && left >= 0)
        emit(this, "oye-moment", plot.posToVal(left, "x") * 1000);
    });
  };

  #read = (plot: uPlot): void => {
    const at = plot.cursor.idx ?? null;
    const time = at === null ? undefined : plot.data[0][at];
    if (at === null || time === undefined) {
      this._reading = null;
      return;
    }
    const units = unitsOf(language());
    const values = this.series.flatMap((one, index) => {
      const value = plot.data[index + 1]?.[at] ?? null;
      return value === null ? [] : [`${one.name} ${units.value(value, one.unit)}`];
    });
    this._reading = [units.time(time * 1000), ...values].join(" · ");
  };

  #fit = (): void => {
    const room = this._chart;
    if (room !== null && room.clientWidth > 0) {
      this.#plot?.setSize({ width: room.clientWidth, height: room.clientHeight });
    }
  };
}

// Volts and degrees hardly move against their size; all else is read against nothing at all.
function fromZero(unit: string): boolean {
  return unit !== "V" && unit !== "Celsius" && unit !== "Hz";
}

function zeroBased(_: uPlot, lowest: number | null, highest: number | null): uPlot.Range.MinMax {
  const [minimum, maximum] = [Math.min(lowest ?? 0, 0), Math.max(highest ?? 0, 0)];
  const room = (maximum - minimum || 1) * 0.1;
  return [minimum < 0 ? minimum - room : 0, maximum + room];
}

// A single moment has a minute around it: uPlot would show the whole day after it.
function aroundTime(plot: uPlot, first: number | null, last: number | null): uPlot.Range.MinMax {
  const [only, second] = plot.data[0];
  if (only !== undefined && second === undefined) return [only - 30, only + 30];
  return [first ?? 0, last ?? 0];
}

function line(one: Series, stroke: string): uPlot.Series {
  const stepped = one.step === true ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  const look = {
    label: one.name,
    stroke,
    width: 1.5,
    spanGaps: one.step !== true,
    scale: one.unit ?? "",
    points: { show: one.points.length === 1 },
  };
  return stepped === undefined ? look : { ...look, paths: stepped };
}

// uPlot wants one axis of time for all lines.
function aligned(
  series: readonly Series[],
  range: readonly [number, number] | null,
): {
  times: number[];
  columns: readonly (readonly (number | null)[])[];
} {
  // A limit holds until the end of what is shown.
  const end = range !== null && series.some(({ step }) => step === true) ? [range[1]] : [];
  const known = series.flatMap((one) => one.points.map((point) => point.time));
  const times = [...new Set([...known, ...end])].sort((one, other) => one - other);
  const columns = series.map((one) => {
    const values = new Map(one.points.map((point) => [point.time, point.value]));
    if (one.step !== true) return times.map((time) => values.get(time) ?? null);
    let held: number | null = null;
    return times.map((time) => (held = values.has(time) ? (values.get(time) ?? null) : held));
  });
  return { times, columns };
}

function extremes(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-time-chart": OyeTimeChart;
  }
}
