import { describe, expect, test } from "vitest";
import {
  hasTags,
  partsOf,
  withTags,
} from "../../../oye-proxy/frontend/src/domain/frame-text.ts";

describe("a frame", () => {
  test("is taken apart as it was written", () => {
    const text =
      '[2, "m,1", "DataTransfer", {"a": [1, "]"], "n": 12345678901234567890}]';

    expect(partsOf(text)).toEqual({
      messageType: "2",
      messageId: "m,1",
      word: "DataTransfer",
      payload: '{"a": [1, "]"], "n": 12345678901234567890}',
    });
  });

  test("has no word when it is a result, and its code when it is an error", () => {
    expect(partsOf('[3,"m",{}]')?.word).toBeNull();
    expect(partsOf('[4,"m","InternalError","no",{"x":1}]')).toMatchObject({
      word: "InternalError",
      payload: '{"x":1}',
    });
  });

  test.each(["", "hello", "[2]", '["x', "{}", "[[[", '[2,3,"A",{}]', '[2,"m'])(
    "%j is none",
    (text) => {
      expect(partsOf(text)).toBeNull();
    },
  );
});

describe("id tags", () => {
  test("are changed wherever 1.6 and 2.x write them, escapes among them", () => {
    const text =
      '{"idTag":"AB\\"C","parentIdTag" : "D","idToken":{"idToken":"E","type":"Local"}}';

    expect(withTags(text, (tag) => `<${tag}>`)).toBe(
      '{"idTag":"<AB\\"C>","parentIdTag" : "<D>","idToken":{"idToken":"<E>","type":"Local"}}',
    );
    expect(hasTags(text)).toBe(true);
    expect(hasTags('{"status":"Accepted"}')).toBe(false);
  });
});
