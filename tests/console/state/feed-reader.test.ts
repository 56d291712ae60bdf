import type { ReactiveController, ReactiveControllerHost } from "lit";
import { expect, test } from "vitest";
import type { ApiClient } from "../../../oye-proxy/frontend/src/api/client.ts";
import { FeedReader } from "../../../oye-proxy/frontend/src/state/feed-reader.ts";
import { LiveStore } from "../../../oye-proxy/frontend/src/state/live-store.ts";
import { exchange, snapshot } from "../samples.ts";

class Host implements ReactiveControllerHost {
  renders = 0;
  readonly updateComplete = Promise.resolve(true);

  addController(_controller: ReactiveController): void {
    return;
  }

  removeController(_controller: ReactiveController): void {
    return;
  }

  requestUpdate(): void {
    this.renders += 1;
  }
}

/** A reader of storage that answers page after page, oldest page last. */
function reading(...pages: string[][]) {
  const asked: unknown[] = [];
  const call = (_name: string, options: { body: unknown }) => {
    asked.push(options.body);
    const exchanges = (pages.shift() ?? []).map((key) =>
      exchange(key, { id: 7 }),
    );
    return Promise.resolve({
      exchanges,
      nextBefore: pages.length === 0 ? null : pages.length,
    });
  };
  const live = new LiveStore((render) => {
    render();
  });
  live.onMessage(snapshot());
  const host = new Host();
  const reader = new FeedReader(
    host,
    () => ({ call }) as unknown as ApiClient,
    () => live,
  );
  return { reader, live, host, asked };
}

const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
const keys = (reader: FeedReader): string[] =>
  reader.rows.map(({ key }) => key);

test("what is held stands still while rows pass, and is counted", async () => {
  const { reader, live, host } = reading(["b", "a"]);
  reader.open("");
  await settled();
  reader.follow(false);
  const renders = host.renders;
  live.onMessage({ type: "frame", seq: 1, exchange: exchange("c") });

  expect(keys(reader)).toEqual(["a", "b"]);
  expect(reader.newer).toBe(1);
  reader.follow(true);
  expect(keys(reader)).toEqual(["a", "b", "c"]);
  expect(reader.newer).toBe(0);
  expect(host.renders).toBeGreaterThan(renders);
});

test("a held row is shown in its newest state", async () => {
  const { reader, live } = reading(["a"]);
  reader.open("");
  await settled();
  reader.follow(false);
  live.onMessage({
    type: "frame",
    seq: 1,
    exchange: exchange("a", { state: "answered" }),
  });

  expect(reader.rows[0]).toMatchObject({ summary: { state: "answered" } });
});

test("older rows stand before those that are held", async () => {
  const { reader } = reading(["c", "b"], ["a"]);
  reader.open("");
  await settled();
  reader.follow(false);
  await reader.older();

  expect(keys(reader)).toEqual(["a", "b", "c"]);
  expect(reader.follows).toBe(false);
});

test("a filter is opened once, and anew after its page was left", async () => {
  const { reader, asked } = reading(["a"], ["a"]);

  expect(reader.open("is:error")).toBe(true);
  expect(reader.open("is:error")).toBe(false);
  reader.hostDisconnected();
  expect(reader.open("is:error")).toBe(true);
  await settled();
  expect(asked).toHaveLength(2);
});

test("a row that a link names is held with the page around it, behind a gap", async () => {
  const far = "1763751600000000/1";
  const { reader, asked } = reading(["z"], [far], ["n", far, "m"], ["l"]);
  reader.open("charger:CP1");

  expect(await reader.locate(far)).toBe(far);
  expect(keys(reader)).toEqual(["m", far, "n", "skipped-n", "z"]);
  expect(reader.follows).toBe(false);
  expect(asked[2]).toMatchObject({ filter: "charger:CP1", before: 107 });
  await reader.older();
  expect(keys(reader)[0]).toBe("l");
});

test("a row that the filter leaves out changes nothing", async () => {
  const far = "1763751600000000/1";
  const { reader } = reading(["z"], [far], ["n"]);
  reader.open("is:error");

  expect(await reader.locate(far)).toBeNull();
  expect(keys(reader)).toEqual(["z"]);
  expect(reader.follows).toBe(true);
});

test("a row that is there already is held without asking", async () => {
  const { reader, asked } = reading(["b", "a"]);
  reader.open("");

  expect(await reader.locate("a")).toBe("a");
  expect(asked).toHaveLength(1);
  expect(reader.follows).toBe(false);
});
