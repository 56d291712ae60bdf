import type { ApiError } from "../api/client.ts";
import type { ActionSchemas } from "../api/types.gen.ts";
import { localize, localizeCode } from "./localize.ts";

/** What is asked before a CALL is sent. */
export interface Question {
  /** The charger's id is to be typed. */
  readonly lockout: boolean;
  /** The server wants to hear that it was asked. */
  readonly guarded: boolean;
  readonly effect: string;
}

/** Return what to ask before an action is sent; null when it does no harm. */
export function questionOf(known: ActionSchemas | undefined): Question | null {
  if (known?.lockout !== true && known?.destructive !== true) return null;
  const effect =
    localizeCode("composer.effect", known.action) ??
    localize(known.lockout ? "composer.effect.lockout" : "composer.effect.other");
  return { lockout: known.lockout, guarded: known.lockout, effect };
}

/** Return what the server wants to have asked. */
export function questionOfServer(error: ApiError): Question {
  return { lockout: error.problem.guard === "lockout", guarded: true, effect: error.message };
}
