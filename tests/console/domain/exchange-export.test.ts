import { expect, test } from "vitest";
import { exchangeOf } from "../../../oye-proxy/frontend/src/domain/exchanges.ts";
import {
  exchangesAsCsv,
  exchangesAsJson,
} from "../../../oye-proxy/frontend/src/domain/exchange-export.ts";
import { exchange } from "../samples.ts";

const rows = [
  exchangeOf(exchange("k", { gist: "=1+1" })),
  { kind: "gap", key: "g", from: 0, until: 1, dropped: 2 } as const,
];

test("exchanges are exported, gaps are not, and a formula stays text", () => {
  const lines = exchangesAsCsv(rows).trim().split("\r\n");

  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(",'=1+1,");
  expect(JSON.parse(exchangesAsJson(rows))).toEqual([
    exchange("k", { gist: "=1+1" }),
  ]);
});
