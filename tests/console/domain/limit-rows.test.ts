import { expect, test } from "vitest";
import type { ChargerState } from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import { limitRows } from "../../../oye-proxy/frontend/src/domain/limit-rows.ts";
import { charger } from "../samples.ts";

test("a limit of a session is offered where one runs, or where one was set", () => {
  const state = charger("CP1", {
    limits: {
      maxCurrentA: 16,
      maxCurrentAcceptedA: null,
      defaultLimitA: null,
      defaultAcceptedA: null,
      connectors: [
        { connectorId: 2, sessionLimitA: 8, sessionAcceptedA: 8 },
        { connectorId: 3, sessionLimitA: null, sessionAcceptedA: null },
      ],
    } as unknown as ChargerState["limits"],
    connectors: [
      { evseId: 1, transaction: { transactionId: "1" } },
      { evseId: 2, transaction: null },
      { evseId: 3, transaction: null },
    ] as unknown as ChargerState["connectors"],
  });

  expect(
    limitRows(state).map(({ scope, connectorId, wishedA, acceptedA }) => [
      scope,
      connectorId,
      wishedA,
      acceptedA,
    ]),
  ).toEqual([
    ["maximum", null, 16, null],
    ["session", 1, null, null],
    ["session", 2, 8, 8],
    ["default", null, null, null],
  ]);
});
