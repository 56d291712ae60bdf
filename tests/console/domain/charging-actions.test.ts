import { expect, test } from "vitest";
import type {
  ConnectorFacts,
  ConnectorLimits,
} from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import { actionsOf } from "../../../oye-proxy/frontend/src/domain/charging-actions.ts";

function connector(change: Partial<ConnectorFacts>): ConnectorFacts {
  return {
    status: "Available",
    transaction: null,
    socket: null,
    ...change,
  } as ConnectorFacts;
}

const RUNS = {
  transaction: { transactionId: "1" },
} as unknown as Partial<ConnectorFacts>;
const PAUSED = { paused: true } as ConnectorLimits;

function named(
  one: ConnectorFacts,
  limits: ConnectorLimits | null = null,
): string[] {
  return Object.entries(actionsOf(one, limits)).flatMap(([name, offered]) =>
    offered ? [name] : [],
  );
}

test("an idle connector is started, a running one stopped or paused", () => {
  expect(named(connector({}))).toEqual(["start", "unlock"]);
  expect(named(connector(RUNS))).toEqual(["stop", "pause", "unlock"]);
});

test("a paused one is resumed, whether its session goes on or not", () => {
  expect(named(connector(RUNS), PAUSED)).toEqual(["stop", "resume", "unlock"]);
  expect(named(connector({}), PAUSED)).toEqual(["resume", "unlock"]);
});

test("what is out of service is not started, and a fixed cable not unlocked", () => {
  expect(named(connector({ status: "Faulted", socket: false }))).toEqual([]);
});
