import { expect, test } from "vitest";
import type {
  ExchangeDetail,
  ExchangeFrame,
} from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import {
  framesOf,
  schemaOf,
} from "../../../oye-proxy/frontend/src/domain/exchange-frames.ts";

const frame = (messageType: number | null) =>
  ({ messageType }) as ExchangeFrame;
const detail = (ocppVersion: string, action: string | null): ExchangeDetail =>
  ({
    ocppVersion,
    exchange: { action },
    request: frame(2),
    answers: [frame(3)],
  }) as unknown as ExchangeDetail;

test("the frames of an exchange begin with its request", () => {
  expect(
    framesOf(detail("1.6", "Reset")).map(({ messageType }) => messageType),
  ).toEqual([2, 3]);
});

test.each([
  ["1.6", 2, "Reset"],
  ["2.0.1", 2, "ResetRequest"],
  ["1.6", 3, "ResetResponse"],
  ["2.1", 6, "Reset"],
  ["1.6", 4, ""],
  ["1.6", null, ""],
])(
  "a frame of OCPP %s with type %s has the schema %s",
  (version, messageType, schema) => {
    expect(schemaOf(frame(messageType), detail(version, "Reset"))).toBe(schema);
    expect(schemaOf(frame(messageType), detail(version, null))).toBe("");
  },
);
