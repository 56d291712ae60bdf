import { describe, expect, test } from "vitest";
import type { ApiClient } from "../../../oye-proxy/frontend/src/api/client.ts";
import type { TransactionEntry } from "../../../oye-proxy/frontend/src/api/types.gen.ts";
import { TransactionPages } from "../../../oye-proxy/frontend/src/state/transaction-pages.ts";

interface Asked {
  readonly query: Readonly<Record<string, unknown>>;
  readonly answer: (ids: readonly number[], nextBefore: number | null) => void;
  readonly refuse: () => void;
}

/** Pages, and the questions to a server that answers when it is told to. */
function pages(): { pages: TransactionPages; asked: Asked[] } {
  const asked: Asked[] = [];
  const call = (_name: string, { query }: Pick<Asked, "query">) =>
    new Promise((resolve, reject) => {
      asked.push({
        query,
        answer: (ids, nextBefore) => {
          const transactions = ids.map((id) => ({ id }) as TransactionEntry);
          resolve({ transactions, nextBefore });
        },
        refuse: () => {
          reject(new Error("away"));
        },
      });
    });
  const host = {
    addController: () => undefined,
    requestUpdate: () => undefined,
  };
  const client = { call } as unknown as ApiClient;
  return { pages: new TransactionPages(host, () => client), asked };
}

const settled = (): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve));

describe("transactions", () => {
  test("are read page by page, without one twice", async () => {
    const { pages: read, asked } = pages();
    read.open({ idTag: "A" });
    asked[0]?.answer([9, 8], 8);
    await settled();
    read.older();
    read.older();
    asked[1]?.answer([8, 7], null);
    await settled();
    read.older();

    expect(read.entries?.map(({ id }) => id)).toEqual([9, 8, 7]);
    expect(asked.map(({ query }) => query)).toEqual([
      { idTag: "A", limit: 200 },
      { idTag: "A", limit: 200, before: 8 },
    ]);
    expect([read.hasMore, read.loading]).toEqual([false, false]);
  });

  test("of another filter take the place of those before, also of late ones", async () => {
    const { pages: read, asked } = pages();
    read.open({ idTag: "A" });
    read.open({ idTag: "B" });
    asked[1]?.answer([5], null);
    await settled();
    asked[0]?.answer([1], null);
    await settled();
    read.open({ idTag: "B" });

    expect(read.entries?.map(({ id }) => id)).toEqual([5]);
    expect(asked.length).toBe(2);
  });

  test("stay when a page cannot be read, and are read when it is tried again", async () => {
    const { pages: read, asked } = pages();
    read.open({});
    asked[0]?.answer([2], 2);
    await settled();
    read.older();
    asked[1]?.refuse();
    await settled();

    expect(read.entries?.map(({ id }) => id)).toEqual([2]);
    expect(read.failure).toBeInstanceOf(Error);

    read.reload();
    asked[2]?.answer([3, 2], null);
    await settled();

    expect(read.entries?.map(({ id }) => id)).toEqual([3, 2]);
    expect(read.failure).toBeNull();
  });
});
