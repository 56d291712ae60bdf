import type { EventMessage } from "../api/types.gen.ts";

export type Step = "queued" | "sent" | "answered" | "refused" | "timed_out" | "aborted";

/** What became of a command so far; times are in milliseconds. */
export interface Progress {
  readonly messageId: string;
  readonly steps: readonly Step[];
  readonly queuedAt: number | null;
  readonly sentAt: number | null;
  readonly answeredAt: number | null;
}

const FINAL: readonly Step[] = ["answered", "refused", "timed_out", "aborted"];
const NOTICED = 100;
const STEPS: readonly string[] = ["queued", "sent", ...FINAL];

/** Return the beginning of a command, as the server took it. */
export function begun(messageId: string, queued: boolean, now: number): Progress {
  return queued
    ? { messageId, steps: ["queued"], queuedAt: null, sentAt: null, answeredAt: null }
    : { messageId, steps: ["sent"], queuedAt: null, sentAt: now, answeredAt: null };
}

/** Return the progress after a live event; the same when the event is about something else. */
export function advanced(progress: Progress, message: EventMessage): Progress {
  const { messageId, state } = message.data;
  if (message.event !== "injection" || messageId !== progress.messageId) return progress;
  if (state === "queued") return { ...progress, queuedAt: Date.parse(message.time) };
  if (!isStep(state) || progress.steps.includes(state) || isFinal(progress)) return progress;
  const at = Date.parse(message.time);
  return {
    ...progress,
    steps: [...progress.steps, state],
    sentAt: state === "sent" ? at : progress.sentAt,
    answeredAt: FINAL.includes(state) ? at : progress.answeredAt,
  };
}

/** Return how long the charger took, in milliseconds; null while it is not known. */
export function latencyOf({ sentAt, answeredAt }: Progress): number | null {
  return sentAt === null || answeredAt === null ? null : Math.max(0, answeredAt - sentAt);
}

/** Say whether it waits for another call, or did so for a time that one notices. */
export function hasWaited({ steps, queuedAt, sentAt }: Progress): boolean {
  if (!steps.includes("queued")) return false;
  if (!steps.includes("sent")) return true;
  return queuedAt !== null && sentAt !== null && sentAt - queuedAt >= NOTICED;
}

function isFinal({ steps }: Progress): boolean {
  return steps.some((step) => FINAL.includes(step));
}

function isStep(state: unknown): state is Step {
  return typeof state === "string" && STEPS.includes(state);
}
