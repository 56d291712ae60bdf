import type { SampleFacts, TransactionSample } from "../api/types.gen.ts";
import type { Point } from "./sparkline.ts";

/** One line of the chart of a session; `measurand` and `phase` say what it is. */
export interface SessionLine {
  readonly measurand: string;
  readonly phase: string | null;
  readonly unit: string | null;
  readonly points: readonly Point[];
}

const POWER = "Power.Active.Import";
const CURRENT = "Current.Import";

/** Return the lines that are drawn: the sum of the currents only where no phase is known. */
export function drawnLines(lines: readonly SessionLine[]): readonly SessionLine[] {
  const hasPhases = lines.some(({ measurand, phase }) => measurand === CURRENT && phase !== null);
  return lines.filter(
    ({ measurand, phase }) => measurand === POWER || phase !== null || !hasPhases,
  );
}

/** Return power in total and current per phase of a session, oldest first. */
export function sessionLines(samples: readonly TransactionSample[]): readonly SessionLine[] {
  const lines = new Map<string, { line: SessionLine; points: Point[] }>();
  for (const sample of samples) {
    if (!isShown(sample.measurand, sample.phase)) continue;
    const key = `${sample.measurand} ${sample.phase ?? ""}`;
    const known = lines.get(key) ?? newLine(sample);
    lines.set(key, known);
    known.points.push({ time: Date.parse(sample.time), value: sample.value });
  }
  return [...lines.values()].map(({ line }) => line).sort(compare);
}

/** Add the newest values to the lines of a session; what is no newer changes nothing. */
export function withNewest(
  lines: readonly SessionLine[],
  samples: Readonly<Record<string, SampleFacts>>,
): readonly SessionLine[] {
  let result = lines;
  for (const measurand of [POWER, CURRENT]) {
    const sample = Object.hasOwn(samples, measurand) ? samples[measurand] : undefined;
    if (sample === undefined) continue;
    const time = Date.parse(sample.time);
    for (const [phase, value] of valuesOf(sample)) {
      if (value === null || !isShown(measurand, phase)) continue;
      result = withPoint(result, {
        measurand,
        phase,
        unit: sample.unit,
        points: [{ time, value }],
      });
    }
  }
  return result;
}

function withPoint(lines: readonly SessionLine[], added: SessionLine): readonly SessionLine[] {
  const point = added.points[0];
  const index = lines.findIndex(
    ({ measurand, phase }) => measurand === added.measurand && phase === added.phase,
  );
  const line = lines[index];
  if (line === undefined || point === undefined) return [...lines, added].sort(compare);
  if ((line.points.at(-1)?.time ?? 0) >= point.time) return lines;
  return lines.with(index, { ...line, points: [...line.points, point] });
}

// Power is one line; three currents say more than their sum.
function isShown(measurand: string, phase: string | null): boolean {
  if (measurand === POWER) return phase === null;
  return measurand === CURRENT && (phase === null || /^L[123]$/.test(phase));
}

function valuesOf(sample: SampleFacts): readonly (readonly [string | null, number | null])[] {
  return [[null, sample.value], ...Object.entries(sample.phases)];
}

function newLine(sample: TransactionSample): { line: SessionLine; points: Point[] } {
  const points: Point[] = [];
  const { measurand, phase, unit } = sample;
  return { line: { measurand, phase, unit, points }, points };
}

function compare(one: SessionLine, other: SessionLine): number {
  const rank = (line: SessionLine): string =>
    `${line.measurand === POWER ? 0 : 1}${line.phase ?? ""}`;
  return rank(one) < rank(other) ? -1 : 1;
}
