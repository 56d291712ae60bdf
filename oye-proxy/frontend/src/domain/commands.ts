import type { ActionSchemas, ChargerState } from "../api/types.gen.ts";

const COMMON_1_6: readonly string[] = [
  "RemoteStartTransaction",
  "RemoteStopTransaction",
  "Reset",
  "UnlockConnector",
  "GetConfiguration",
  "ChangeConfiguration",
  "ChangeAvailability",
  "TriggerMessage",
  "GetDiagnostics",
  "UpdateFirmware",
  "ClearCache",
  "DataTransfer",
];
const COMMON_2: readonly string[] = [
  "RequestStartTransaction",
  "RequestStopTransaction",
  "Reset",
  "UnlockConnector",
  "GetVariables",
  "SetVariables",
  "ChangeAvailability",
  "TriggerMessage",
  "GetLog",
  "UpdateFirmware",
  "ClearCache",
  "DataTransfer",
];
const DEFAULT_VERSION = "1.6";

export interface ActionChoices {
  readonly common: readonly ActionSchemas[];
  readonly others: readonly ActionSchemas[];
}

/** Return the version whose actions a charger is offered; the oldest until it told its own. */
export function versionOf(charger: ChargerState | undefined): string {
  return charger?.ocppVersion ?? DEFAULT_VERSION;
}

/** Return what can be sent to a charger of a version: the common actions in their order, then the others by name. */
export function choicesOf(version: string, actions: readonly ActionSchemas[]): ActionChoices {
  const names = version === DEFAULT_VERSION ? COMMON_1_6 : COMMON_2;
  const known = new Map(actions.filter((one) => one.toCharger).map((one) => [one.action, one]));
  const common = names.flatMap((name) => known.get(name) ?? []);
  const others = [...known.values()]
    .filter(({ action }) => !names.includes(action))
    .sort((one, other) => one.action.localeCompare(other.action));
  return { common, others };
}

/** Return what a common action is called in a version; any other one keeps its name. */
export function counterpartOf(action: string, version: string): string {
  const [from, to] = version === DEFAULT_VERSION ? [COMMON_2, COMMON_1_6] : [COMMON_1_6, COMMON_2];
  return to[from.indexOf(action)] ?? action;
}

/** Return the chargers to choose from, online first, then by id. */
export function chargersToCommand(chargers: Iterable<ChargerState>): readonly ChargerState[] {
  return [...chargers].sort(
    (one, other) =>
      Number(other.connected) - Number(one.connected) ||
      one.chargePointId.localeCompare(other.chargePointId),
  );
}
