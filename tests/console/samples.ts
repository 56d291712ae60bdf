import type {
  ChargerState,
  ExchangeSummary,
  LiveMessage,
} from "../../oye-proxy/frontend/src/api/types.gen.ts";

/** Return an exchange as the server tells it. */
export function exchange(
  key: string,
  change: Partial<ExchangeSummary> = {},
): ExchangeSummary {
  return {
    key,
    id: null,
    chargePointId: "CP1",
    time: "2026-11-21T19:00:00Z",
    state: "unanswered",
    sender: "charger",
    receiver: "csms",
    direction: "UPSTREAM",
    messageType: 2,
    action: "Heartbeat",
    messageId: key,
    size: 40,
    gist: "",
    late: false,
    injection: null,
    rule: null,
    answer: null,
    ...change,
  };
}

/** Return a charger with what a test looks at; the rest is not read by what is tested. */
export function charger(
  chargePointId: string,
  change: Partial<ChargerState> = {},
): ChargerState {
  const state: Partial<ChargerState> = {
    chargePointId,
    name: null,
    vendor: null,
    model: null,
    serialNumber: null,
    firmwareVersion: null,
    ocppVersion: "1.6",
    status: null,
    approved: true,
    connected: true,
    lastSeen: "2026-11-21T19:00:00Z",
    connectors: [],
    ...change,
  };
  return state as ChargerState;
}

/** Return a snapshot of chargers. */
export function snapshot(
  chargers: readonly ChargerState[] = [],
  change: { epoch?: string; version?: string } = {},
): LiveMessage {
  const proxy = {
    version: change.version ?? "1.0.0",
    apiVersion: 1,
    instanceId: "i",
    name: "OYE",
    features: [],
    validation: "warn" as const,
  };
  return {
    type: "snapshot",
    seq: 0,
    epoch: change.epoch ?? "e1",
    proxy,
    chargers,
    issues: [],
  };
}
