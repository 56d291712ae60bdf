import type { TimeRange } from "./chart-data.ts";
import type { Units } from "./units.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

/**
 * Return what stands below an axis of time at ticks that are `step` apart, all in milliseconds.
 *
 * Seconds are told where ticks are closer than minutes. Where the axis has more than one day, the first
 * tick of each names it on a second line.
 */
export function axisTexts(
  units: Units,
  ticks: readonly number[],
  step: number,
  axis: TimeRange,
): readonly string[] {
  if (step >= DAY) return ticks.map((tick) => units.day(tick));
  const write = (tick: number): string => (step < MINUTE ? units.time(tick) : units.clock(tick));
  const days = ticks.map((tick) => units.day(tick));
  const isOneDay = units.day(axis[0]) === units.day(axis[1]);
  return ticks.map((tick, index) =>
    isOneDay || days[index] === days[index - 1]
      ? write(tick)
      : `${write(tick)}\n${days[index] ?? ""}`,
  );
}

/** Return how moments of a range are written: with their day when the range has more than one. */
export function momentTexts(units: Units, times: readonly number[]): (time: number) => string {
  const isOneDay = units.day(times[0] ?? 0) === units.day(times.at(-1) ?? 0);
  return (time) => (isOneDay ? units.time(time) : `${units.day(time)}, ${units.time(time)}`);
}
