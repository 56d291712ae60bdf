import type { SampleFacts } from "../api/types.gen.ts";

/** The phases in the order in which they are shown. */
export const PHASES = ["L1", "L2", "L3", "N", "L1-L2", "L2-L3", "L3-L1"] as const;

export interface MeasurandRow {
  readonly measurand: string;
  readonly sample: SampleFacts;
}

// What an owner looks for first.
const FIRST = [
  "Power.Active.Import",
  "Energy.Active.Import.Register",
  "Current.Import",
  "Voltage",
  "SoC",
];

/** Return the newest values in the order in which they are looked for. */
export function measurandRows(
  samples: Readonly<Record<string, SampleFacts>>,
): readonly MeasurandRow[] {
  return Object.entries(samples)
    .map(([measurand, sample]) => ({ measurand, sample }))
    .sort(
      (one, other) =>
        rank(one.measurand) - rank(other.measurand) || (one.measurand < other.measurand ? -1 : 1),
    );
}

/** Return the phases that at least one of the rows has. */
export function phasesOf(rows: readonly MeasurandRow[]): readonly string[] {
  return PHASES.filter((phase) => rows.some(({ sample }) => Object.hasOwn(sample.phases, phase)));
}

/** Return the newest time of the rows, null when there are none. */
export function newestOf(rows: readonly MeasurandRow[]): string | null {
  return rows.reduce<string | null>(
    (newest, { sample }) => (newest === null || sample.time > newest ? sample.time : newest),
    null,
  );
}

function rank(measurand: string): number {
  const index = FIRST.indexOf(measurand);
  return index < 0 ? FIRST.length : index;
}
