import { expect, test } from "vitest";
import {
  keptOrder,
  matchesText,
  orderOf,
} from "../../../oye-proxy/frontend/src/domain/charger-list.ts";
import { charger } from "../samples.ts";

test("who waits for approval comes first, then who is online, then by id", () => {
  const chargers = [
    charger("CP10"),
    charger("CP9", { connected: false }),
    charger("CP2"),
    charger("NEW", { approved: false }),
  ];

  expect(orderOf(chargers)).toEqual(["NEW", "CP2", "CP10", "CP9"]);
});

test("the order stays while it is looked at", () => {
  const chargers = new Map(
    [charger("A", { connected: false }), charger("C"), charger("B")].map(
      (one) => [one.chargePointId, one],
    ),
  );

  expect(keptOrder(["A", "GONE", "C"], chargers)).toEqual(["A", "C", "B"]);
});

test("each word is found somewhere on the card", () => {
  const wallbox = charger("CP1", { vendor: "ABB", model: "Terra" });

  expect(matchesText(wallbox, "terra CP1", [])).toBe(true);
  expect(matchesText(wallbox, "terra offline", ["Online"])).toBe(false);
});
