import { expect, test } from "vitest";
import {
  scheduleOf,
  type EditedSchedule,
} from "../../../oye-proxy/frontend/src/domain/schedules.ts";

const ZONE = "Europe/Berlin";
const NOW = new Date(2026, 10, 21, 15, 30);
const EDITED: EditedSchedule = {
  periods: [
    { from: "22:00", limit: "16" },
    { from: "06:30", limit: "6" },
  ],
  unit: "A",
  scope: "maximum",
  connectorId: null,
  recurrence: "daily",
};

test("a day of limits begins at midnight with the last one of the day before", () => {
  const made = scheduleOf(EDITED, NOW, ZONE);

  expect(made).toEqual({
    request: {
      periods: [
        { start: 0, limit: 16 },
        { start: 23_400, limit: 6 },
        { start: 79_200, limit: 16 },
      ],
      unit: "A",
      scope: "maximum",
      connectorId: null,
      start: new Date(2026, 10, 21).toISOString(),
      recurrence: "daily",
      timeZone: ZONE,
    },
  });
});

test("a schedule of today ends with the day", () => {
  const made = scheduleOf({ ...EDITED, recurrence: null }, NOW, ZONE);

  expect("request" in made && made.request.duration).toBe(86_400);
});

test.each([
  [[], "time"],
  [[{ from: "", limit: "6" }], "time"],
  [[{ from: "25:00", limit: "6" }], "time"],
  [[{ from: "06:00", limit: "" }], "limit"],
  [[{ from: "06:00", limit: "-1" }], "limit"],
  [
    [
      { from: "06:00", limit: "6" },
      { from: "06:00", limit: "8" },
    ],
    "same_time",
  ],
] as const)("says what is wrong with %j", (periods, problem) => {
  expect(scheduleOf({ ...EDITED, periods }, NOW, ZONE)).toEqual({ problem });
});
