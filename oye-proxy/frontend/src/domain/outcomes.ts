import type { ChargerState, Sent } from "../api/types.gen.ts";

/** What became of a command: `queued` and `sent` without the charger's answer. */
export interface Outcome {
  readonly kind: "accepted" | "queued" | "refused" | "sent";
  /** The charger's own word, when it gave one. */
  readonly status: string | null;
  readonly warnings: readonly string[];
}

/** Why commands are off now; null when they are not. */
export type Obstacle = "away" | "inactive" | "monitor" | "offline";

/** Read what the server told of a command. */
export function outcomeOf(sent: Sent): Outcome {
  const warnings = sent.warnings ?? [];
  const status = statusOf(sent.response);
  if (sent.accepted === true) return { kind: "accepted", status, warnings };
  if (sent.accepted === false) return { kind: "refused", status, warnings };
  return { kind: sent.queued === true ? "queued" : "sent", status, warnings };
}

/** Say why a charger cannot be commanded now. */
export function obstacleOf(charger: ChargerState, live: boolean): Obstacle | null {
  if (!live) return "away";
  if (charger.ownerStatus === "inactive") return "inactive";
  if (!charger.connected) return "offline";
  return charger.mode === "monitor" ? "monitor" : null;
}

// The first word of refusal or consent: of the answer, or of the one variable that it is about.
function statusOf(response: unknown): string | null {
  const answer = membersOf(response);
  if (typeof answer.status === "string") return answer.status;
  const results: unknown = answer.setVariableResult;
  const first = membersOf(Array.isArray(results) ? results[0] : null);
  return typeof first.attributeStatus === "string" ? first.attributeStatus : null;
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
