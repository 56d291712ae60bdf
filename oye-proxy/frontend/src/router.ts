import { idOfPath, pathId } from "./api/paths.ts";

/** Where the reader is: a view, the ids in its path, and what its query holds. */
export interface Route {
  readonly path: readonly string[];
  readonly query: ReadonlyMap<string, string>;
}

const HOME: readonly string[] = ["chargers"];

/** Read a hash; what cannot be read is no part of it. */
export function parseHash(hash: string): Route {
  const [path, query] = splitOnce(hash.replace(/^#\/?/, ""), "?");
  const segments = path.split("/").filter((segment) => segment !== "");
  return {
    path: segments.length === 0 ? HOME : segments.map((segment) => idOfPath(segment) ?? ""),
    query: new Map(new URLSearchParams(query)),
  };
}

/** Write a route as a hash; empty values are left out. */
export function hashOf(
  path: readonly string[],
  query: ReadonlyMap<string, string> | Readonly<Record<string, string>> = {},
): string {
  const entries =
    query instanceof Map ? [...query] : Object.entries(query as Record<string, string>);
  const search = new URLSearchParams(entries.filter(([, value]) => value !== "")).toString();
  return `#/${path.map(pathId).join("/")}${search === "" ? "" : `?${search}`}`;
}

/** Say whether a pattern such as `chargers/:id` fits a path. */
export function fits(pattern: string, path: readonly string[]): boolean {
  const parts = pattern.split("/");
  return (
    parts.length === path.length &&
    parts.every((part, index) => part.startsWith(":") || part === path[index])
  );
}

/** Go to another place, as a link would. */
export function navigate(
  path: readonly string[],
  query: ReadonlyMap<string, string> | Readonly<Record<string, string>> = {},
): void {
  window.location.hash = hashOf(path, query);
}

/** Change the query of the present place without a new entry in the history. */
export function replaceQuery(query: ReadonlyMap<string, string>): void {
  const { path } = parseHash(window.location.hash);
  window.history.replaceState(null, "", hashOf(path, query));
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

/** Follow the hash from now on; returns how to stop that. */
export function followHash(onRoute: (route: Route) => void): () => void {
  const read = (): void => {
    onRoute(parseHash(window.location.hash));
  };
  window.addEventListener("hashchange", read);
  read();
  return () => {
    window.removeEventListener("hashchange", read);
  };
}

function splitOnce(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}
