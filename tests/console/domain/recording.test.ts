import { expect, test } from "vitest";
import type {
  ExchangeDetail,
  ExchangeFrame,
} from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import { recordingOf } from "../../../oye-proxy/frontend/src/domain/recording.ts";
import { exchange } from "../samples.ts";

function frame(sender: "charger" | "csms", text: string): ExchangeFrame {
  return {
    id: 1,
    time: "2026-11-21T19:00:00Z",
    sender,
    direction: "UPSTREAM",
    messageType: 2,
    text,
    late: false,
    rule: null,
  };
}

test("a recording has the frames as they passed, with all ids replaced", () => {
  const detail: ExchangeDetail = {
    exchange: exchange("k", { chargePointId: "GARAGE" }),
    ocppVersion: "1.6",
    request: frame(
      "charger",
      '[2,"id-9","BootNotification",{"chargeBoxSerialNumber":"GARAGE","iccid":"8949","idTag":"04AB"}]',
    ),
    answers: [frame("csms", '[3,"id-9",{"idTag":"04AB"}]')],
    previous: null,
    timing: {
      receivedAt: "",
      sentAt: "",
      answeredAt: null,
      waitedMs: 0,
      latencyMs: null,
    },
    findings: [],
    related: [],
  };
  const text = recordingOf(detail);

  expect(JSON.parse(text)).toEqual({
    ocppVersion: "1.6",
    frames: [
      {
        from: "charger",
        text: '[2,"m-1","BootNotification",{"chargeBoxSerialNumber":"SERIAL-1","iccid":"SERIAL-2","idTag":"TAG-1"}]',
      },
      { from: "csms", text: '[3,"m-1",{"idTag":"TAG-1"}]' },
    ],
  });
  expect(text).not.toMatch(/GARAGE|8949|04AB|id-9/);
});
