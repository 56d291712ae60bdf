import { describe, expect, test } from "vitest";
import {
  exchangeOf,
  type Gap,
} from "../../../oye-proxy/frontend/src/domain/exchanges.ts";
import {
  countAfter,
  countSince,
  filterBefore,
  filterOfGap,
  filterOfKey,
  joined,
  oldestFirst,
  refreshed,
  shows,
  standingBefore,
} from "../../../oye-proxy/frontend/src/domain/live-rows.ts";
import { unitsOf } from "../../../oye-proxy/frontend/src/domain/units.ts";
import { exchange } from "../samples.ts";

const row = (key: string, state: "unanswered" | "answered" = "answered") =>
  exchangeOf(exchange(key, { state }));
const gap: Gap = {
  kind: "gap",
  key: "gap-1",
  from: 0,
  until: 2000,
  dropped: null,
};
const keys = (rows: readonly { key: string }[]): string[] =>
  rows.map(({ key }) => key);

describe("rows of storage and of the stream", () => {
  test("stand once each, in the order of storage and in their newest state", () => {
    const rows = joined(
      [row("a"), row("b", "unanswered")],
      [row("b"), row("c")],
    );

    expect(keys(rows)).toEqual(["a", "b", "c"]);
    expect(rows[1]).toEqual(row("b"));
  });

  test("are those of the stream alone while there is no history", () => {
    const passed = [row("a")];

    expect(joined([], passed)).toBe(passed);
  });

  test("fill a gap behind its mark, without repeating what is known", () => {
    const rows = joined(
      [],
      [row("a"), gap, row("d")],
      new Map([
        ["gap-1", { rows: [row("a"), row("b"), row("d")], rest: null }],
      ]),
    );

    expect(keys(rows)).toEqual(["a", "gap-1", "b", "d"]);
    expect(rows[1]).toEqual({ ...gap, loaded: true });
  });

  test("of a gap that is too large leave the rest of it to be loaded", () => {
    const rows = joined(
      [],
      [row("a"), gap, row("d")],
      new Map([["gap-1", { rows: [row("c")], rest: 900 }]]),
    );

    expect(keys(rows)).toEqual(["a", "gap-1", "c", "d"]);
    expect(rows[1]).toEqual({ ...gap, until: 900 });
  });

  test("from around an older row stand before the others, with a gap between", () => {
    const page = [row("a"), row("b")];
    const rows = standingBefore(page, [row("y"), row("z")]);

    expect(keys(rows)).toEqual(["a", "b", "skipped-b", "y", "z"]);
    expect(rows[2]).toMatchObject({ skipped: true, dropped: null });
    expect(keys(joined(rows, [row("z")]))).toEqual([
      "a",
      "b",
      "skipped-b",
      "y",
      "z",
    ]);
    expect(keys(standingBefore(page, [row("b"), row("c")]))).toEqual([
      "a",
      "b",
      "c",
    ]);
    expect(keys(standingBefore(page, []))).toEqual(["a", "b"]);
  });

  test("that are held keep their places and get their answers", () => {
    const held = [row("a", "unanswered")];
    const rows = [row("a"), row("b")];

    expect(refreshed(held, rows)).toEqual([row("a")]);
    expect(countAfter(held, rows)).toBe(1);
    expect(countAfter([], rows)).toBe(2);
  });

  test("come from a page in the other order", () => {
    expect(keys(oldestFirst([exchange("b"), exchange("a")]))).toEqual([
      "a",
      "b",
    ]);
  });
});

describe("filters for storage", () => {
  test("name the time of a gap", () => {
    expect(filterOfGap("charger:CP1", gap)).toBe(
      "charger:CP1 since:1970-01-01T00:00:00.000Z until:1970-01-01T00:00:02.000Z",
    );
  });

  test("name the time up to a row, itself among them", () => {
    expect(filterBefore("", row("a"))).toBe("until:2026-11-21T19:00:00.001Z");
  });

  test("find an exchange by the time in its key, whatever ids stand behind it", () => {
    expect(filterOfKey("1000500/x/y/CP 1")).toBe(
      "since:1970-01-01T00:00:01.000Z until:1970-01-01T00:00:01.001Z",
    );
    expect(filterOfKey("nothing")).toBeNull();
  });
});

test("a row is highlighted by what it shows, in any case", () => {
  const one = exchangeOf(exchange("a", { gist: "7.2 kW" }));

  const units = unitsOf("en");

  expect(shows(one, "heartbeat", units)).toBe(true);
  expect(shows(one, "KW", units)).toBe(true);
  expect(shows(one, "reset", units)).toBe(false);
});

test("an amount is highlighted as the reader's language writes it, and as OCPP does", () => {
  const one = exchangeOf(exchange("a", { gist: "7.2 kW, 1234.5 kWh" }));
  const units = unitsOf("fr");

  expect(shows(one, "7,2 kW", units)).toBe(true);
  expect(shows(one, "1 234,5 kWh", units)).toBe(true);
  expect(shows(one, "7.2 kW", units)).toBe(true);
  expect(shows(one, "7,3 kW", units)).toBe(false);
});

describe("how many began within a while", () => {
  const at = (second: number) => {
    const time = new Date(second * 1000).toISOString();
    return exchangeOf(exchange(`at-${second}`, { time }));
  };
  const known = [at(1), at(5), at(9)];

  test("is counted where the rows reach back", () => {
    expect(countSince(known, 1_000, false)).toBe(2);
    expect(countSince(known, 9_000, false)).toBe(0);
  });

  test("is not known where rows of then are missing", () => {
    expect(countSince(known, 500, false)).toBeNull();
    expect(countSince([at(1), { ...gap, from: 2000 }], 1_000, true)).toBeNull();
    expect(countSince([], 0, false)).toBeNull();
  });

  test("is all there is where nothing is older", () => {
    expect(countSince(known, 500, true)).toBe(3);
    expect(countSince([], 0, true)).toBe(0);
  });
});
