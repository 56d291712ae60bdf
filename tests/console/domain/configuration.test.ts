import { expect, test } from "vitest";
import {
  matchingSettings,
  settingsOf,
  withReading,
} from "../../../oye-proxy/frontend/src/domain/configuration.ts";

const SENT = { status: "sent", messageId: "m" };

test("keys of 1.6 are read with value and mutability", () => {
  const configurationKey = [
    { key: "HeartbeatInterval", readonly: false, value: "300" },
    { key: "AuthorizationKey", readonly: false },
    { key: "NumberOfConnectors", readonly: true, value: "1" },
  ];
  const settings = settingsOf({ ...SENT, response: { configurationKey } });

  expect(
    settings.map(({ key, value, readOnly }) => [key, value, readOnly]),
  ).toEqual([
    ["AuthorizationKey", null, false],
    ["HeartbeatInterval", "300", false],
    ["NumberOfConnectors", "1", true],
  ]);
});

test("variables of 2.x are named as they are written, and hide what may not be read", () => {
  const reportData = [
    {
      component: {
        name: "Connector",
        instance: "left",
        evse: { id: 2 },
      },
      variable: { name: "Enabled", instance: "x" },
      variableAttribute: [{ value: "true", mutability: "ReadWrite" }],
      variableCharacteristics: { dataType: "boolean" },
    },
    {
      component: { name: "SecurityCtrlr" },
      variable: { name: "BasicAuthPassword" },
      variableAttribute: [{ value: "secret", mutability: "WriteOnly" }],
    },
    {
      component: { name: "Connector", evse: { id: 1, connectorId: 1 } },
      variable: { name: "Available" },
      variableAttribute: [{ value: "true" }],
    },
  ];
  const settings = settingsOf({ ...SENT, followUps: [{ reportData }, null] });

  expect(
    settings.map(({ key, value, readOnly }) => [key, value, readOnly]),
  ).toEqual([
    ["Connector@1.Available", "true", true],
    ["Connector[left]@2.Enabled[x]", "true", false],
    ["SecurityCtrlr.BasicAuthPassword", null, false],
  ]);
  expect(settings[1]?.choices).toEqual(["true", "false"]);
});

test("a reading of one setting changes its value alone", () => {
  const response = { configurationKey: [{ key: "A", value: "1" }] };
  const before = settingsOf({ ...SENT, response });
  const newer = settingsOf({
    ...SENT,
    response: {
      configurationKey: [
        { key: "A", value: "2" },
        { key: "B", value: "3" },
      ],
    },
  });

  expect(withReading(before, newer).map(({ value }) => value)).toEqual(["2"]);
});

test("a search looks for each word in name and value", () => {
  const configurationKey = [
    { key: "MeterValueSampleInterval", value: "60" },
    { key: "HeartbeatInterval", value: "300" },
  ];
  const settings = settingsOf({ ...SENT, response: { configurationKey } });

  expect(matchingSettings(settings, "interval 60").length).toBe(1);
  expect(matchingSettings(settings, "").length).toBe(2);
});

test("settings with the names of objects' own members are settings", () => {
  const configurationKey = [
    { key: "__proto__", value: "1" },
    { key: "constructor" },
    { key: 3 },
    null,
  ];
  const settings = settingsOf({ ...SENT, response: { configurationKey } });

  expect(settings.map(({ key }) => key)).toEqual(["__proto__", "constructor"]);
});
