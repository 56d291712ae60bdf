import { describe, expect, test } from "vitest";
import {
  formatFilter,
  isChoice,
  parseFilter,
  toggleWord,
  withoutHeartbeats,
} from "../../../oye-proxy/frontend/src/domain/filter.ts";

describe("a filter", () => {
  test("is read word by word", () => {
    const words = parseFilter(
      'charger:"Garage left" -action:Heartbeat from:csms is:error latency>2s since:1h "0x4A"',
    );

    expect(
      words.map(({ kind, value, excludes }) => [kind, value, excludes]),
    ).toEqual([
      ["charger", "Garage left", false],
      ["action", "Heartbeat", true],
      ["from", "csms", false],
      ["is", "error", false],
      ["latency", ">2s", false],
      ["since", "1h", false],
      ["text", "0x4A", false],
    ]);
    expect(words.every((word) => word.problem === null)).toBe(true);
  });

  test.each([
    ["is:red", "bad_value"],
    ["from:moon", "bad_value"],
    ["-latency>2s", "bad_value"],
    ["since:yesterday", "bad_value"],
    ['charger:"Garage', "open_quote"],
  ])("tells what the server will not understand: %s", (text, problem) => {
    expect(parseFilter(text)[0]?.problem).toBe(problem);
  });

  test("takes a quoted colon, an unknown kind and a lone minus as text", () => {
    expect(
      parseFilter('"action:Reset" colour:red -').map((word) => [
        word.kind,
        word.value,
      ]),
    ).toEqual([
      ["text", "action:Reset"],
      ["text", "colour:red"],
      ["text", "-"],
    ]);
  });

  test.each([
    'charger:"a \\"b\\" c" -"x y" latency<=100ms',
    '"action:Reset" -charger:CP-1 __proto__ "-x"',
    'charger:"\\\\ back" is:late to:proxy',
    "a'b c\\d",
  ])("is written so that it reads the same: %s", (text) => {
    const words = parseFilter(text);

    expect(parseFilter(formatFilter(words))).toEqual(words);
  });

  test("gains and loses a word by its chip", () => {
    const without = toggleWord("action:Reset", "action", "Heartbeat", true);

    expect(without).toBe("action:Reset -action:Heartbeat");
    expect(toggleWord(without, "action", "Heartbeat", true)).toBe(
      "action:Reset",
    );
  });
});

test("heartbeats are hidden unless an action is asked for", () => {
  expect(withoutHeartbeats("")).toBe("-action:Heartbeat");
  expect(withoutHeartbeats("charger:CP-1")).toBe(
    "charger:CP-1 -action:Heartbeat",
  );
  expect(withoutHeartbeats("action:Heartbeat")).toBe("action:Heartbeat");
  expect(withoutHeartbeats("-action:Reset")).toBe(
    "-action:Reset -action:Heartbeat",
  );
});

test("some words have a switch of their own", () => {
  const words = parseFilter("is:error -is:late from:csms to:csms is:purple");

  expect(words.map(isChoice)).toEqual([true, false, true, false, false]);
});
