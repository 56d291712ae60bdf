import { describe, expect, test } from "vitest";
import type { ActionSchemas } from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import {
  chargersToCommand,
  choicesOf,
  counterpartOf,
  versionOf,
} from "../../../oye-proxy/frontend/src/domain/commands.ts";
import { charger } from "../samples.ts";

function action(name: string, toCharger = true): ActionSchemas {
  return {
    action: name,
    request: name,
    response: `${name}Response`,
    toCharger,
    fromCharger: !toCharger,
    destructive: false,
    lockout: false,
  };
}

const names = (actions: readonly ActionSchemas[]): string[] =>
  actions.map((one) => one.action);

describe("the choice of commands", () => {
  test("begins with the common ones in their order, and has none of a charger's own", () => {
    const { common, others } = choicesOf(
      "1.6",
      ["SendLocalList", "Reset", "RemoteStartTransaction", "CancelReservation"]
        .map((name) => action(name))
        .concat(action("BootNotification", false)),
    );

    expect(names(common)).toEqual(["RemoteStartTransaction", "Reset"]);
    expect(names(others)).toEqual(["CancelReservation", "SendLocalList"]);
  });

  test("has the successors in 2.x", () => {
    const { common } = choicesOf("2.1", [
      action("GetLog"),
      action("RequestStartTransaction"),
    ]);

    expect(names(common)).toEqual(["RequestStartTransaction", "GetLog"]);
  });

  test("is that of 1.6 for a charger that has not told its version", () => {
    expect(versionOf(charger("a", { ocppVersion: null }))).toBe("1.6");
    expect(versionOf(undefined)).toBe("1.6");
  });
});

test("chargers that are online are offered first", () => {
  const sorted = chargersToCommand([
    charger("b", { connected: false }),
    charger("c"),
    charger("a"),
  ]);

  expect(sorted.map((one) => one.chargePointId)).toEqual(["a", "c", "b"]);
});

test("a common command is known by its name of the other version", () => {
  expect(counterpartOf("RemoteStopTransaction", "2.0.1")).toBe(
    "RequestStopTransaction",
  );
  expect(counterpartOf("GetLog", "1.6")).toBe("GetDiagnostics");
  expect(counterpartOf("Reset", "2.1")).toBe("Reset");
  expect(counterpartOf("GetLog", "2.1")).toBe("GetLog");
  expect(counterpartOf("Strange", "1.6")).toBe("Strange");
  expect(counterpartOf("", "1.6")).toBe("");
});
