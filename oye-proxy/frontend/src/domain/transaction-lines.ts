import type { TransactionSample } from "../api/types.gen.ts";
import type { Point } from "./sparkline.ts";

/** One line of a transaction's charts. */
export interface TransactionLine {
  readonly measurand: string;
  readonly phase: string | null;
  readonly unit: string | null;
  readonly points: readonly Point[];
}

/** Lines of one unit, which share an axis. */
export interface LineGroup {
  readonly name: "power" | "current" | "voltage" | "soc";
  readonly lines: readonly TransactionLine[];
}

const GROUPS: readonly (readonly [LineGroup["name"], readonly string[]])[] = [
  ["power", ["Power.Active.Import", "Power.Offered"]],
  ["current", ["Current.Import", "Current.Offered"]],
  ["voltage", ["Voltage"]],
  ["soc", ["SoC"]],
];
const LIMITS: readonly string[] = ["Power.Offered", "Current.Offered"];

/** Say whether a line is a limit, which holds until the next value. */
export function isLimit(line: TransactionLine): boolean {
  return LIMITS.includes(line.measurand);
}

/** Return what can be drawn of a transaction, by unit; groups without a value are left out. */
export function lineGroups(samples: readonly TransactionSample[]): readonly LineGroup[] {
  return GROUPS.map(([name, measurands]) => ({
    name,
    lines: measurands.flatMap((measurand) => linesOf(samples, measurand)),
  })).filter(({ lines }) => lines.length > 0);
}

// Power is one line; of current and voltage the phases say more than the total.
function linesOf(
  samples: readonly TransactionSample[],
  measurand: string,
): readonly TransactionLine[] {
  const lines = new Map<string, { phase: string | null; unit: string | null; points: Point[] }>();
  for (const { measurand: of, phase, unit, time, value } of samples) {
    if (of !== measurand || phase === "N") continue;
    const line = lines.get(phase ?? "") ?? { phase, unit, points: [] };
    lines.set(phase ?? "", line);
    line.points.push({ time: Date.parse(time), value });
  }
  const total = lines.get("");
  const onlyTotal = measurand.startsWith("Power.") || lines.size === 1;
  if (total !== undefined && !onlyTotal) lines.delete("");
  if (total !== undefined && onlyTotal) return [{ measurand, ...total }];
  return [...lines.values()]
    .map((line) => ({ measurand, ...line }))
    .sort((one, other) => ((one.phase ?? "") < (other.phase ?? "") ? -1 : 1));
}
