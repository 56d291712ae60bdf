import type { Setting } from "../domain/configuration.ts";

/** What a charger's settings were when they were read; `complete` unless parts did not come. */
export interface Reading {
  readonly at: number;
  readonly settings: readonly Setting[];
  readonly complete: boolean;
}

const ROOM = 20;
const readings = new Map<string, Reading>();

/** Return the last reading of a charger since the page was opened. */
export function readingOf(chargePointId: string): Reading | null {
  return readings.get(chargePointId) ?? null;
}

/** Keep a reading; the oldest one leaves when there are many. */
export function keepReading(chargePointId: string, reading: Reading): void {
  readings.delete(chargePointId);
  readings.set(chargePointId, reading);
  const [oldest] = readings.keys();
  if (readings.size > ROOM && oldest !== undefined) readings.delete(oldest);
}
