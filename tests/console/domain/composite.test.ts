import { expect, test } from "vitest";
import { compositeOf } from "../../../oye-proxy/frontend/src/domain/composite.ts";

const BEGIN = Date.parse("2026-11-21T10:00:00Z");
const chargingSchedulePeriod = [
  { startPeriod: 0, limit: 16 },
  { startPeriod: 3600, limit: 8 },
];

test("a schedule of 1.6 is a step line until its end", () => {
  const response = {
    status: "Accepted",
    scheduleStart: "2026-11-21T10:00:00Z",
    chargingSchedule: {
      duration: 7200,
      chargingRateUnit: "A",
      chargingSchedulePeriod,
    },
  };

  expect(compositeOf(response, 0)).toEqual({
    unit: "A",
    points: [
      { time: BEGIN, value: 16 },
      { time: BEGIN + 3_600_000, value: 8 },
      { time: BEGIN + 7_200_000, value: 8 },
    ],
  });
});

test("a schedule of 2.x holds its own start", () => {
  const schedule = {
    scheduleStart: "2026-11-21T10:00:00Z",
    duration: 0,
    chargingRateUnit: "W",
    chargingSchedulePeriod: [{ startPeriod: 0, limit: 3680 }],
  };

  expect(compositeOf({ status: "Accepted", schedule }, 0)).toEqual({
    unit: "W",
    points: [{ time: BEGIN, value: 3680 }],
  });
});

test.each([
  null,
  "text",
  {},
  { status: "Rejected" },
  { chargingSchedule: { chargingSchedulePeriod: "16" } },
  { chargingSchedule: { chargingSchedulePeriod: [{ limit: "16" }, null] } },
])("what is no schedule is none: %j", (response) => {
  expect(compositeOf(response, BEGIN)).toBe(null);
});
