import uPlot from "uplot";
import {
  beneath,
  scalesOf,
  type Series,
  startsAtZero,
  type TimeRange,
  withZero,
} from "../domain/chart-data.ts";
import { axisTexts } from "../domain/time-axis.ts";
import type { Units } from "../domain/units.ts";

/** How many lines have a colour of their own. */
export const COLOURS = 4;

/** What a plot is drawn by. */
export interface PlotLook {
  readonly series: readonly Series[];
  readonly range: TimeRange | null;
  /** Plots of one name have one cursor; empty: of its own. */
  readonly together: string;
  readonly width: number;
  readonly height: number;
  readonly units: Units;
  /** Returns the value of a token. */
  readonly colour: (token: string) => string;
  readonly hooks: uPlot.Hooks.Arrays;
}

/** Return how uPlot draws lines over time. */
export function plotOptions(look: PlotLook): uPlot.Options {
  const { series, range, together, width, height, colour, hooks } = look;
  const scales = scalesOf(series);
  const under = beneath(series);
  const zeroBased =
    (unit: string) =>
    (_: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax =>
      withZero(low, high, unit === scales[0] ? 0.1 : 0.6);
  return {
    width,
    height,
    legend: { show: false },
    scales: {
      ...Object.fromEntries(
        scales.filter(startsAtZero).map((unit) => [unit, { range: zeroBased(unit) }]),
      ),
      x: range === null ? { range: aroundTime } : { min: range[0] / 1000, max: range[1] / 1000 },
    },
    cursor: {
      drag: { setScale: false },
      ...(together === "" ? {} : { sync: { key: together } }),
    },
    series: [
      {},
      ...series.map((one, index) => ({
        ...line(one, colour(`--oye-series-${(index % COLOURS) + 1}`)),
        width: 1.5 + 2.5 * (under[index] ?? 0),
      })),
    ],
    axes: axes(scales.slice(0, 2), look),
    hooks,
  };
}

function axes(scales: readonly string[], { units, colour }: PlotLook): uPlot.Axis[] {
  const axis = {
    stroke: colour("--oye-text-quiet"),
    grid: { stroke: colour("--oye-border"), width: 1 },
    ticks: { stroke: colour("--oye-border"), width: 1 },
    font: "12px system-ui, sans-serif",
  };
  return [
    {
      ...axis,
      space: 70,
      size: 32,
      values: ({ scales: { x } }, ticks, _axis, _space, step) => [
        ...axisTexts(
          units,
          ticks.map((tick) => tick * 1000),
          step * 1000,
          [(x?.min ?? 0) * 1000, (x?.max ?? 0) * 1000],
        ),
      ],
    },
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- uPlot's enum of sides exists in its types alone
    ...scales.map((unit, index) => ({
      ...axis,
      scale: unit,
      side: index === 0 ? 3 : 1,
      grid: { ...axis.grid, show: index === 0 },
      size: 64,
      values: (_: uPlot, ticks: number[]) => ticks.map((tick) => units.value(tick, unit || null)),
    })),
  ];
}

// A single moment has a minute around it: uPlot would show the whole day after it.
function aroundTime(plot: uPlot, first: number | null, last: number | null): uPlot.Range.MinMax {
  const [only, second] = plot.data[0];
  if (only !== undefined && second === undefined) return [only - 30, only + 30];
  return [first ?? 0, last ?? 0];
}

function line(one: Series, stroke: string): uPlot.Series {
  const stepped = one.step === true ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    label: one.name,
    stroke,
    spanGaps: one.step !== true,
    scale: one.unit ?? "",
    points: { show: one.points.length === 1 },
    ...(stepped === undefined ? {} : { paths: stepped }),
  };
}
