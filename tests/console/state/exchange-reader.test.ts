import { describe, expect, test } from "vitest";
import type { ApiClient } from "../../../oye-proxy/frontend/src/api/client.ts";
import { ExchangeReader } from "../../../oye-proxy/frontend/src/state/exchange-reader.ts";
import { exchange } from "../samples.ts";

const KEY = "1763751600000000/a";

/** A reader of a storage that has the exchange from a certain search on, as row 7. */
function reading(from: number, fails = false) {
  let searches = 0;
  const call = (name: string, options: { path?: { frame_row: number } }) => {
    if (fails) return Promise.reject(new Error("away"));
    if (name === "POST /api/exchanges/search") {
      searches += 1;
      const exchanges = searches < from ? [] : [exchange(KEY, { id: 7 })];
      return Promise.resolve({ exchanges, nextBefore: null });
    }
    const id = options.path?.frame_row;
    return Promise.resolve({ request: { id }, answers: [], ocppVersion: null });
  };
  const host = {
    addController: () => undefined,
    requestUpdate: () => undefined,
  };
  const client = { call } as unknown as ApiClient;
  const reader = new ExchangeReader(host, () => client, 0);
  return { reader, searches: () => searches };
}

describe("an exchange", () => {
  test("that just passed is looked for until it is stored", async () => {
    const { reader, searches } = reading(3);
    await reader.read(KEY);

    expect([reader.reading, searches()]).toEqual(["read", 3]);
    expect(reader.detail?.request.id).toBe(7);
  });

  test("that is not stored is said to be missing", async () => {
    const { reader, searches } = reading(100);
    await reader.read(KEY);

    expect([reader.reading, reader.detail, searches()]).toEqual([
      "not_stored",
      null,
      8,
    ]);
  });

  test("is read by its row at once", async () => {
    const { reader, searches } = reading(100);
    await reader.read("12");

    expect([reader.detail?.request.id, searches()]).toEqual([12, 0]);
  });

  test("that is wanted no more changes nothing", async () => {
    const { reader } = reading(100);
    const late = reader.read(KEY);
    await reader.read("12");
    await late;

    expect([reader.reading, reader.detail?.request.id]).toEqual(["read", 12]);
  });

  test("that cannot be read says why", async () => {
    const { reader } = reading(1, true);
    await reader.read(KEY);

    expect(reader.reading).toBe("failed");
    expect(reader.failure).toEqual(new Error("away"));
  });
});
