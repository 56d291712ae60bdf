/** One line of a chart; `points` are in order of time, in milliseconds. */
export interface Series {
  readonly name: string;
  readonly unit: string | null;
  readonly points: readonly { readonly time: number; readonly value: number | null }[];
  /** A limit in force holds until the next one, which is none where the value is null. */
  readonly step?: boolean;
}

/** From when until when a chart shows, in milliseconds. */
export type TimeRange = readonly [number, number];

/** All lines over one axis of time. */
export interface Aligned {
  readonly times: readonly number[];
  /** One column for each line; null where it has no value. */
  readonly columns: readonly (readonly (number | null)[])[];
}

/** What a line amounts to. */
export interface LineSummary {
  readonly minimum: number;
  readonly maximum: number;
  readonly last: number;
}

// Volts and degrees hardly move against their size; all else is read against nothing at all.
const RELATIVE: readonly string[] = ["V", "Celsius", "Hz"];

/** Say whether there is nothing to draw. */
export function isEmpty(series: readonly Series[]): boolean {
  return series.every(({ points }) => points.length === 0);
}

/** Return the units of lines, each once; none is empty. */
export function scalesOf(series: readonly Series[]): readonly string[] {
  return [...new Set(series.map(({ unit }) => unit ?? ""))];
}

/** Say whether a unit's axis begins at zero. */
export function startsAtZero(unit: string): boolean {
  return !RELATIVE.includes(unit);
}

/** Return an axis that holds zero, and some room beyond the values: a share of what they take. */
export function withZero(
  lowest: number | null,
  highest: number | null,
  share = 0.1,
): [number, number] {
  const [minimum, maximum] = [Math.min(lowest ?? 0, 0), Math.max(highest ?? 0, 0)];
  const room = (maximum - minimum || 1) * share;
  return [minimum < 0 ? minimum - room : 0, maximum + room];
}

/** Return how many later lines each line ends upon, which would hide it were it no wider. */
export function beneath(series: readonly Series[]): readonly number[] {
  return series.map(
    (one, index) => series.slice(index + 1).filter((later) => endTogether(one, later)).length,
  );
}

/** Put lines over one axis of time; a step holds until the next, and until the end of the range. */
export function aligned(series: readonly Series[], range: TimeRange | null): Aligned {
  const end = range !== null && series.some(({ step }) => step === true) ? [range[1]] : [];
  const known = series.flatMap((one) => one.points.map((point) => point.time));
  const times = [...new Set([...known, ...end])].sort((one, other) => one - other);
  return { times, columns: series.map((one) => column(one, times)) };
}

/** Return the least, the greatest and the last value of a line; null when it has none. */
export function summaryOf({ points }: Series): LineSummary | null {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  const last = values.at(-1);
  if (last === undefined) return null;
  const [minimum, maximum] = values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
  return { minimum, maximum, last };
}

function endTogether(one: Series, other: Series): boolean {
  const [mine, its] = [one.points.at(-1)?.value ?? null, other.points.at(-1)?.value ?? null];
  if (one.unit !== other.unit || mine === null || its === null) return false;
  const apart = startsAtZero(one.unit ?? "") ? 0.02 : 0.0002;
  return Math.abs(mine - its) <= apart * Math.max(Math.abs(mine), Math.abs(its));
}

function column(one: Series, times: readonly number[]): readonly (number | null)[] {
  const values = new Map(one.points.map((point) => [point.time, point.value]));
  if (one.step !== true) return times.map((time) => values.get(time) ?? null);
  let held: number | null = null;
  return times.map((time) => (held = values.has(time) ? (values.get(time) ?? null) : held));
}
