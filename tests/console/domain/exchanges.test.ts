import { describe, expect, test } from "vitest";
import type { ExchangeSummary } from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import {
  gistIn,
  gistOf,
  RowRing,
} from "../../../oye-proxy/frontend/src/domain/exchanges.ts";
import { unitsOf } from "../../../oye-proxy/frontend/src/domain/units.ts";
import { exchange } from "../samples.ts";

describe("the newest rows", () => {
  test("keep their order; an answer replaces what it answers", () => {
    const ring = new RowRing();
    ring.put([exchange("a"), exchange("b")]);
    ring.put([exchange("a", { state: "answered" })]);

    expect(ring.rows.map((row) => row.key)).toEqual(["a", "b"]);
    expect(ring.rows[0]).toMatchObject({ summary: { state: "answered" } });
  });

  test("are as many as there is room for", () => {
    const ring = new RowRing(3);
    ring.put(["a", "b", "c", "d", "e"].map((key) => exchange(key)));
    ring.put([exchange("d", { state: "error" }), exchange("f")]);

    expect(ring.rows.map((row) => row.key)).toEqual(["d", "e", "f"]);
    expect(ring.rows[0]).toMatchObject({ summary: { state: "error" } });
  });

  test("mark what is missing between them", () => {
    const ring = new RowRing();
    ring.put([exchange("a")]);
    ring.putGap(1, 2, 12);
    ring.put([exchange("b")]);

    expect(ring.rows.map((row) => row.kind)).toEqual([
      "exchange",
      "gap",
      "exchange",
    ]);
  });

  test("are another array after each change", () => {
    const ring = new RowRing();
    const before = ring.rows;
    ring.put([exchange("a")]);

    expect(ring.rows).not.toBe(before);
  });
});

test("the gist of an exchange is that of both frames, as far as there is one", () => {
  const answer = { gist: "Accepted" } as ExchangeSummary["answer"];

  expect(gistOf(exchange("a", { gist: "tag 7", answer }))).toBe(
    "tag 7 · Accepted",
  );
  expect(gistOf(exchange("a", { answer }))).toBe("Accepted");
  expect(gistOf(exchange("a"))).toBe("");
});

test.each([
  ["11.0 kW, 4932.5 kWh", "11 kW, 4.932,5 kWh"],
  ["#1, 15.9 A, 79.5 Percent", "#1, 15,9 A, 79,5 %"],
  ["850 W", "850 W"],
  [
    "Wallbox 2.5 kWx, v1.2.3, transaction 1234.5",
    "Wallbox 2.5 kWx, v1.2.3, transaction 1234.5",
  ],
  ["1.2.3 kW", "1.2.3 kW"],
])(
  "amounts are written as in the language of the reader: %s",
  (gist, shown) => {
    expect(gistIn(unitsOf("de"), exchange("a", { gist }))).toBe(shown);
  },
);
