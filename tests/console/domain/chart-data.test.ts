import { expect, test } from "vitest";
import {
  aligned,
  beneath,
  isEmpty,
  scalesOf,
  type Series,
  startsAtZero,
  summaryOf,
  withZero,
} from "../../../oye-proxy/frontend/src/domain/chart-data.ts";

const line = (
  points: readonly (readonly [number, number | null])[],
  change: Partial<Series> = {},
): Series => ({
  name: "line",
  unit: "W",
  points: points.map(([time, value]) => ({ time, value })),
  ...change,
});

test("lines share one axis of time", () => {
  const power = line([
    [1, 10],
    [3, 30],
  ]);
  const voltage = line([[2, 230]], { unit: "V" });

  expect(aligned([power, voltage], null)).toEqual({
    times: [1, 2, 3],
    columns: [
      [10, null, 30],
      [null, 230, null],
    ],
  });
});

test("a limit holds until the next one, and until the end of what is shown", () => {
  const limit = line(
    [
      [2, 16],
      [4, null],
      [6, 8],
    ],
    { step: true },
  );
  const current = line([[3, 10]]);

  expect(aligned([limit, current], [1, 9])).toEqual({
    times: [2, 3, 4, 6, 9],
    columns: [
      [16, 16, null, 8, 8],
      [null, 10, null, null, null],
    ],
  });
});

test("a line that ends upon later ones is told how many they are", () => {
  const amperes = (value: number): Series => line([[1, value]], { unit: "A" });
  const volts = (value: number): Series => line([[1, value]], { unit: "V" });

  expect(
    beneath([line([[1, 16]]), amperes(16), amperes(16), amperes(15.9)]),
  ).toEqual([0, 2, 1, 0]);
  expect(beneath([amperes(16), amperes(12), line([])])).toEqual([0, 0, 0]);
  expect(beneath([volts(230), volts(231)])).toEqual([0, 0]);
});

test("an axis has the room above its values that is asked for", () => {
  expect(withZero(0, 10, 0.5)).toEqual([0, 15]);
});

test("a line is summed up without what it does not know", () => {
  const known = line([
    [1, 5],
    [2, null],
    [3, -2],
    [4, 3],
  ]);

  expect(summaryOf(known)).toEqual({ minimum: -2, maximum: 5, last: 3 });
  expect(summaryOf(line([[1, null]]))).toBeNull();
});

test("each unit has a scale, and begins at zero where that says something", () => {
  const all = [line([]), line([]), line([], { unit: null })];

  expect(scalesOf(all)).toEqual(["W", ""]);
  expect(["W", "A", "Percent", "V", "Celsius"].map(startsAtZero)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(withZero(3, 10)).toEqual([0, 11]);
  expect(withZero(-10, -5)).toEqual([-11, 1]);
  expect(withZero(null, null)).toEqual([0, 0.1]);
});

test("without a point there is nothing to draw", () => {
  expect(isEmpty([line([]), line([])])).toBe(true);
  expect(isEmpty([line([]), line([[1, 1]])])).toBe(false);
});
