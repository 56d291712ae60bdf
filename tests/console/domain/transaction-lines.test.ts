import { expect, test } from "vitest";
import type {
  TransactionEntry,
  TransactionSample,
} from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import {
  isInForce,
  isLimit,
  lineGroups,
  rangeOf,
} from "../../../oye-proxy/frontend/src/domain/transaction-lines.ts";

function sample(
  measurand: string,
  value: number,
  phase: string | null = null,
): TransactionSample {
  return {
    time: "2026-11-21T11:00:00Z",
    measurand,
    phase,
    value,
    unit: "A",
    context: "Sample.Periodic",
    location: "Outlet",
  };
}

test("currents are drawn by phase, the total only where there are none", () => {
  const phases = ["L2", "L1", "N", null].map((phase) =>
    sample("Current.Import", 16, phase),
  );

  const [group] = lineGroups(phases);
  expect(group?.lines.map(({ phase }) => phase)).toEqual(["L1", "L2"]);
  expect(lineGroups([sample("Current.Import", 16)])[0]?.lines.length).toBe(1);
});

test("power is one line, what was offered is its limit", () => {
  const [group] = lineGroups([
    sample("Power.Offered", 11_000),
    sample("Power.Active.Import", 3600, "L1"),
    sample("Power.Active.Import", 7200),
  ]);

  expect(group?.lines.map((line) => [line.measurand, isLimit(line)])).toEqual([
    ["Power.Active.Import", false],
    ["Power.Offered", true],
  ]);
});

test("the limit in force is drawn with the currents, and ends where there is none", () => {
  const limit = { ...sample("Limit.Effective", 10), context: "owner" };
  const lifted = { ...sample("Limit.Effective", 0), context: "no_limit" };
  const [group] = lineGroups([sample("Current.Import", 9), limit, lifted]);

  const [current, line] = group?.lines ?? [];
  expect(line?.points.map(({ value }) => value)).toEqual([10, null]);
  expect([current, line].map((one) => one && isLimit(one))).toEqual([
    false,
    true,
  ]);
  expect([current, line].map((one) => one && isInForce(one))).toEqual([
    false,
    true,
  ]);
  expect(lineGroups([lifted])).toEqual([]);
});

test("what is not drawn makes no group, and a hostile name is only a name", () => {
  expect(lineGroups([sample("__proto__", 1), sample("Frequency", 50)])).toEqual(
    [],
  );
});

test("charts reach from the beginning to the end, or to the newest value", () => {
  const begunAt = "2026-11-21T10:00:00Z";
  const stoppedAt = "2026-11-21T12:00:00Z";
  const hours = (range: readonly number[]): number[] =>
    range.map((time) => new Date(time).getUTCHours());
  const entry = (change: Partial<TransactionEntry>): TransactionEntry =>
    ({ begunAt, stoppedAt: null, ...change }) as TransactionEntry;
  const samples = [sample("Voltage", 230)];

  expect(hours(rangeOf(entry({}), samples))).toEqual([10, 11]);
  expect(hours(rangeOf(entry({ stoppedAt }), samples))).toEqual([10, 12]);
  expect(hours(rangeOf(entry({}), []))).toEqual([10, 10]);
});
