import { expect, test } from "vitest";
import { whoPaused } from "../../../oye-proxy/frontend/src/domain/states.ts";

test.each([
  ["SuspendedEVSE", "owner", "owner"],
  ["SuspendedEVSE", "csms", "csms"],
  ["SuspendedEVSE", "charger", null],
  ["SuspendedEVSE", null, null],
  ["SuspendedEV", "owner", null],
  ["Charging", "owner", null],
] as const)(
  "a connector that is %s under a limit of %s was paused by %s",
  (status, pausedBy, who) => {
    expect(whoPaused(status, { pausedBy })).toBe(who);
  },
);
