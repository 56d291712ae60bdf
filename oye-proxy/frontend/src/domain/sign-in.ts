import type { SessionInfo } from "../api/types.gen.ts";

/** Say where signing in is shown: as a page, or in a dialog over work that goes on after it; null nowhere. */
export function signInPlace(
  state: string,
  info: Pick<SessionInfo, "via"> | null,
  path: readonly string[],
): "page" | "dialog" | null {
  if (path[0] === "reset" && info?.via !== "ingress") return "page";
  if (state !== "signed-out") return null;
  return info === null ? "page" : "dialog";
}
