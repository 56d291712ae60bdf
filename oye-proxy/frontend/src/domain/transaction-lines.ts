import type { TransactionEntry, TransactionSample } from "../api/types.gen.ts";

/** One line of a transaction's charts. */
export interface TransactionLine {
  readonly measurand: string;
  readonly phase: string | null;
  readonly unit: string | null;
  /** A value of null says that nothing held from then on. */
  readonly points: readonly { readonly time: number; readonly value: number | null }[];
}

/** Lines of one unit, which share an axis. */
export interface LineGroup {
  readonly name: "power" | "current" | "voltage" | "soc";
  readonly lines: readonly TransactionLine[];
}

const GROUPS: readonly (readonly [LineGroup["name"], readonly string[]])[] = [
  ["power", ["Power.Active.Import", "Power.Offered"]],
  ["current", ["Current.Import", "Limit.Effective", "Current.Offered"]],
  ["voltage", ["Voltage"]],
  ["soc", ["SoC"]],
];
const IN_FORCE = "Limit.Effective";
const NO_LIMIT = "no_limit";
const LIMITS: readonly string[] = [IN_FORCE, "Power.Offered", "Current.Offered"];

/** Say whether a line is a limit, which holds until the next value. */
export function isLimit(line: TransactionLine): boolean {
  return LIMITS.includes(line.measurand);
}

/** Say whether a line is the limit that the proxy found in force. */
export function isInForce(line: TransactionLine): boolean {
  return line.measurand === IN_FORCE;
}

/** Return what can be drawn of a transaction, by unit; groups without a value are left out. */
export function lineGroups(samples: readonly TransactionSample[]): readonly LineGroup[] {
  return GROUPS.map(([name, measurands]) => ({
    name,
    lines: measurands.flatMap((measurand) => linesOf(samples, measurand)),
  })).filter(({ lines }) => lines.some(hasValue));
}

/** Return the time that charts show: from the beginning to the end, or to the newest value. */
export function rangeOf(
  { begunAt, stoppedAt }: TransactionEntry,
  samples: readonly TransactionSample[],
): readonly [number, number] {
  const end = samples.reduce(
    (latest, { time }) => Math.max(latest, Date.parse(time)),
    Date.parse(stoppedAt ?? begunAt),
  );
  return [Date.parse(begunAt), end];
}

function hasValue({ points }: TransactionLine): boolean {
  return points.some(({ value }) => value !== null);
}

// Power is one line; of current and voltage the phases say more than the total.
function linesOf(
  samples: readonly TransactionSample[],
  measurand: string,
): readonly TransactionLine[] {
  type Line = Omit<TransactionLine, "measurand" | "points"> & {
    points: { time: number; value: number | null }[];
  };
  const lines = new Map<string, Line>();
  for (const { measurand: of, phase, unit, time, value, context } of samples) {
    if (of !== measurand || phase === "N") continue;
    const line = lines.get(phase ?? "") ?? { phase, unit, points: [] };
    lines.set(phase ?? "", line);
    const held = of !== IN_FORCE || context !== NO_LIMIT;
    line.points.push({ time: Date.parse(time), value: held ? value : null });
  }
  const total = lines.get("");
  const onlyTotal = measurand.startsWith("Power.") || lines.size === 1;
  if (total !== undefined && !onlyTotal) lines.delete("");
  if (total !== undefined && onlyTotal) return [{ measurand, ...total }];
  return [...lines.values()]
    .map((line) => ({ measurand, ...line }))
    .sort((one, other) => ((one.phase ?? "") < (other.phase ?? "") ? -1 : 1));
}
