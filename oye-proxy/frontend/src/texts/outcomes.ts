import type { Sent } from "../api/types.gen.ts";
import { outcomeOf } from "../domain/outcomes.ts";
import { plainText, shortened } from "../domain/text.ts";
import { localize } from "./localize.ts";

const ROOM = 80;

/** Return what became of a command as a sentence. */
export function outcomeText(sent: Sent): string {
  const { kind, status, warnings } = outcomeOf(sent);
  return [sentence(kind, status), ...warnings].join(" ");
}

function sentence(kind: ReturnType<typeof outcomeOf>["kind"], status: string | null): string {
  switch (kind) {
    case "accepted":
      return status === null || status === "Accepted"
        ? localize("command.accepted")
        : localize("command.accepted_with", { status: foreign(status) });
    case "refused":
      return status === null
        ? localize("command.refused")
        : localize("command.rejected", { status: foreign(status) });
    case "queued":
      return localize("command.queued");
    case "sent":
      return localize("command.sent");
  }
}

function foreign(text: string): string {
  return shortened(plainText(text), ROOM);
}
