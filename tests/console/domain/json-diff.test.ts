import { expect, test } from "vitest";
import { differences } from "../../../oye-proxy/frontend/src/domain/json-diff.ts";

test("what differs is told by its path, what is new and what is gone as such", () => {
  const before = '{"a":1,"b":{"c":[1,2]},"gone":true,"same":"x"}';
  const now = '{"a":1.0,"b":{"c":[1,3,4]},"same":"x","list":[]}';

  expect(differences(before, now)).toEqual([
    { path: "a", before: "1", now: "1.0" },
    { path: "b.c[1]", before: "2", now: "3" },
    { path: "b.c[2]", before: null, now: "4" },
    { path: "list", before: null, now: "[]" },
    { path: "gone", before: "true", now: null },
  ]);
});

test("equal payloads have no difference, and what is no JSON cannot be compared", () => {
  expect(differences("{}", "{}")).toEqual([]);
  expect(differences("{", "{}")).toBeNull();
});
