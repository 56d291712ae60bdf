import { expect, test } from "vitest";
import type { SampleFacts } from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import {
  measurandRows,
  newestOf,
  phasesOf,
} from "../../../oye-proxy/frontend/src/domain/measurands.ts";

function sample(
  time: string,
  phases: Readonly<Record<string, number>> = {},
): SampleFacts {
  return {
    value: 1,
    time,
    unit: "A",
    phases,
    context: "Sample.Periodic",
    location: "Outlet",
  };
}

test("power and energy come first, the rest by name", () => {
  const rows = measurandRows({
    Voltage: sample("2026-11-21T10:00:00Z", { L1: 230 }),
    "X.Vendor": sample("2026-11-21T10:00:01Z", { N: 1 }),
    Frequency: sample("2026-11-21T10:00:00Z"),
    "Power.Active.Import": sample("2026-11-21T10:00:00Z"),
  });

  expect(rows.map(({ measurand }) => measurand)).toEqual([
    "Power.Active.Import",
    "Voltage",
    "Frequency",
    "X.Vendor",
  ]);
  expect(phasesOf(rows)).toEqual(["L1", "N"]);
  expect(newestOf(rows)).toBe("2026-11-21T10:00:01Z");
});
