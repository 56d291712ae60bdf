import { expect, test } from "vitest";
import {
  fits,
  hashOf,
  parseHash,
} from "../../oye-proxy/frontend/src/router.ts";

test.each(["CP1", "CP/1", "../..", "a b", "⚡", "~", "__proto__"])(
  "a place with the id %s is found again",
  (id) => {
    const route = parseHash(hashOf(["chargers", id], { q: 'is:error "a&b"' }));

    expect(route.path).toEqual(["chargers", id]);
    expect(route.query.get("q")).toBe('is:error "a&b"');
  },
);

test("no place is the first view", () => {
  expect(parseHash("").path).toEqual(["chargers"]);
  expect(parseHash("#/").path).toEqual(["chargers"]);
});

test("a pattern fits as many parts as it has", () => {
  expect(fits("chargers/:id", ["chargers", "x"])).toBe(true);
  expect(fits("chargers/:id", ["chargers", "x", "settings"])).toBe(false);
  expect(fits("chargers", ["live"])).toBe(false);
});
