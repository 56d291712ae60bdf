import { expect, test } from "vitest";
import { passwordFault } from "../../../oye-proxy/frontend/src/domain/passwords.ts";

test.each([
  ["seven77", "seven77", "too_short"],
  ["eight888", "eight889", "differ"],
  ["eight888", "eight888", null],
  ["⚡".repeat(8), "⚡".repeat(8), null],
])("%s and %s are %s", (password, repeated, fault) => {
  expect(passwordFault(password, repeated)).toBe(fault);
});
