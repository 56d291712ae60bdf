import { ApiError } from "../api/client.ts";
import { localize, localizeCode, type Parameters } from "./localize.ts";

/** Return why a call failed, in the reader's language, else in the server's words. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return localize("error.internal_error");
  const known = localizeCode("error", error.code, parametersOf(error));
  return known === null || known.includes("{") ? error.message : known;
}

function parametersOf(error: ApiError): Parameters {
  return Object.fromEntries(
    Object.entries(error.problem).filter(
      (entry): entry is [string, string | number] =>
        typeof entry[1] === "string" || typeof entry[1] === "number",
    ),
  );
}
