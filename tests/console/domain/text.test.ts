import { expect, test } from "vitest";
import {
  hasUnseen,
  markedPieces,
  maskedTag,
  plainText,
  shortened,
  visible,
  wordParts,
} from "../../../oye-proxy/frontend/src/domain/text.ts";

test("what cannot be seen is written out", () => {
  expect(plainText("CP\u202e1\u0000\n\u200b")).toBe(
    "CPU+202E1U+0000U+000AU+200B",
  );
  expect(plainText("\ud800")).toBe("U+D800");
});

test("what can be seen stays as it is", () => {
  const family = "👨\u200d👩\u200d👧 Ladesäule";

  expect(visible(family)).toEqual([{ text: family, escaped: false }]);
});

test("a long text keeps its ends and no character is torn", () => {
  expect(shortened("0123456789", 7)).toBe("0123…89");
  expect(shortened("⚡".repeat(48), 4)).toBe("⚡⚡…⚡");
  expect(shortened("short", 48)).toBe("short");
});

test("an id tag shows its last four characters, a short one none", () => {
  expect(maskedTag("04AABBCCDD")).toBe("••••CCDD");
  expect(maskedTag("1234")).toBe("••••");
});

test("an exact text keeps every character, with what cannot be seen named", () => {
  const text = '[2,\n\t"a\u202e\u0007b👨\u200d👩"]\u2066';
  const pieces = markedPieces(text);

  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  expect(pieces.map((piece) => piece.code)).toEqual([
    "",
    "U+202E U+0007",
    "",
    "U+2066",
  ]);
  expect(markedPieces("")).toEqual([]);
});

test("a text tells whether all of it can be seen", () => {
  expect(["Ladesäule ⚡", "CP\u202e1", "a\u200bb"].map(hasUnseen)).toEqual([
    false,
    true,
    true,
  ]);
});

test("a line may end between the words of a name, and after a comma", () => {
  expect(wordParts("ItemsPerMessage[SetVariables]")).toEqual([
    "Items",
    "Per",
    "Message",
    "[Set",
    "Variables]",
  ]);
  expect(wordParts("Voltage,SoC,Power.Factor,230.5")).toEqual([
    "Voltage,",
    "SoC,",
    "Power.",
    "Factor,230.5",
  ]);
  expect(wordParts("")).toEqual([""]);
});
