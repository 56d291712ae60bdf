import { expect, test } from "vitest";
import { Preferences } from "../../../oye-proxy/frontend/src/state/preferences.ts";

function storage(
  content: Record<string, string> = {},
): Storage & { kept: Map<string, string> } {
  const kept = new Map(Object.entries(content));
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  } as unknown as Storage & { kept: Map<string, string> };
}

test("what was chosen is there again, under keys of ours alone", () => {
  const kept = storage();
  new Preferences(kept).set({
    theme: "dark",
    language: "de",
    shortcuts: false,
  });

  expect(new Preferences(kept).values).toEqual({
    theme: "dark",
    language: "de",
    shortcuts: false,
  });
  expect([...kept.kept.keys()].every((key) => key.startsWith("oye."))).toBe(
    true,
  );
});

test("nonsense in the storage is as good as nothing", () => {
  expect(new Preferences(storage({ "oye.theme": "pink" })).values.theme).toBe(
    "system",
  );
});

test("a browser without storage forgets, and nothing else", () => {
  const forbidden = {
    getItem: () => {
      throw new DOMException("denied");
    },
    setItem: () => {
      throw new DOMException("denied");
    },
  } as unknown as Storage;
  const preferences = new Preferences(forbidden);
  preferences.set({ theme: "light" });

  expect(preferences.values.theme).toBe("light");
});
