import { expect, test } from "vitest";
import type { TransactionSample } from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import {
  drawnLines,
  sessionLines,
  withNewest,
} from "../../../oye-proxy/frontend/src/domain/session-series.ts";

function sample(
  measurand: string,
  phase: string | null,
  second: number,
  value: number,
): TransactionSample {
  const time = `2026-11-21T10:00:${String(second).padStart(2, "0")}Z`;
  const unit = measurand.startsWith("Power") ? "W" : "A";
  return {
    time,
    measurand,
    phase,
    value,
    unit,
    context: "Sample.Periodic",
    location: "Outlet",
  };
}

test("power in total and the currents of the phases are lines", () => {
  const lines = sessionLines([
    sample("Current.Import", "L2", 0, 16),
    sample("Current.Import", null, 0, 48),
    sample("Power.Active.Import", null, 0, 11_000),
    sample("Power.Active.Import", "L1", 0, 3_700),
    sample("Voltage", null, 0, 230),
    sample("Power.Active.Import", null, 10, 7_000),
  ]);

  expect(
    drawnLines(lines).map(({ measurand, phase, points }) => [
      measurand,
      phase,
      points.length,
    ]),
  ).toEqual([
    ["Power.Active.Import", null, 2],
    ["Current.Import", "L2", 1],
  ]);
});

test("a newer value makes a line longer, the same one does not", () => {
  const lines = sessionLines([sample("Power.Active.Import", null, 0, 11_000)]);
  const facts = {
    value: 7_000,
    time: "2026-11-21T10:00:10Z",
    unit: "W",
    phases: {},
    context: "",
    location: "",
  };
  const longer = withNewest(lines, { "Power.Active.Import": facts });

  expect(longer[0]?.points.map(({ value }) => value)).toEqual([11_000, 7_000]);
  expect(withNewest(longer, { "Power.Active.Import": facts })).toEqual(longer);
});
