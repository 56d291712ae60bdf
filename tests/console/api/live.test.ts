import { describe, expect, test } from "vitest";
import {
  type Connection,
  type LiveListener,
  type LiveSocket,
  LiveStream,
  type SocketListener,
} from "../../../oye-proxy/frontend/src/api/live.ts";
import type { LiveMessage } from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import { snapshot } from "../samples.ts";

interface Timer {
  readonly at: number;
  readonly act: () => void;
}

/** A server, a browser and a clock that the test drives. */
class World implements LiveListener {
  now = 0;
  readonly connections: {
    listener: SocketListener;
    sent: string[];
    closed: boolean;
  }[] = [];
  readonly said: Connection[] = [];
  readonly messages: LiveMessage[] = [];
  readonly missed: [number, number][] = [];
  refusals = 0;
  readonly stream = new LiveStream(
    {
      connect: (listener) => this.#connect(listener),
      now: () => this.now,
      random: () => 1,
      later: (act, milliseconds) => this.#later(act, milliseconds),
    },
    this,
  );
  readonly #timers = new Set<Timer>();

  onMessage(message: LiveMessage): void {
    this.messages.push(message);
  }

  onConnection(connection: Connection): void {
    this.said.push(connection);
  }

  onRefused(): void {
    this.refusals += 1;
  }

  onMissed(from: number, until: number): void {
    this.missed.push([from, until]);
  }

  /** Let the newest connection open and tell its snapshot. */
  welcome(): void {
    this.last.listener.onOpen();
    this.tell(snapshot());
  }

  tell(message: unknown): void {
    this.last.listener.onText(JSON.stringify(message));
  }

  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const next = [...this.#timers]
        .filter(({ at }) => at <= end)
        .sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.now = next.at;
      this.#timers.delete(next);
      next.act();
    }
    this.now = end;
  }

  get last(): { listener: SocketListener; sent: string[]; closed: boolean } {
    const last = this.connections.at(-1);
    if (last === undefined) throw new Error("nobody connected");
    return last;
  }

  get phase(): string | undefined {
    return this.said.at(-1)?.phase;
  }

  #connect(listener: SocketListener): LiveSocket {
    const connection = { listener, sent: [] as string[], closed: false };
    this.connections.push(connection);
    return {
      send: (text) => connection.sent.push(text),
      close: () => {
        connection.closed = true;
      },
    };
  }

  #later(act: () => void, milliseconds: number): () => void {
    const timer = { at: this.now + milliseconds, act };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}

function connected(): World {
  const world = new World();
  world.stream.start();
  world.welcome();
  return world;
}

const issues = (seq: number): unknown => ({ type: "issues", seq, issues: [] });

describe("the live stream", () => {
  test("is live with its snapshot, and hands each message on", () => {
    const world = connected();
    world.tell(issues(1));

    expect(world.said.map((said) => said.phase)).toEqual(["loading", "live"]);
    expect(world.messages.map((message) => message.type)).toEqual([
      "snapshot",
      "issues",
    ]);
  });

  test.each([
    ["a number is missing", issues(2)],
    ["something comes before the snapshot's successor", issues(0)],
    ["it is no message", undefined],
  ])("starts anew when %s", (_, message) => {
    const world = connected();
    world.tell(message);
    const first = world.connections[0];
    world.pass(1_000);
    world.welcome();

    expect(first?.closed).toBe(true);
    expect(world.connections).toHaveLength(2);
    expect(world.messages.map((one) => one.type)).toEqual([
      "snapshot",
      "snapshot",
    ]);
  });

  test("hears nothing of a connection that it closed", () => {
    const world = connected();
    const first = world.last;
    world.tell(issues(7));
    first.listener.onText(JSON.stringify(issues(1)));
    first.listener.onClose(1006);

    expect(world.messages).toHaveLength(1);
    expect(world.connections).toHaveLength(1);
  });

  test("comes back after 1 s, then ever later, at most every 30 s", () => {
    const world = connected();
    world.last.listener.onClose(1006);
    const delays: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      const said = world.said.at(-1);
      if (said?.phase !== "reconnecting") throw new Error(said?.phase);
      delays.push(said.retryAt - world.now);
      world.pass(said.retryAt - world.now);
      world.last.listener.onClose(1006);
    }

    expect(delays).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
  });

  test("begins with short delays again once it was live", () => {
    const world = connected();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      world.last.listener.onClose(1006);
      world.pass(1_000);
      world.welcome();
    }

    expect(world.phase).toBe("live");
  });

  test("comes back at once when asked, when seen and when there is a network", () => {
    const world = connected();
    world.last.listener.onClose(1006);
    world.stream.retry();
    world.last.listener.onClose(1006);
    world.stream.setVisible(true);
    world.last.listener.onClose(1006);
    world.stream.setOnline(false);
    const offline = world.phase;
    world.stream.setOnline(true);

    expect(offline).toBe("offline");
    expect(world.connections).toHaveLength(4);
  });

  test("says when it was lost, not when the network went", () => {
    const world = connected();
    world.pass(500);
    world.last.listener.onClose(1006);
    world.pass(200);
    world.stream.setOnline(false);

    expect(world.said.at(-1)).toEqual({ phase: "offline", since: 500 });
  });

  test("asks who one is when the handshake was refused or the account is gone", () => {
    const world = connected();
    world.last.listener.onClose(1008);
    world.pass(1_000);
    world.last.listener.onClose(1006);

    expect(world.refusals).toBe(2);
  });

  test("watches frames again on each new connection, and tells what was missed", () => {
    const world = connected();
    world.stream.watch("is:error");
    world.last.listener.onClose(1006);
    world.pass(1_000);
    world.welcome();

    expect(world.last.sent).toEqual([
      '{"subscribe":"frames","filter":"is:error"}',
    ]);
    expect(world.missed).toEqual([[0, 1_000]]);
  });

  test("rests after 30 s out of sight, and comes back with a gap", () => {
    const world = connected();
    world.stream.watch("");
    world.stream.setVisible(false);
    world.pass(30_000);
    world.pass(60_000);
    world.stream.setVisible(true);

    expect(
      world.last.sent.map((text) => Object.keys(JSON.parse(text) as object)[0]),
    ).toEqual(["subscribe", "unsubscribe", "subscribe"]);
    expect(world.missed).toEqual([[30_000, 90_000]]);
  });

  test("does not rest when it is seen again in time", () => {
    const world = connected();
    world.stream.watch("");
    world.stream.setVisible(false);
    world.pass(29_000);
    world.stream.setVisible(true);
    world.pass(60_000);

    expect(world.last.sent).toHaveLength(1);
  });

  test("stays away once stopped", () => {
    const world = connected();
    world.stream.stop();
    world.stream.retry();
    world.pass(60_000);

    expect(world.phase).toBe("stopped");
    expect(world.connections).toHaveLength(1);
  });
});
