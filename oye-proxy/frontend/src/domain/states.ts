import type { ChargerState, ConnectorLimits, Link, Status } from "../api/types.gen.ts";

/** What a state means to the reader; each has its own colour and its own shape. */
export type Tone = "ok" | "active" | "waiting" | "paused" | "fault" | "off" | "unknown";

const STATUS_TONES: Readonly<Record<Status, Tone>> = {
  Available: "ok",
  Preparing: "waiting",
  Charging: "active",
  SuspendedEV: "paused",
  SuspendedEVSE: "paused",
  Finishing: "waiting",
  Reserved: "waiting",
  Unavailable: "off",
  Faulted: "fault",
};

/** What the state of the way to the CSMS means to the reader. */
export const LINK_TONES: Readonly<Record<Link, Tone>> = {
  connected: "ok",
  holding: "waiting",
  standalone: "off",
  catching_up: "waiting",
};

const STALE_AFTER = 3_600_000;

/** Return the tone of a connector's status. */
export function toneOfStatus(status: Status | null): Tone {
  return status === null ? "unknown" : STATUS_TONES[status];
}

/** Return for how many milliseconds an absent charger was not seen; null when that is under 1 h. */
export function staleFor(charger: ChargerState, now: number): number | null {
  if (charger.connected || charger.lastSeen === null) return null;
  const absent = now - Date.parse(charger.lastSeen);
  return absent > STALE_AFTER ? absent : null;
}

/** Say who told a charger to pause, which itself does not tell; null when nobody is known to have. */
export function whoPaused(
  status: Status | null,
  limits: Pick<ConnectorLimits, "pausedBy"> | null,
): "owner" | "csms" | null {
  const by = limits?.pausedBy;
  return status === "SuspendedEVSE" && (by === "owner" || by === "csms") ? by : null;
}
