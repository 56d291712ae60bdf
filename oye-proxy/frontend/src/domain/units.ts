/** Quantities in words of one language; `null` is shown as a dash. */
export const NOTHING = "–";

export interface Units {
  power(watts: number | null): string;
  energy(wattHours: number | null): string;
  current(amperes: number | null): string;
  value(value: number | null, unit: string | null): string;
  bytes(count: number | null): string;
  latency(milliseconds: number | null): string;
  duration(seconds: number | null): string;
  time(at: number | string | null): string;
  /** The time without its seconds. */
  clock(at: number | string | null): string;
  /** The time to the millisecond. */
  exactTime(at: number | string | null): string;
  /** The day and its month. */
  day(at: number | string | null): string;
  /** The day, its month and year. */
  date(at: number | string | null): string;
  /** The month and its year. */
  month(at: number | string | null): string;
  /** Date and time, with its seconds. */
  moment(at: number | string | null): string;
  /** What a meter shows, which has counted for years: always in kWh. */
  meter(wattHours: number | null): string;
  dateTime(at: number | string | null): string;
  utc(at: number | string | null): string;
}

const known = new Map<string, Units>();

/** Return how quantities are written in a language; times are in `timeZone`, else the browser's. */
export function unitsOf(language: string, timeZone?: string): Units {
  const name = `${language} ${timeZone ?? ""}`;
  const units = known.get(name) ?? made(language, timeZone);
  known.set(name, units);
  return units;
}

function made(language: string, timeZone: string | undefined): Units {
  const zone = timeZone === undefined ? {} : { timeZone };
  const numbers = [0, 1, 2].map(
    (digits) => new Intl.NumberFormat(language, { maximumFractionDigits: digits }),
  );
  const number = (value: number, digits: number): string => numbers[digits]?.format(value) ?? "";
  const scaled = (value: number | null, unit: string, digits = 1): string => {
    if (value === null || !Number.isFinite(value)) return NOTHING;
    if (Math.abs(value) >= 1e6) return `${number(value / 1e6, 2)} M${unit}`;
    if (Math.abs(value) >= 1e3) return `${number(value / 1e3, digits)} k${unit}`;
    return `${number(value, 0)} ${unit}`;
  };
  const time = new Intl.DateTimeFormat(language, { timeStyle: "medium", ...zone });
  const clock = new Intl.DateTimeFormat(language, { timeStyle: "short", ...zone });
  const exact = new Intl.DateTimeFormat(language, {
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    ...zone,
  });
  const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", ...zone });
  const date = new Intl.DateTimeFormat(language, { dateStyle: "medium", ...zone });
  const month = new Intl.DateTimeFormat(language, { month: "long", year: "numeric", ...zone });
  const moment = new Intl.DateTimeFormat(language, {
    dateStyle: "medium",
    timeStyle: "medium",
    ...zone,
  });
  const calendar = new Intl.DateTimeFormat(language, {
    dateStyle: "medium",
    timeStyle: "short",
    ...zone,
  });
  const format = (at: number | string | null, by: Intl.DateTimeFormat): string => {
    const moment = momentOf(at);
    return moment === null ? NOTHING : by.format(moment);
  };
  return {
    power: (watts) => scaled(watts, "W"),
    energy: (wattHours) => scaled(wattHours, "Wh"),
    current: (amperes) => (amperes === null ? NOTHING : `${number(amperes, 1)} A`),
    value: (value, unit) => {
      if (value === null) return NOTHING;
      if (unit === "W" || unit === "Wh" || unit === "var" || unit === "VA")
        return scaled(value, unit);
      return unit === null ? number(value, 2) : `${number(value, 2)} ${unit}`;
    },
    bytes: (count) => bytes(count, number),
    latency: (milliseconds) => {
      if (milliseconds === null) return NOTHING;
      if (milliseconds < 1000) return `${number(milliseconds, 0)} ms`;
      return `${number(milliseconds / 1000, 1)} s`;
    },
    duration: (seconds) => duration(seconds, number),
    time: (at) => format(at, time),
    clock: (at) => format(at, clock),
    exactTime: (at) => format(at, exact),
    day: (at) => format(at, day),
    date: (at) => format(at, date),
    month: (at) => format(at, month),
    moment: (at) => format(at, moment),
    meter: (wattHours) => (wattHours === null ? NOTHING : `${number(wattHours / 1000, 1)} kWh`),
    dateTime: (at) => format(at, calendar),
    utc: (at) => momentOf(at)?.toISOString().replace("T", " ").replace("Z", " UTC") ?? NOTHING,
  };
}

function momentOf(at: number | string | null): Date | null {
  if (at === null) return null;
  const moment = new Date(at);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

function bytes(count: number | null, number: (value: number, digits: number) => string): string {
  if (count === null) return NOTHING;
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = count;
  let index = 0;
  while (value >= 1000 && index < units.length - 1) {
    value /= 1000;
    index += 1;
  }
  return `${number(value, index === 0 ? 0 : 1)} ${units[index] ?? ""}`;
}

function duration(
  seconds: number | null,
  number: (value: number, digits: number) => string,
): string {
  if (seconds === null || !Number.isFinite(seconds)) return NOTHING;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${number(whole, 0)} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${number(minutes, 0)} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${number(hours, 0)} h ${number(minutes % 60, 0)} min`;
  return `${number(Math.floor(hours / 24), 0)} d ${number(hours % 24, 0)} h`;
}
