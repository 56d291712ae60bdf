import type { ChargerState, ConnectorFacts, ConnectorLimits } from "../api/types.gen.ts";

/** What can be wished of a connector now; the charger may refuse it all the same. */
export interface ChargingActions {
  readonly start: boolean;
  readonly stop: boolean;
  readonly pause: boolean;
  readonly resume: boolean;
  readonly unlock: boolean;
}

/** Return what makes sense for a connector: a start where nothing runs, a stop where something does. */
export function actionsOf(
  connector: ConnectorFacts,
  limits: ConnectorLimits | null,
): ChargingActions {
  const runs = connector.transaction !== null;
  const paused = limits?.paused ?? false;
  const usable = connector.status !== "Unavailable" && connector.status !== "Faulted";
  return {
    start: !runs && !paused && usable,
    stop: runs,
    pause: runs && !paused,
    resume: paused,
    unlock: connector.socket !== false,
  };
}

/** Return the limits of a connector; null while the charger has told of none. */
export function limitsOf(charger: ChargerState, connectorId: number): ConnectorLimits | null {
  return charger.limits.connectors.find((one) => one.connectorId === connectorId) ?? null;
}
