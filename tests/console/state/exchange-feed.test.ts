import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  ApiError,
  type ApiClient,
} from "../../../oye-proxy/frontend/src/api/client.ts";
import type {
  ExchangePageBody,
  ExchangesSearch,
} from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import { ExchangeFeed } from "../../../oye-proxy/frontend/src/state/exchange-feed.ts";
import { LiveStore } from "../../../oye-proxy/frontend/src/state/live-store.ts";
import { exchange, snapshot } from "../samples.ts";

type Answer = ExchangePageBody | ApiError;

/** Storage that answers one page after the other and notes what it was asked. */
function storage(...answers: Answer[]): {
  client: ApiClient;
  asked: ExchangesSearch[];
} {
  const asked: ExchangesSearch[] = [];
  const call = (_name: string, options: { body: ExchangesSearch }) => {
    asked.push(options.body);
    const answer = answers.shift();
    if (answer === undefined || answer instanceof ApiError)
      return Promise.reject(answer ?? new ApiError(0, "unreachable", ""));
    return Promise.resolve(answer);
  };
  return { client: { call } as unknown as ApiClient, asked };
}

function page(nextBefore: number | null, ...keys: string[]): ExchangePageBody {
  return { exchanges: keys.map((key) => exchange(key)), nextBefore };
}

function liveStore(): LiveStore {
  const store = new LiveStore((render) => {
    render();
  });
  store.onMessage(snapshot());
  return store;
}

const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
const keys = (feed: ExchangeFeed): string[] => feed.rows.map(({ key }) => key);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a feed of exchanges", () => {
  test("shows a page of storage, then what passes, then older pages", async () => {
    const { client, asked } = storage(page(5, "c", "b"), page(null, "a"));
    const live = liveStore();
    const feed = new ExchangeFeed(client, live, () => undefined);
    feed.open("is:error");
    await settled();
    live.onMessage({ type: "frame", seq: 1, exchange: exchange("d") });

    expect(keys(feed)).toEqual(["b", "c", "d"]);
    await feed.older();
    expect(keys(feed)).toEqual(["a", "b", "c", "d"]);
    expect(asked.map(({ before }) => before)).toEqual([null, 5]);
    expect(feed.complete).toBe(true);
    await feed.older();
    expect(asked).toHaveLength(2);
  });

  test("asks again for a page that failed once the connection is back", async () => {
    const gone = new ApiError(0, "unreachable", "");
    const { client, asked } = storage(gone, page(null, "a"));
    const live = liveStore();
    const feed = new ExchangeFeed(client, live, () => undefined);
    feed.open("");
    await settled();
    expect(feed.failure).toBe(gone);

    for (let times = 0; times < 2; times += 1) {
      live.onConnection({ phase: "reconnecting", retryAt: 0 });
      live.onConnection({ phase: "live" });
      await settled();
    }

    expect(keys(feed)).toEqual(["a"]);
    expect(feed.failure).toBeNull();
    expect(asked).toHaveLength(2);
  });

  test("looks again for what was not stored yet when the first page was read", async () => {
    const { client, asked } = storage(
      page(null, "a"),
      page(null, "d", "c", "b", "a"),
    );
    const live = liveStore();
    const feed = new ExchangeFeed(client, live, () => undefined);
    feed.open("");
    await settled();
    live.onMessage({ type: "frame", seq: 1, exchange: exchange("c") });
    live.onMessage({ type: "frame", seq: 2, exchange: exchange("d") });
    vi.runAllTimers();
    await settled();

    expect(keys(feed)).toEqual(["a", "b", "c", "d"]);
    expect(asked).toHaveLength(2);
    feed.close();
    feed.open("");
    feed.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("asks on when a page is empty and not the last", async () => {
    const { client, asked } = storage(page(9), page(8), page(null, "a"));
    const feed = new ExchangeFeed(client, liveStore(), () => undefined);
    feed.open("");
    await settled();

    expect(asked).toHaveLength(3);
    expect(keys(feed)).toEqual(["a"]);
  });

  test("tells what the server does not understand", async () => {
    const { client } = storage(
      new ApiError(400, "invalid_request", "filter: at character 1: no"),
    );
    const feed = new ExchangeFeed(client, liveStore(), () => undefined);
    feed.open("is:x");
    await settled();

    expect(feed.refusal).toBe("filter: at character 1: no");
    expect(feed.loading).toBe(false);
  });

  test("keeps what it has when a page fails, and can try again", async () => {
    const { client } = storage(
      page(5, "b"),
      new ApiError(503, "storage", ""),
      page(null, "a"),
    );
    const feed = new ExchangeFeed(client, liveStore(), () => undefined);
    feed.open("");
    await settled();
    await feed.older();

    expect(feed.failure).toBeInstanceOf(ApiError);
    expect(keys(feed)).toEqual(["b"]);
    await feed.older();
    expect(keys(feed)).toEqual(["a", "b"]);
    expect(feed.failure).toBeNull();
  });

  test("fetches what was missed while the connection was away, once", async () => {
    const { client, asked } = storage(page(null), page(null), page(null, "b"));
    const live = liveStore();
    const feed = new ExchangeFeed(client, live, () => undefined);
    feed.open("");
    await settled();
    vi.runAllTimers();
    await settled();
    live.onMessage({ type: "frame", seq: 1, exchange: exchange("a") });
    live.onMissed(0, 1000);
    keys(feed);
    keys(feed);
    vi.runAllTimers();
    await settled();

    expect(keys(feed)).toEqual(["a", "gap-1", "b"]);
    expect(asked).toHaveLength(3);
    expect(asked[2]?.filter).toBe(
      "since:1970-01-01T00:00:00.000Z until:1970-01-01T00:00:01.000Z",
    );
  });

  test("forgets history that the ring has left behind, and reads on from the ring", async () => {
    const { client, asked } = storage(page(5, "old"), page(null, "older"));
    const live = liveStore();
    const feed = new ExchangeFeed(client, live, () => undefined);
    feed.open("");
    await settled();
    for (let seq = 1; seq <= 5_001; seq += 1) {
      live.onMessage({ type: "frame", seq, exchange: exchange(`k${seq}`) });
      if (seq % 5_000 <= 1) keys(feed);
    }

    expect(keys(feed)).toHaveLength(5_000);
    await feed.older();
    expect(asked[1]).toMatchObject({
      before: null,
      filter: "until:2026-11-21T19:00:00.001Z",
    });
    expect(keys(feed)[0]).toBe("older");
  });

  test("keeps history while the reader looks back, whatever the ring forgets", async () => {
    const { client, asked } = storage(page(5, "old"), page(null, "older"));
    const live = liveStore();
    const feed = new ExchangeFeed(client, live, () => undefined);
    feed.open("");
    await settled();
    live.onMessage({ type: "frame", seq: 1, exchange: exchange("k1") });
    feed.held = feed.rows;
    for (let seq = 2; seq <= 5_002; seq += 1)
      live.onMessage({ type: "frame", seq, exchange: exchange(`k${seq}`) });
    keys(feed);
    await feed.older();

    expect(asked[1]?.before).toBe(5);
    expect(feed.history.map(({ key }) => key)).toEqual(["older", "old"]);
    feed.held = null;
    expect(keys(feed)[0]).toBe("k3");
  });
});
