import { expect, test } from "vitest";
import { Arrivals } from "../../../oye-proxy/frontend/src/state/arrivals.ts";

test("before a minute has passed nothing is said", () => {
  const arrivals = new Arrivals();
  arrivals.restart(1_000_000);
  arrivals.add(5, 1_010_000);

  expect(arrivals.perMinute(1_059_999)).toBeNull();
  expect(arrivals.perMinute(1_060_000)).toBe(5);
});

test("what is older than a minute is not counted", () => {
  const arrivals = new Arrivals();
  arrivals.restart(0);
  arrivals.add(5, 30_000);
  arrivals.add(3, 80_000);

  expect(arrivals.perMinute(89_999)).toBe(8);
  expect(arrivals.perMinute(90_000)).toBe(3);
  expect(arrivals.perMinute(140_000)).toBe(0);
});

test("another stream begins with nothing", () => {
  const arrivals = new Arrivals();
  arrivals.restart(0);
  arrivals.add(5, 30_000);
  arrivals.restart(40_000);

  expect(arrivals.perMinute(100_000)).toBe(0);
});
