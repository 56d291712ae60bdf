import { expect, test } from "vitest";
import {
  isAtEnd,
  isNearTop,
  type Scroll,
  wentUp,
} from "../../../oye-proxy/frontend/src/domain/scroll.ts";

const at = (top: number, height = 10_000): Scroll => ({
  top,
  height,
  room: 500,
});

test("the end is in sight, though not to the pixel", () => {
  expect([9_500, 9_490, 9_400].map((top) => isAtEnd(at(top)))).toEqual([
    true,
    true,
    false,
  ]);
  expect(isAtEnd(at(0, 300))).toBe(true);
});

test("older rows are wanted before the first is reached", () => {
  expect([0, 399, 400].map((top) => isNearTop(at(top)))).toEqual([
    true,
    true,
    false,
  ]);
});

test("who scrolls up is told from rows that go", () => {
  expect(wentUp(at(9_000), at(8_000))).toBe(true);
  expect(wentUp(at(9_000), at(9_500))).toBe(false);
  expect(wentUp(at(9_000), at(8_000, 9_000))).toBe(false);
  expect(wentUp(at(9_000), at(8_000, 11_000))).toBe(true);
});
