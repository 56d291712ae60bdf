import { describe, expect, test } from "vitest";
import type { TransactionEntry } from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import {
  csmsState,
  dayStart,
  filterOf,
  isSameFilter,
  joined,
  meterNow,
  rangeStart,
  secondsOf,
} from "../../../oye-proxy/frontend/src/domain/transaction-list.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const HEARD = "2026-11-21T11:00:01Z";

function entry(change: Partial<TransactionEntry> = {}): TransactionEntry {
  return {
    id: 1,
    chargePointId: "CP-1",
    transactionId: "7",
    csmsTransactionId: null,
    evseId: 1,
    connectorId: 1,
    ocppVersion: "1.6",
    state: "open",
    begunAt: "2026-11-21T11:00:00Z",
    startedAt: "2026-11-21T11:00:00Z",
    stoppedAt: null,
    durationSeconds: null,
    idTag: null,
    idTagName: null,
    idTagType: null,
    idTagStatus: null,
    stopIdTag: null,
    startedBy: null,
    remoteStartId: null,
    reason: null,
    meterStartWh: null,
    meterStopWh: null,
    energyWh: null,
    startAcknowledgedAt: null,
    startRefusal: null,
    stopAcknowledgedAt: null,
    stopRefusal: null,
    gap: false,
    adopted: false,
    offline: false,
    updatedAt: HEARD,
    ...change,
  };
}

describe("what the CSMS knows", () => {
  test.each([
    ["sent", { startAcknowledgedAt: HEARD }, 3],
    ["waiting", { state: "ended", startAcknowledgedAt: HEARD }, 1],
    ["sent", { state: "ended", stopAcknowledgedAt: HEARD }, 0],
    [
      "refused",
      { startRefusal: "InternalError", stopAcknowledgedAt: HEARD },
      0,
    ],
    ["local", {}, 0],
  ] as const)("is %s for %o with %i waiting", (expected, change, pending) => {
    expect(csmsState(entry(change), pending)).toBe(expected);
  });
});

test("an open transaction runs until now, one whose end was lost has no length", () => {
  expect(secondsOf(entry(), NOW)).toBe(3600);
  expect(secondsOf(entry({ state: "ended" }), NOW)).toBeNull();
  expect(secondsOf(entry({ durationSeconds: 5 }), NOW)).toBe(5);
});

test("a range begins with a day of the reader's", () => {
  const start = new Date(rangeStart("7d", NOW) ?? "");

  expect([start.getHours(), start.getMinutes()]).toEqual([0, 0]);
  expect(rangeStart("all", NOW)).toBeNull();
  expect(rangeStart("nonsense", NOW)).toBe(rangeStart("30d", NOW));
});

test("a day is read in the reader's zone, what is none is nothing", () => {
  expect(dayStart("2026-02-28", true)).toBe(new Date(2026, 2, 1).toISOString());
  expect(dayStart("2026-02-28")).toBe(new Date(2026, 1, 28).toISOString());
  expect(dayStart("")).toBeNull();
  expect(dayStart("yesterday")).toBeNull();
});

test("pages that overlap hold each transaction once", () => {
  const [one, two] = [entry(), entry({ id: 2 })];

  expect(
    joined([two, one], [one, entry({ id: 3 })]).map(({ id }) => id),
  ).toEqual([2, 1, 3]);
});

test("an address and a tag say what is asked for", () => {
  const own = new Map([
    ["range", "own"],
    ["from", "2026-11-20"],
    ["to", "2026-11-20"],
    ["charger", "CP-1"],
  ]);

  expect(filterOf(new Map([["range", "all"]]), "", NOW)).toEqual({});
  expect(filterOf(own, "ABCD", NOW)).toEqual({
    chargePointId: "CP-1",
    idTag: "ABCD",
    from: dayStart("2026-11-20"),
    to: dayStart("2026-11-21"),
  });
  expect(filterOf(new Map(), "", NOW)).toEqual({
    from: rangeStart("30d", NOW),
  });
  expect(isSameFilter({ idTag: "A" }, { idTag: "A" })).toBe(true);
  expect(isSameFilter({ idTag: "A" }, {})).toBe(false);
});

test("the meter of an open transaction is where it began and what it gave since", () => {
  const open = { meterStartWh: 1000, energyWh: 250 };

  expect(meterNow(entry(open))).toBe(1250);
  expect(meterNow(entry({ ...open, meterStopWh: 1300 }))).toBe(1300);
  expect(meterNow(entry({ meterStartWh: 1000 }))).toBeNull();
});
