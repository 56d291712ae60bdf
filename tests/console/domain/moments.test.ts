import { expect, test } from "vitest";
import {
  localMoment,
  momentOfLocal,
} from "../../../oye-proxy/frontend/src/domain/moments.ts";

test("a moment survives the way through a date field, to the second", () => {
  expect(momentOfLocal(localMoment("2026-11-21T19:00:05Z"))).toBe(
    "2026-11-21T19:00:05.000Z",
  );
});

test("what is no moment is an empty field, and an empty field no moment", () => {
  expect(localMoment("soon")).toBe("");
  expect(localMoment("")).toBe("");
  expect(momentOfLocal("")).toBeNull();
  expect(momentOfLocal("x")).toBeNull();
});
