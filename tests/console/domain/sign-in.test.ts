import { expect, test } from "vitest";
import { signInPlace } from "../../../oye-proxy/frontend/src/domain/sign-in.ts";

const SESSION = { via: "session" } as const;
const INGRESS = { via: "ingress" } as const;

test.each([
  ["signed-out", null, ["system"], "page"],
  ["signed-out", SESSION, ["system"], "dialog"],
  ["signed-in", SESSION, ["system"], null],
  ["unknown", null, ["system"], null],
  ["signed-out", null, ["reset", "token"], "page"],
  ["signed-in", SESSION, ["reset", "token"], "page"],
  ["signed-in", INGRESS, ["reset", "token"], null],
] as const)(
  "signing in, %s, of %o at %o, is shown: %s",
  (state, info, path, place) => {
    expect(signInPlace(state, info, path)).toBe(place);
  },
);
