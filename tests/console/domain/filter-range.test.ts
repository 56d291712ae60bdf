import { expect, test } from "vitest";
import { parseFilter } from "../../../oye-proxy/frontend/src/domain/filter.ts";
import {
  rangeOf,
  withRange,
} from "../../../oye-proxy/frontend/src/domain/filter-range.ts";

test.each([
  ["action:Reset", ""],
  ["since:24h", "24h"],
  ["since:2h", "own"],
  ["since:1h until:5m", "own"],
  ["until:2026-11-21T19:00:00Z", "own"],
])("the range of %s is %s", (filter, range) => {
  expect(rangeOf(parseFilter(filter))).toBe(range);
});

test("another range takes the place of the one before", () => {
  const filter = "since:1h is:error until:5m";

  expect(withRange(filter, "24h", "")).toBe("is:error since:24h");
  expect(withRange(filter, "", "")).toBe("is:error");
  expect(withRange("", "2h", "1h")).toBe("since:2h until:1h");
});
