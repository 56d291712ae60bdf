import type { ChargerState } from "../api/types.gen.ts";

/** Return the power of all connectors together, null when none tells, or none can. */
export function powerOf(charger: Pick<ChargerState, "connected" | "connectors">): number | null {
  if (!charger.connected) return null;
  const known = charger.connectors.flatMap(({ powerW }) => (powerW === null ? [] : [powerW]));
  return known.length === 0 ? null : known.reduce((sum, power) => sum + power, 0);
}
