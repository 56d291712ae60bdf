import { expect, test } from "vitest";
import { settingsOfFile } from "../../../oye-proxy/frontend/src/domain/settings-file.ts";

test.each(["", "{", "[]", "null", "7", '{"a": 1}', "[".repeat(100_000)])(
  "%.20s holds no settings",
  (text) => {
    expect(settingsOfFile(text)).toBeNull();
  },
);

test("what names its version is for the server to judge", () => {
  const text = '{"version": 1, "config": {}, "storage": {}}';

  expect(settingsOfFile(text)).toEqual(JSON.parse(text));
});
