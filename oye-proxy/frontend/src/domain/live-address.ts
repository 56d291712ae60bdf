import { parseFilter, withoutHeartbeats } from "./filter.ts";

/** What the address says of the stream. */
export interface LiveAddress {
  /** The filter as the reader wrote it. */
  readonly written: string;
  /** The filter as the server gets it. */
  readonly filter: string;
  /** The exchange that is taken apart; empty when there is none. */
  readonly at: string;
  /** What is highlighted. */
  readonly highlight: string;
  readonly showsHeartbeats: boolean;
  /** The filter asks for certain chargers, which need not be named in each row then. */
  readonly namesCharger: boolean;
}

/** The names of what the address keeps. */
export const LIVE_QUERY = { filter: "q", at: "at", highlight: "hl", heartbeats: "hb" } as const;

/** Read the address of the stream. */
export function liveAddressOf(query: ReadonlyMap<string, string>): LiveAddress {
  const get = (name: string): string => query.get(name) ?? "";
  const written = get(LIVE_QUERY.filter);
  const showsHeartbeats = get(LIVE_QUERY.heartbeats) === "1";
  return {
    written,
    filter: showsHeartbeats ? written : withoutHeartbeats(written),
    at: get(LIVE_QUERY.at),
    highlight: get(LIVE_QUERY.highlight),
    showsHeartbeats,
    namesCharger: parseFilter(written).some(({ kind }) => kind === "charger"),
  };
}

/** Return an address with another value; what is empty is left out. */
export function withValue(
  query: ReadonlyMap<string, string>,
  name: string,
  value: string,
): ReadonlyMap<string, string> {
  const changed = new Map(query);
  if (value === "") changed.delete(name);
  else changed.set(name, value);
  return changed;
}
