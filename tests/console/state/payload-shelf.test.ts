import { describe, expect, test } from "vitest";
import {
  mayKeep,
  PayloadShelf,
} from "../../../oye-proxy/frontend/src/state/payload-shelf.ts";

function storage(): Storage {
  const values = new Map<string, string>();
  return {
    length: 0,
    clear: () => {
      values.clear();
    },
    key: () => null,
    getItem: (key) => values.get(key) ?? null,
    removeItem: (key) => values.delete(key),
    setItem: (key, value) => values.set(key, value),
  };
}

describe("the shelf of payloads", () => {
  test("remembers what was sent, newest first and each once, without id tags", () => {
    const shelf = new PayloadShelf(storage());
    shelf.remember("RemoteStartTransaction", '{"idTag":"04AB"}', 1);
    shelf.remember("Reset", '{"type":"Soft"}', 2);
    shelf.remember("RemoteStartTransaction", '{"idTag":"99FF"}', 3);

    expect(shelf.history.map(({ text, at }) => [text, at])).toEqual([
      ['{"idTag":""}', 3],
      ['{"type":"Soft"}', 2],
    ]);
  });

  test("keeps templates by name and gives them up", () => {
    const shelf = new PayloadShelf(storage());
    shelf.save("mine", "Reset", '{"type":"Soft"}', 1);
    shelf.save("mine", "Reset", '{"type":"Hard"}', 2);

    expect(shelf.templates.map(({ text }) => text)).toEqual([
      '{"type":"Hard"}',
    ]);
    shelf.remove("mine");
    expect(shelf.templates).toEqual([]);
  });

  test.each([
    ["ChangeConfiguration", '{"key":"AuthorizationKey","value":"x"}'],
    ["SetVariables", '{"variable":{"name":"BasicAuthPassword"}}'],
    ["InstallCertificate", "{}"],
    ["DataTransfer", `"${"x".repeat(30_000)}"`],
  ])("keeps nothing that opens a door or is too large: %s", (action, text) => {
    const shelf = new PayloadShelf(storage());
    shelf.remember(action, text, 1);

    expect(shelf.save("t", action, text, 1)).toBe(false);
    expect([...shelf.history, ...shelf.templates]).toEqual([]);
  });

  test("keeps the start of a transaction of 2.x", () => {
    expect(
      mayKeep("RequestStartTransaction", '{"idToken":{"idToken":"A"}}'),
    ).toBe(true);
  });

  test("is empty where storage is forbidden or holds something else", () => {
    const foreign = storage();
    foreign.setItem("oye.composer.history", '[{"name":1},null,"x"]');
    foreign.setItem("oye.composer.templates", "{");

    expect(new PayloadShelf(foreign).history).toEqual([]);
    expect(new PayloadShelf(foreign).templates).toEqual([]);
    expect(new PayloadShelf(null).history).toEqual([]);
  });
});
