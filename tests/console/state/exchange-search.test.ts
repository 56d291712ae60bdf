import { expect, test } from "vitest";
import type { ApiClient } from "../../../oye-proxy/frontend/src/api/client.ts";
import type { ExchangesSearch } from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import {
  readMatching,
  rowOf,
} from "../../../oye-proxy/frontend/src/state/exchange-search.ts";
import { exchange } from "../samples.ts";

/** Storage with so many pages of two exchanges, and what it was asked. */
function storage(pages: number) {
  const asked: ExchangesSearch[] = [];
  const call = (_name: string, options: { body: ExchangesSearch }) => {
    asked.push(options.body);
    const number = pages - asked.length;
    const exchanges = [
      exchange(`${number}b`, { id: number }),
      exchange(`${number}a`),
    ];
    return Promise.resolve({
      exchanges,
      nextBefore: number > 0 ? number : null,
    });
  };
  return { client: { call } as unknown as ApiClient, asked };
}

const { signal } = new AbortController();

test("all that match are read page by page, and stand oldest first", async () => {
  const { client, asked } = storage(3);
  const counts: number[] = [];
  const found = await readMatching(client, {
    filter: "is:error",
    most: 10_000,
    signal,
    onProgress: (count) => counts.push(count),
  });

  expect(found.exchanges.map(({ key }) => key)).toEqual([
    "0a",
    "0b",
    "1a",
    "1b",
    "2a",
    "2b",
  ]);
  expect(found.isAll).toBe(true);
  expect(asked.map(({ before }) => before)).toEqual([null, 2, 1]);
  expect(counts).toEqual([2, 4]);
});

test("reading ends at its bound and says that there is more", async () => {
  const { client, asked } = storage(50);
  const found = await readMatching(client, { filter: "", most: 400, signal });

  expect(asked).toHaveLength(2);
  expect(found.isAll).toBe(false);
});

test("an exchange is found by its key, or is a row already", async () => {
  const { client, asked } = storage(1);

  expect(await rowOf(client, "12")).toBe(12);
  expect(await rowOf(client, "no key")).toBeNull();
  expect(await rowOf(client, "1763751600000000/1")).toBeNull();
  expect(asked).toHaveLength(1);
});
