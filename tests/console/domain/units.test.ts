import { describe, expect, test } from "vitest";
import { unitsOf } from "../../../oye-proxy/frontend/src/domain/units.ts";

const units = unitsOf("en", "Europe/Berlin");

describe("quantities", () => {
  test.each([
    [units.power(7212), "7.2 kW"],
    [units.power(0), "0 W"],
    [units.energy(3_100), "3.1 kWh"],
    [units.energy(12_345_678), "12.35 MWh"],
    [units.meter(4_932_240), "4,932.2 kWh"],
    [units.meter(null), "–"],
    [units.current(16), "16 A"],
    [units.value(231.456, "V"), "231.46 V"],
    [units.bytes(1_048_576), "1 MB"],
    [units.latency(240), "240 ms"],
    [units.latency(2_400), "2.4 s"],
    [units.duration(59), "59 s"],
    [units.duration(3_700), "1 h 1 min"],
    [units.duration(200_000), "2 d 7 h"],
  ])("read %s", (shown, expected) => {
    expect(shown).toBe(expected);
  });

  test("that are not known are a dash", () => {
    expect([
      units.power(null),
      units.power(NaN),
      units.time("x"),
      units.dateTime(null),
    ]).toEqual(["–", "–", "–", "–"]);
  });

  test("follow the language and the zone", () => {
    expect(unitsOf("de", "UTC").power(7212)).toBe("7,2 kW");
    expect(units.utc("2026-11-21T19:00:00Z")).toBe(
      "2026-11-21 19:00:00.000 UTC",
    );
    expect(units.time("2026-11-21T19:00:00Z")).toContain("8:00:00");
    expect(units.exactTime("2026-11-21T19:00:00.25Z")).toContain("8:00:00.250");
    expect(units.clock("2026-11-21T19:00:00Z")).toMatch(/^8:00\sPM$/);
    expect(units.day("2026-11-21T23:30:00Z")).toBe("Nov 22");
    expect(units.month("2026-11-21T19:00:00Z")).toBe("November 2026");
    expect(units.moment("2026-11-21T19:00:07Z")).toContain("8:00:07");
  });
});
