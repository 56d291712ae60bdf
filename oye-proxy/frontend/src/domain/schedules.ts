import type { LimitScope, RateUnit, Recurrence, ScheduleRequest } from "../api/types.gen.ts";

/** One line of the editor: from a time of the day, so much. */
export interface EditedPeriod {
  /** `HH:MM` */
  readonly from: string;
  readonly limit: string;
}

export interface EditedSchedule {
  readonly periods: readonly EditedPeriod[];
  readonly unit: RateUnit;
  readonly scope: LimitScope;
  readonly connectorId: number | null;
  readonly recurrence: Recurrence | null;
}

export type ScheduleProblem = "limit" | "same_time" | "time";

const DAY = 86_400;

/**
 * Make the request of what was edited, or say what is wrong with it.
 *
 * The times are those of the reader's day; the schedule begins with that day's midnight, and what
 * holds before the first time is the last limit of the day before. What recurs keeps its times in
 * the reader's time zone.
 */
export function scheduleOf(
  edited: EditedSchedule,
  now: Date,
  timeZone: string | null,
): { readonly request: ScheduleRequest } | { readonly problem: ScheduleProblem } {
  const periods: { start: number; limit: number }[] = [];
  for (const { from, limit } of edited.periods) {
    const start = secondsOf(from);
    const value = limit.trim() === "" ? Number.NaN : Number(limit);
    if (start === null) return { problem: "time" };
    if (!Number.isFinite(value) || value < 0) return { problem: "limit" };
    periods.push({ start, limit: value });
  }
  periods.sort((one, other) => one.start - other.start);
  const first = periods[0];
  const last = periods.at(-1);
  if (first === undefined || last === undefined) return { problem: "time" };
  if (new Set(periods.map(({ start }) => start)).size < periods.length) {
    return { problem: "same_time" };
  }
  const midnight = new Date(now);
  midnight.setHours(0, 0, 0, 0);
  const whole = first.start === 0 ? periods : [{ start: 0, limit: last.limit }, ...periods];
  return {
    request: {
      periods: whole,
      unit: edited.unit,
      scope: edited.scope,
      connectorId: edited.connectorId,
      start: midnight.toISOString(),
      recurrence: edited.recurrence,
      ...(edited.recurrence === null ? { duration: DAY } : { timeZone }),
    },
  };
}

function secondsOf(time: string): number | null {
  const found = /^(\d{1,2}):(\d{2})$/.exec(time.trim());
  if (found === null) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2])];
  return hours < 24 && minutes < 60 ? hours * 3600 + minutes * 60 : null;
}
