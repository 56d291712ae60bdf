import { expect, test } from "vitest";
import {
  axisTexts,
  momentTexts,
} from "../../../oye-proxy/frontend/src/domain/time-axis.ts";
import { unitsOf } from "../../../oye-proxy/frontend/src/domain/units.ts";

const HOUR = 3_600_000;
const units = unitsOf("en-GB", "Europe/Berlin");
const evening = Date.parse("2026-11-21T22:00:00+01:00");

test("hours are told without seconds, and the day where it changes", () => {
  const ticks = [0, 1, 2, 3].map((hour) => evening + hour * HOUR);

  expect(axisTexts(units, ticks, HOUR)).toEqual([
    "22:00\n21 Nov",
    "23:00",
    "00:00\n22 Nov",
    "01:00",
  ]);
});

test("a single day is not named, and seconds are told where they matter", () => {
  const ticks = [evening, evening + 30_000];

  expect(axisTexts(units, ticks, 30_000)).toEqual(["22:00:00", "22:00:30"]);
  expect(axisTexts(units, [evening, evening + 60_000], 60_000)).toEqual([
    "22:00",
    "22:01",
  ]);
});

test("of ticks that are days apart the days are told", () => {
  expect(axisTexts(units, [evening, evening + 48 * HOUR], 48 * HOUR)).toEqual([
    "21 Nov",
    "23 Nov",
  ]);
});

test("an axis is written as the language does", () => {
  const american = unitsOf("en-US", "Europe/Berlin");
  const [text] = axisTexts(american, [evening, evening + HOUR], HOUR);

  expect(text).toMatch(/^10:00\sPM$/);
});

test("a moment is written with its day when the range has more than one", () => {
  const within = momentTexts(units, [evening, evening + HOUR]);
  const beyond = momentTexts(units, [evening, evening + 3 * HOUR]);

  expect(within(evening)).toBe("22:00:00");
  expect(beyond(evening)).toBe("21 Nov, 22:00:00");
  expect(momentTexts(units, [])(evening)).toBe("22:00:00");
});
