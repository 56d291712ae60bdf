import { type FilterWord, formatFilter } from "./filter.ts";

const AROUND = 60_000;

/** Return the query of Live that shows what passed with a charger around a moment, in milliseconds. */
export function aroundMoment(chargePointId: string, at: number): Readonly<Record<string, string>> {
  return {
    q: formatFilter([
      word("charger", chargePointId),
      word("since", new Date(at - AROUND).toISOString()),
      word("until", new Date(at + AROUND).toISOString()),
    ]),
  };
}

function word(kind: FilterWord["kind"], value: string): FilterWord {
  return { kind, value, excludes: false, problem: null };
}
