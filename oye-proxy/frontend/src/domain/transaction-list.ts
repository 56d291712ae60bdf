import type { TransactionEntry } from "../api/types.gen.ts";
import type { Tone } from "./states.ts";

const DAY = 86_400_000;

/** The ranges that the list offers, and how many days each has; `all` has no beginning. */
export const RANGES = new Map([
  ["7d", 7],
  ["30d", 30],
  ["365d", 365],
  ["all", null],
]);
export const DEFAULT_RANGE = "30d";

/** What the list and its totals are about. */
export interface TransactionFilter {
  readonly chargePointId?: string;
  readonly idTag?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Return what an address and an id tag ask for. */
export function filterOf(
  query: ReadonlyMap<string, string>,
  idTag: string,
  now: number,
): TransactionFilter {
  const get = (name: string): string => query.get(name) ?? "";
  const isOwn = get("range") === "own";
  const from = isOwn ? dayStart(get("from")) : rangeStart(get("range"), now);
  const to = isOwn ? dayStart(get("to"), true) : null;
  return {
    ...(get("charger") === "" ? {} : { chargePointId: get("charger") }),
    ...(idTag === "" ? {} : { idTag }),
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
  };
}

/** Say whether two ask for the same. */
export function isSameFilter(one: TransactionFilter, other: TransactionFilter): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What the CSMS knows of a transaction. */
export type CsmsState = "sent" | "waiting" | "refused" | "local";

/** Return when a range begins, at the start of a day of the reader's; null when it has no beginning. */
export function rangeStart(range: string, now: number): string | null {
  const days = RANGES.has(range) ? RANGES.get(range) : RANGES.get(DEFAULT_RANGE);
  if (days === null || days === undefined) return null;
  const first = new Date(now - (days - 1) * DAY);
  first.setHours(0, 0, 0, 0);
  return first.toISOString();
}

/** Return the moment at which a day of the reader's begins, or the next one; null when it is none. */
export function dayStart(day: string, next = false): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (parts === null) return null;
  const [year = 0, month = 0, date = 0] = parts.slice(1).map(Number);
  const start = new Date(year, month - 1, date + (next ? 1 : 0));
  return Number.isNaN(start.getTime()) ? null : start.toISOString();
}

/** Say what the CSMS knows; `pending` counts what it has yet to hear of this charger. */
export function csmsState(entry: TransactionEntry, pending: number): CsmsState {
  if (entry.startRefusal !== null || entry.stopRefusal !== null) return "refused";
  const heard = entry.state === "open" ? entry.startAcknowledgedAt : entry.stopAcknowledgedAt;
  if (heard !== null) return "sent";
  return pending > 0 ? "waiting" : "local";
}

/** Return the tone of what the CSMS knows. */
export function toneOfCsmsState(state: CsmsState): Tone {
  const tones = { sent: "ok", waiting: "waiting", refused: "fault", local: "off" } as const;
  return tones[state];
}

/** Return for how long a transaction runs or ran, in seconds; null when its end was lost. */
export function secondsOf(entry: TransactionEntry, now: number): number | null {
  if (entry.durationSeconds !== null) return entry.durationSeconds;
  if (entry.state !== "open") return null;
  return Math.max(0, (now - Date.parse(entry.begunAt)) / 1000);
}

/** Return what the meter shows at the end, or shows now; null when that is not known. */
export function meterNow({ meterStartWh, meterStopWh, energyWh }: TransactionEntry): number | null {
  if (meterStopWh !== null || meterStartWh === null || energyWh === null) return meterStopWh;
  return meterStartWh + energyWh;
}

/** Join pages: what both hold is there once, as the newer page has it. */
export function joined(
  pages: readonly TransactionEntry[],
  next: readonly TransactionEntry[],
): readonly TransactionEntry[] {
  const known = new Map(pages.map((entry) => [entry.id, entry]));
  for (const entry of next) known.set(entry.id, entry);
  return [...known.values()];
}
