import { describe, expect, test } from "vitest";
import { LiveStore } from "../../../oye-proxy/frontend/src/state/live-store.ts";
import type { LiveMessage } from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import { charger, exchange, snapshot } from "../samples.ts";

class Screen {
  now = Date.parse("2026-11-21T19:00:00Z");
  renders = 0;
  readonly frames: (() => void)[] = [];
  readonly store = new LiveStore(
    (render) => this.frames.push(render),
    () => this.now,
  );

  constructor() {
    this.store.subscribe(() => {
      this.renders += 1;
    });
  }

  /** Let one animation frame pass. */
  show(): void {
    for (const render of this.frames.splice(0)) render();
  }

  tell(...messages: LiveMessage[]): void {
    for (const message of messages) this.store.onMessage(message);
  }
}

const frame = (key: string): LiveMessage => ({
  type: "frame",
  seq: 1,
  exchange: exchange(key),
});

describe("the live store", () => {
  test("is what the snapshot tells, and nothing that was before it", () => {
    const screen = new Screen();
    screen.tell(
      snapshot([charger("A"), charger("B")]),
      snapshot([charger("B")], { epoch: "e2" }),
    );

    expect([...screen.store.chargers.keys()]).toEqual(["B"]);
    expect(screen.store.epoch).toBe("e2");
  });

  test("replaces a charger whole, and forgets a removed one", () => {
    const screen = new Screen();
    screen.tell(snapshot([charger("A", { vendor: "x" }), charger("B")]));
    screen.tell({
      type: "charger",
      seq: 1,
      charger: charger("A", { model: "y" }),
    });
    screen.tell({ type: "charger_removed", seq: 2, chargePointId: "B" });

    expect(screen.store.chargers.get("A")).toMatchObject({
      vendor: null,
      model: "y",
    });
    expect(screen.store.chargers.has("B")).toBe(false);
  });

  test("holds chargers of any name", () => {
    const screen = new Screen();
    screen.tell(snapshot([charger("__proto__"), charger("constructor")]));

    expect([...screen.store.chargers.keys()]).toEqual([
      "__proto__",
      "constructor",
    ]);
  });

  test("renders once per animation frame, however much arrives", () => {
    const screen = new Screen();
    screen.tell(snapshot());
    for (let index = 0; index < 500; index += 1)
      screen.tell(frame(`k${index}`));
    screen.show();

    expect(screen.renders).toBe(1);
    expect(screen.store.rows).toHaveLength(500);
  });

  test("keeps 5000 rows, and what waits for a page out of sight is bounded too", () => {
    const screen = new Screen();
    for (let index = 0; index < 6_000; index += 1)
      screen.tell(frame(`k${index}`));
    screen.show();

    expect(screen.store.rows.length).toBeLessThanOrEqual(5_000);
    expect(screen.store.rows.at(-1)?.key).toBe("k5999");
  });

  test("marks what was missed of a stream that is watched, also while nothing passed", () => {
    const screen = new Screen();
    screen.store.onMissed(1, 2);
    screen.show();
    expect(screen.store.rows).toEqual([]);

    screen.store.watchFrames("");
    screen.store.onMissed(1, 2);
    screen.show();
    expect(screen.store.rows.map((row) => row.kind)).toEqual(["gap"]);
  });

  test("shows a gap where the server dropped frames, or the connection was away", () => {
    const screen = new Screen();
    const when = "2026-11-21T19:00:00Z";
    screen.store.watchFrames("");
    screen.tell(frame("a"));
    screen.tell({
      type: "gap",
      seq: 2,
      dropped: 3,
      firstTime: when,
      lastTime: when,
    });
    screen.tell(frame("b"));
    screen.store.onMissed(1, 2);
    screen.show();

    expect(screen.store.rows.map((row) => row.kind)).toEqual([
      "exchange",
      "gap",
      "exchange",
      "gap",
    ]);
  });

  test("keeps what was true while the connection is away, and says since when", () => {
    const screen = new Screen();
    screen.tell(snapshot([charger("A")]));
    screen.store.onConnection({ phase: "live" });
    screen.store.onConnection({
      phase: "reconnecting",
      retryAt: screen.now + 1_000,
    });
    const lostAt = screen.store.lostAt;
    screen.now += 1_000;
    screen.store.onConnection({ phase: "connecting" });

    expect(lostAt).toBe(screen.now - 1_000);
    expect(screen.store.lostAt).toBe(lostAt);
    expect(screen.store.chargers.size).toBe(1);
    expect(screen.store.live).toBe(false);
  });

  test("tells each time that the connection is back, not when it comes for the first time", () => {
    const screen = new Screen();
    let returns = 0;
    const stop = screen.store.onReturn(() => (returns += 1));
    const seen: number[] = [];
    for (const phase of [
      "loading",
      "live",
      "reconnecting",
      "connecting",
      "live",
      "stopped",
      "loading",
      "live",
    ] as const) {
      screen.store.onConnection(
        phase === "reconnecting" ? { phase, retryAt: 0 } : { phase },
      );
      seen.push(returns);
    }
    stop();
    screen.store.onConnection({ phase: "offline", since: 0 });
    screen.store.onConnection({ phase: "live" });

    expect(seen).toEqual([0, 0, 0, 0, 1, 1, 1, 2]);
    expect(returns).toBe(2);
  });

  test("sees that another build answers", () => {
    const screen = new Screen();
    screen.tell(snapshot([]), snapshot([], { epoch: "e2" }));
    const before = screen.store.newVersion;
    screen.tell(snapshot([], { version: "1.1.0" }));

    expect([before, screen.store.newVersion]).toEqual([false, true]);
  });

  test("hands news on and keeps none", () => {
    const screen = new Screen();
    const heard: string[] = [];
    const stop = screen.store.onEvent((event) => heard.push(event.event));
    const news: LiveMessage = {
      type: "event",
      seq: 1,
      event: "boot",
      chargePointId: "A",
      time: "2026-11-21T19:00:00Z",
      data: {},
    };
    screen.tell(news);
    stop();
    screen.tell(news);

    expect(heard).toEqual(["boot"]);
  });
});
