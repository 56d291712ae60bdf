import type { ChargerState } from "../api/types.gen.ts";
import { powerOf } from "../domain/power.ts";

export interface PowerPoint {
  readonly time: number;
  readonly value: number;
}

const POINTS = 120;
const SPACING = 5_000;

/** The power of each charger since the page was opened: some minutes, for a small line. */
export class PowerHistory {
  readonly #points = new Map<string, PowerPoint[]>();

  /** Take a charger's power in; what comes more often than every 5 s replaces the last. */
  add(charger: ChargerState, time: number): void {
    const value = powerOf(charger);
    if (value === null) return;
    const points = this.#points.get(charger.chargePointId) ?? [];
    const before = points.at(-2);
    const kept =
      before !== undefined && time - before.time < SPACING ? points.slice(0, -1) : points;
    this.#points.set(charger.chargePointId, [...kept, { time, value }].slice(-POINTS));
  }

  of(chargePointId: string): readonly PowerPoint[] {
    return this.#points.get(chargePointId) ?? [];
  }

  forget(chargePointId: string): void {
    this.#points.delete(chargePointId);
  }
}
