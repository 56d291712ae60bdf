import type { ChargerState } from "../api/types.gen.ts";

/** Return the order of the cards: who waits for approval, who is online, then by id. */
export function orderOf(chargers: Iterable<ChargerState>): readonly string[] {
  return [...chargers]
    .sort(
      (one, other) => rank(one) - rank(other) || compareIds(one.chargePointId, other.chargePointId),
    )
    .map((charger) => charger.chargePointId);
}

/** Keep an order while it is looked at: what is new comes last, what is gone leaves. */
export function keptOrder(
  order: readonly string[],
  chargers: ReadonlyMap<string, ChargerState>,
): readonly string[] {
  const known = new Set(order);
  const added = [...chargers.values()].filter((charger) => !known.has(charger.chargePointId));
  return [...order.filter((id) => chargers.has(id)), ...orderOf(added)];
}

/** Say whether a charger matches what was typed: each word somewhere in what its card shows. */
export function matchesText(
  charger: ChargerState,
  text: string,
  words: readonly string[],
): boolean {
  const shown = [
    charger.chargePointId,
    charger.name,
    charger.vendor,
    charger.model,
    charger.serialNumber,
    charger.firmwareVersion,
    charger.ocppVersion,
    charger.status,
    ...charger.connectors.map((connector) => connector.status),
    ...words,
  ]
    .filter((part) => part !== null)
    .join(" ")
    .toLocaleLowerCase();
  return text
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => shown.includes(word));
}

function rank(charger: ChargerState): number {
  if (!charger.approved) return 0;
  return charger.connected ? 1 : 2;
}

function compareIds(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true }) || (one < other ? -1 : 1);
}
