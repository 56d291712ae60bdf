import type { Point } from "./sparkline.ts";

/** The limit that will be in force, as a step line. */
export interface Composite {
  readonly unit: "A" | "W";
  readonly points: readonly Point[];
}

/** Read the answer to GetCompositeSchedule of any version; null when it holds no schedule. */
export function compositeOf(response: unknown, now: number): Composite | null {
  const answer = membersOf(response);
  const schedule = membersOf(answer.chargingSchedule ?? answer.schedule);
  const periods = listOf(schedule.chargingSchedulePeriod).map(membersOf);
  if (periods.length === 0) return null;
  const begin = momentOf(answer.scheduleStart) ?? momentOf(schedule.scheduleStart) ?? now;
  const points = periods.flatMap((period) => {
    const start = numberOf(period.startPeriod);
    const limit = numberOf(period.limit);
    return start === null || limit === null ? [] : [{ time: begin + start * 1000, value: limit }];
  });
  const last = points.at(-1);
  if (last === undefined) return null;
  const end = begin + (numberOf(schedule.duration) ?? 0) * 1000;
  const unit = schedule.chargingRateUnit === "W" ? "W" : "A";
  return {
    unit,
    points: end > last.time ? [...points, { time: end, value: last.value }] : points,
  };
}

function momentOf(value: unknown): number | null {
  const moment = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(moment) ? null : moment;
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
