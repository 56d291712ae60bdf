import { expect, test } from "vitest";
import {
  obstacleOf,
  outcomeOf,
} from "../../../oye-proxy/frontend/src/domain/outcomes.ts";
import { charger } from "../samples.ts";

const SENT = { status: "sent", messageId: "m" };

test("a command is accepted, refused, queued or sent", () => {
  const kinds = [
    { ...SENT, accepted: true, response: { status: "Accepted" } },
    { ...SENT, accepted: false, response: { status: "Rejected" } },
    { ...SENT, queued: true },
    SENT,
  ].map((sent) => outcomeOf(sent).kind);

  expect(kinds).toEqual(["accepted", "refused", "queued", "sent"]);
});

test("the charger's own word is read from the answer of every version", () => {
  const setVariableResult = [{ attributeStatus: "RebootRequired" }];

  expect(
    outcomeOf({ ...SENT, response: { status: "Faulted" } }).status,
  ).toEqual("Faulted");
  expect(
    outcomeOf({ ...SENT, response: { setVariableResult } }).status,
  ).toEqual("RebootRequired");
});

test.each([null, 3, "x", [], { status: 3 }, { setVariableResult: [null] }])(
  "an answer that is none has no word: %j",
  (response) => {
    expect(outcomeOf({ ...SENT, response }).status).toBe(null);
  },
);

test("commands are off while away, out of use, offline or read only", () => {
  const online = charger("CP1", { ownerStatus: "active", mode: "forward" });

  expect(obstacleOf(online, true)).toBe(null);
  expect(obstacleOf(online, false)).toBe("away");
  expect(obstacleOf({ ...online, connected: false }, true)).toBe("offline");
  expect(obstacleOf({ ...online, mode: "monitor" }, true)).toBe("monitor");
  expect(obstacleOf({ ...online, ownerStatus: "inactive" }, true)).toBe(
    "inactive",
  );
});
