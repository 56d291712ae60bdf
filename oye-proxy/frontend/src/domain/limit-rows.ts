import type { ChargerState, LimitScope } from "../api/types.gen.ts";

/** One limit that the owner may set: what was wished, and what the charger accepted of it. */
export interface LimitRow {
  readonly scope: LimitScope;
  readonly connectorId: number | null;
  readonly wishedA: number | null;
  readonly acceptedA: number | null;
}

/** Return the limits of a charger: the lasting one, that of coming sessions, those that run. */
export function limitRows(charger: ChargerState): readonly LimitRow[] {
  const { limits } = charger;
  const running = charger.connectors.flatMap(({ evseId, transaction }): LimitRow[] => {
    const known = limits.connectors.find(({ connectorId }) => connectorId === evseId);
    const wishedA = known?.sessionLimitA ?? null;
    if (transaction === null && wishedA === null) return [];
    const acceptedA = known?.sessionAcceptedA ?? null;
    return [{ scope: "session", connectorId: evseId, wishedA, acceptedA }];
  });
  return [
    {
      scope: "maximum",
      connectorId: null,
      wishedA: limits.maxCurrentA,
      acceptedA: limits.maxCurrentAcceptedA,
    },
    ...running,
    {
      scope: "default",
      connectorId: null,
      wishedA: limits.defaultLimitA,
      acceptedA: limits.defaultAcceptedA,
    },
  ];
}
