import { expect, test } from "vitest";
import { readObject } from "../../../oye-proxy/frontend/src/domain/payload.ts";

test("a payload is a JSON object and nothing else", () => {
  expect(readObject('{"type": "Soft"}')).toEqual({ type: "Soft" });
  for (const text of ["", "{", "[]", "null", "1", '"x"'])
    expect(readObject(text)).toBeNull();
});
