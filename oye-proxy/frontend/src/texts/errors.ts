import { ApiError } from "../api/client.ts";
import { localize, localizeCode, type Parameters } from "./localize.ts";

/** Return why a call failed, in the reader's language, else in the server's words. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return localize("error.internal_error");
  return localizeCode("error", error.code, parametersOf(error)) ?? error.message;
}

function parametersOf({ status, problem }: ApiError): Parameters {
  return Object.fromEntries(
    Object.entries({ status, ...problem }).filter(
      (entry): entry is [string, string | number] =>
        typeof entry[1] === "string" || typeof entry[1] === "number",
    ),
  );
}
