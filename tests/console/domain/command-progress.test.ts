import { describe, expect, test } from "vitest";
import type { EventMessage } from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import {
  advanced,
  begun,
  hasWaited,
  latencyOf,
} from "../../../oye-proxy/frontend/src/domain/command-progress.ts";

function news(state: string, at: number, messageId = "m"): EventMessage {
  return {
    type: "event",
    seq: 1,
    event: "injection",
    chargePointId: "CP1",
    time: new Date(at).toISOString(),
    data: { messageId, state },
  };
}

describe("the progress of a command", () => {
  test("goes from the queue to the answer, and tells how long the charger took", () => {
    const progress = [
      news("queued", 0),
      news("sent", 500),
      news("answered", 740),
    ].reduce(advanced, begun("m", true, 0));

    expect(progress.steps).toEqual(["queued", "sent", "answered"]);
    expect(hasWaited(progress)).toBe(true);
    expect(latencyOf(progress)).toBe(240);
  });

  test("does not speak of a wait that nobody notices", () => {
    const progress = [news("queued", 0), news("sent", 5)].reduce(
      advanced,
      begun("m", true, 0),
    );

    expect(hasWaited(progress)).toBe(false);
    expect(hasWaited(begun("m", true, 0))).toBe(true);
    expect(latencyOf(progress)).toBeNull();
  });

  test("is not moved by other commands, unknown states or what comes after the end", () => {
    const ended = advanced(begun("m", false, 0), news("timed_out", 9));

    expect(advanced(ended, news("answered", 10))).toBe(ended);
    expect(advanced(ended, news("sent", 10, "other"))).toBe(ended);
    expect(advanced(begun("m", false, 0), news("follow_up", 1)).steps).toEqual([
      "sent",
    ]);
  });
});
