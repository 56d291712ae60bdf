import type { ChargerState } from "../api/types.gen.ts";
import { obstacleOf } from "../domain/outcomes.ts";
import { localize } from "./localize.ts";

/** Say why nothing can be sent to a charger now; null when it can. */
export function obstacleText(
  charger: ChargerState | undefined,
  chargers: Iterable<ChargerState>,
  isLive: boolean,
): string | null {
  if (charger === undefined && isLive) {
    const isAny = [...chargers].some((one) => one.connected);
    return localize(isAny ? "composer.choose_first" : "composer.none_online");
  }
  const obstacle = charger === undefined ? "away" : obstacleOf(charger, isLive);
  return obstacle === null ? null : localize(`composer.obstacle.${obstacle}`);
}
