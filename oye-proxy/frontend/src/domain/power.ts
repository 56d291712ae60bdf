import type { ChargerState } from "../api/types.gen.ts";

/** Return the power of all connectors together, null when none tells. */
export function powerOf(charger: Pick<ChargerState, "connectors">): number | null {
  const known = charger.connectors.flatMap(({ powerW }) => (powerW === null ? [] : [powerW]));
  return known.length === 0 ? null : known.reduce((sum, power) => sum + power, 0);
}
