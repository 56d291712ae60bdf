import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type {
  ActionSchemas,
  ConnectorFacts,
} from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import { choicesOf } from "../../../oye-proxy/frontend/src/domain/commands.ts";
import {
  firstPayload,
  type Known,
} from "../../../oye-proxy/frontend/src/domain/first-payloads.ts";
import {
  blankOf,
  type Field,
  formOf,
  type Json,
  problemsOf,
} from "../../../oye-proxy/frontend/src/domain/schema-form.ts";
import { fieldAt } from "../../../oye-proxy/frontend/src/domain/schema-notes.ts";
import { charger } from "../samples.ts";

const LIBRARIES = fileURLToPath(
  new URL("../../../.venv/lib/", import.meta.url),
);
const FOLDERS = new Map([
  ["1.6", "v16"],
  ["2.0.1", "v201"],
  ["2.1", "v21"],
]);
// What nobody but the reader can tell.
const ASKED = new Set([
  "1.6 ChangeConfiguration.key",
  "1.6 ChangeConfiguration.value",
  "1.6 GetDiagnostics.location",
  "1.6 UpdateFirmware.location",
  ...["2.0.1", "2.1"].flatMap((version) => [
    `${version} SetVariables.setVariableData.0.attributeValue`,
    `${version} SetVariables.setVariableData.0.component.name`,
    `${version} SetVariables.setVariableData.0.variable.name`,
    `${version} GetLog.log.remoteLocation`,
    `${version} UpdateFirmware.firmware.location`,
  ]),
  ...["1.6", "2.0.1", "2.1"].map(
    (version) => `${version} DataTransfer.vendorId`,
  ),
]);

function knownWith(transactionId: string | null): Known {
  const connector = {
    evseId: 1,
    transaction: transactionId === null ? null : { transactionId },
  };
  return {
    charger: charger("CP1", {
      connectors: [connector as unknown as ConnectorFacts],
    }),
    idTag: "CARD",
    now: Date.parse("2026-11-21T19:00:00Z"),
  };
}

function formIn(version: string, action: string): Field {
  const suffix = version === "1.6" ? "" : "Request";
  const file = readdirSync(LIBRARIES)
    .map((python) =>
      join(
        LIBRARIES,
        python,
        "site-packages/ocpp",
        FOLDERS.get(version) ?? "",
        `schemas/${action}${suffix}.json`,
      ),
    )
    .map((path) => readFileSync(path, "utf8").replace(/^\ufeff/, ""))[0];
  return formOf(JSON.parse(file ?? ""));
}

/** Return the paths of all members, so that each can be looked up in its schema. */
function pathsOf(value: Json, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [
    [...path, name],
    ...pathsOf(member, [...path, name]),
  ]);
}

const everyAction = (names: readonly string[]): ActionSchemas[] =>
  names.map(
    (action) => ({ action, toCharger: true }) as unknown as ActionSchemas,
  );

const COMMON = [...FOLDERS].flatMap(([version, folder]) => {
  const schemas = readdirSync(LIBRARIES).flatMap((python) =>
    readdirSync(
      join(LIBRARIES, python, "site-packages/ocpp", folder, "schemas"),
    ),
  );
  const actions = schemas.map((name) =>
    name.replace(/(?:Request)?\.json$/, ""),
  );
  return choicesOf(version, everyAction(actions)).common.map(
    ({ action }) => [version, action] as const,
  );
});

test("twelve commands are common in each version", () => {
  expect(COMMON).toHaveLength(36);
});

describe("a new payload", () => {
  test.each(COMMON)(
    "of %s %s keeps to its schema, but for what is asked",
    (version, action) => {
      const form = formIn(version, action);
      const payload =
        firstPayload(version, action, knownWith("7")) ?? blankOf(form) ?? {};

      expect(
        pathsOf(payload).filter((path) => fieldAt(form, path) === null),
      ).toEqual([]);
      expect(
        problemsOf(form, payload)
          .filter(({ code }) => code === "missing")
          .map(({ path }) => `${version} ${action}.${path.join(".")}`)
          .filter((place) => !ASKED.has(place)),
      ).toEqual([]);
      expect(
        problemsOf(form, payload).filter(({ code }) => code !== "missing"),
      ).toEqual([]);
    },
  );

  test("names the tag, the connector and the running transaction", () => {
    expect(
      firstPayload("1.6", "RemoteStartTransaction", knownWith(null)),
    ).toEqual({ idTag: "CARD", connectorId: 1 });
    expect(
      firstPayload("1.6", "RemoteStopTransaction", knownWith("7")),
    ).toEqual({ transactionId: 7 });
    expect(
      firstPayload("2.1", "RequestStopTransaction", knownWith("a")),
    ).toEqual({ transactionId: "a" });
  });

  test("leaves open what is not known, and of a strange action everything", () => {
    const unknown: Known = { charger: undefined, idTag: null, now: 0 };

    expect(firstPayload("1.6", "RemoteStartTransaction", unknown)).toEqual({
      connectorId: 1,
    });
    expect(firstPayload("1.6", "RemoteStopTransaction", unknown)).toEqual({});
    expect(firstPayload("2.1", "RequestStopTransaction", unknown)).toEqual({});
    expect(firstPayload("1.6", "constructor", unknown)).toBeUndefined();
  });
});
