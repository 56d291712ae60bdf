import { describe, expect, test } from "vitest";
import {
  ApiError,
  type ApiClient,
} from "../../../oye-proxy/frontend/src/api/client.ts";
import { Injector } from "../../../oye-proxy/frontend/src/state/injector.ts";
import { LiveStore } from "../../../oye-proxy/frontend/src/state/live-store.ts";

const WANTED = {
  chargePointId: "CP1",
  action: "Reset",
  payload: { type: "Soft" },
  confirm: false,
};

interface Call {
  readonly query?: { readonly wait: number };
  readonly idempotencyKey: string;
}

function injector(answer: (call: Call) => Promise<unknown>): {
  one: Injector;
  live: LiveStore;
} {
  const live = new LiveStore((render) => {
    render();
  });
  const host = {
    addController: () => undefined,
    removeController: () => undefined,
    requestUpdate: () => undefined,
    updateComplete: Promise.resolve(true),
  };
  const client = {
    call: (_name: string, call: Call) => answer(call),
  } as unknown as ApiClient;
  return {
    one: new Injector(
      host,
      () => client,
      () => live,
    ),
    live,
  };
}

describe("an injector", () => {
  test("sends once and asks for the outcome of the same command", async () => {
    const calls: Call[] = [];
    const { one } = injector((call) => {
      calls.push(call);
      const isOutcome = call.query !== undefined;
      return Promise.resolve({
        status: "sent",
        messageId: "m",
        ...(isOutcome ? { accepted: true } : {}),
      });
    });
    await one.send(WANTED);

    expect(calls).toHaveLength(2);
    expect(calls[0]?.idempotencyKey).toBe(calls[1]?.idempotencyKey);
    expect(one.sent?.accepted).toBe(true);
    expect(one.busy).toBe(false);
  });

  test("takes in news that came before the server's own answer", async () => {
    const { one, live } = injector((call) => {
      if (call.query === undefined) {
        live.onMessage({
          type: "event",
          seq: 1,
          event: "injection",
          chargePointId: "CP1",
          time: "2026-11-21T19:00:00Z",
          data: { messageId: "m", state: "answered" },
        });
      }
      return Promise.resolve({ status: "sent", messageId: "m" });
    });
    await one.send(WANTED);

    expect(one.progress?.steps).toEqual(["sent", "answered"]);
  });

  test("shows a failure, and throws what must be confirmed first", async () => {
    const offline = injector(() =>
      Promise.reject(new ApiError(503, "charger_not_connected", "")),
    ).one;
    await offline.send(WANTED);

    expect(offline.failure?.code).toBe("charger_not_connected");
    const guarded = injector(() =>
      Promise.reject(new ApiError(409, "confirmation_required", "")),
    ).one;
    await expect(guarded.send(WANTED)).rejects.toBeInstanceOf(ApiError);
    expect(guarded.busy).toBe(false);
  });
});
