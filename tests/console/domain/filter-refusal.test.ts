import { expect, test } from "vitest";
import { refusalOf } from "../../../oye-proxy/frontend/src/domain/filter-refusal.ts";

test("the word that was not understood stands out", () => {
  const sentence = "The filter, at character 8: purple is none of those";

  expect(refusalOf(sentence, "is:late is:purple x")).toEqual({
    position: 8,
    reason: "purple is none of those",
    before: "is:late",
    word: "",
    after: " is:purple x",
  });
  expect(refusalOf("at character 9: why", "is:late is:purple x")).toMatchObject(
    {
      before: "is:late ",
      word: "is:purple",
      after: " x",
    },
  );
});

test("beyond the end there is no word", () => {
  expect(refusalOf("at character 9: why", "is:late")).toMatchObject({
    before: "is:late",
    word: "",
    after: "",
  });
});

test("a sentence without a place names none", () => {
  expect(refusalOf("The filter is too long", "x")).toBeNull();
});
