import { expect, test } from "vitest";
import { sparkline } from "../../../oye-proxy/frontend/src/domain/sparkline.ts";

const at = (time: number, value: number): { time: number; value: number } => ({
  time,
  value,
});

test("a line goes from the ground, which is zero, to the top", () => {
  expect(sparkline([at(0, 0), at(5, 3500), at(10, 7000)], 120, 28)).toBe(
    "M0.0 28.0L60.0 15.0L120.0 2.0",
  );
});

test("constant power is high above the ground, be it told once or often", () => {
  expect(sparkline([at(3, 7000)], 120, 28)).toBe("M0 2.0H120");
  expect(sparkline([at(3, 7000), at(9, 7000)], 120, 28)).toBe(
    "M0.0 2.0L120.0 2.0",
  );
});

test("no power lies on the ground, and so does what flows back", () => {
  expect(sparkline([at(3, 0)], 120, 28)).toBe("M0 28.0H120");
  expect(sparkline([at(3, -5)], 120, 28)).toBe("M0 28.0H120");
});

test("nothing is drawn of nothing", () => {
  expect(sparkline([], 120, 28)).toBe("");
});
