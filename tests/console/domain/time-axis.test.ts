import { expect, test } from "vitest";
import {
  axisTexts,
  momentTexts,
} from "../../../oye-proxy/frontend/src/domain/time-axis.ts";
import { unitsOf } from "../../../oye-proxy/frontend/src/domain/units.ts";

const HOUR = 3_600_000;
const units = unitsOf("en-GB", "Europe/Berlin");
const evening = Date.parse("2026-11-21T22:00:00+01:00");

const within = (ticks: readonly number[]): readonly [number, number] => [
  ticks[0] ?? 0,
  ticks.at(-1) ?? 0,
];

test("hours are told without seconds, and the day where it changes", () => {
  const ticks = [0, 1, 2, 3].map((hour) => evening + hour * HOUR);

  expect(axisTexts(units, ticks, HOUR, within(ticks))).toEqual([
    "22:00\n21 Nov",
    "23:00",
    "00:00\n22 Nov",
    "01:00",
  ]);
});

test("a day is named too where another has no tick", () => {
  const axis = [evening, evening + 5 * HOUR] as const;

  expect(axisTexts(units, [evening + 3 * HOUR], 4 * HOUR, axis)).toEqual([
    "01:00\n22 Nov",
  ]);
});

test("a single day is not named, and seconds are told where they matter", () => {
  const ticks = [evening, evening + 30_000];

  expect(axisTexts(units, ticks, 30_000, within(ticks))).toEqual([
    "22:00:00",
    "22:00:30",
  ]);
  expect(axisTexts(units, [evening], 60_000, [evening, evening])).toEqual([
    "22:00",
  ]);
});

test("of ticks that are days apart the days are told", () => {
  const far = [evening, evening + 48 * HOUR];

  expect(axisTexts(units, far, 48 * HOUR, within(far))).toEqual([
    "21 Nov",
    "23 Nov",
  ]);
});

test("an axis is written as the language does", () => {
  const american = unitsOf("en-US", "Europe/Berlin");
  const [text] = axisTexts(american, [evening], HOUR, [evening, evening]);

  expect(text).toMatch(/^10:00\sPM$/);
});

test("a moment is written with its day when the range has more than one", () => {
  const within = momentTexts(units, [evening, evening + HOUR]);
  const beyond = momentTexts(units, [evening, evening + 3 * HOUR]);

  expect(within(evening)).toBe("22:00:00");
  expect(beyond(evening)).toBe("21 Nov, 22:00:00");
  expect(momentTexts(units, [])(evening)).toBe("22:00:00");
});
