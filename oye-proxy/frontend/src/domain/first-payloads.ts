import type { ChargerState } from "../api/types.gen.ts";
import type { Json } from "./schema-form.ts";

/** What a new payload is filled with. */
export interface Known {
  readonly charger: ChargerState | undefined;
  /** The id tag that a start is offered with. */
  readonly idTag: string | null;
  /** The time now, in milliseconds. */
  readonly now: number;
}

type Maker = (known: Known) => Json;

/** Actions whose payload names an id tag. */
export const STARTS: ReadonlySet<string> = new Set([
  "RemoteStartTransaction",
  "RequestStartTransaction",
]);

/** Return what a new payload of an action begins with; undefined when nothing is known. */
export function firstPayload(version: string, action: string, known: Known): Json | undefined {
  return (version === "1.6" ? FIRST_1_6 : FIRST_2).get(action)?.(known);
}

const FIRST_1_6 = new Map<string, Maker>([
  [
    "RemoteStartTransaction",
    (known) => ({
      ...(known.idTag === null ? {} : { idTag: known.idTag }),
      connectorId: evse(known),
    }),
  ],
  [
    "RemoteStopTransaction",
    (known) => {
      const transactionId = running(known);
      return transactionId === null ? {} : { transactionId: Number(transactionId) };
    },
  ],
  ["Reset", () => ({ type: "Soft" })],
  ["UnlockConnector", (known) => ({ connectorId: evse(known) })],
  ["GetConfiguration", () => ({})],
  ["ChangeAvailability", () => ({ connectorId: 0, type: "Operative" })],
  ["TriggerMessage", () => ({ requestedMessage: "Heartbeat" })],
  ["UpdateFirmware", ({ now }) => ({ retrieveDate: timeOf(now) })],
  ["ClearCache", () => ({})],
]);

const FIRST_2 = new Map<string, Maker>([
  [
    "RequestStartTransaction",
    (known) => ({
      remoteStartId: numberOf(known),
      idToken: { ...(known.idTag === null ? {} : { idToken: known.idTag }), type: "Central" },
      evseId: evse(known),
    }),
  ],
  [
    "RequestStopTransaction",
    (known) => {
      const transactionId = running(known);
      return transactionId === null ? {} : { transactionId };
    },
  ],
  ["Reset", () => ({ type: "OnIdle" })],
  ["UnlockConnector", (known) => ({ evseId: evse(known), connectorId: 1 })],
  [
    "GetVariables",
    () => ({
      getVariableData: [
        { component: { name: "OCPPCommCtrlr" }, variable: { name: "HeartbeatInterval" } },
      ],
    }),
  ],
  ["ChangeAvailability", () => ({ operationalStatus: "Operative" })],
  ["TriggerMessage", () => ({ requestedMessage: "Heartbeat" })],
  ["GetLog", (known) => ({ requestId: numberOf(known), logType: "DiagnosticsLog", log: {} })],
  [
    "UpdateFirmware",
    (known) => ({
      requestId: numberOf(known),
      firmware: { retrieveDateTime: timeOf(known.now) },
    }),
  ],
  ["ClearCache", () => ({})],
]);

function evse({ charger }: Known): number {
  return charger?.connectors[0]?.evseId ?? 1;
}

function running({ charger }: Known): string | null {
  const open = charger?.connectors.find(({ transaction }) => transaction !== null);
  return open?.transaction?.transactionId ?? null;
}

// A number that no earlier request had.
function numberOf({ now }: Known): number {
  return Math.floor(now / 1000);
}

function timeOf(now: number): string {
  return new Date(now).toISOString();
}
