import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ApiError } from "../../../oye-proxy/frontend/src/api/client.ts";
import { errorText } from "../../../oye-proxy/frontend/src/texts/errors.ts";
import { localizeCode } from "../../../oye-proxy/frontend/src/texts/localize.ts";

const REFERENCE = readFileSync(
  new URL("../../../docs/API.md", import.meta.url),
  "utf8",
);
/** What only a program can cause that does not use the address as the console does. */
const NOT_OURS = "upgrade_required";
/** All that an answer may have besides. */
const MEMBERS = { error: "", errorCode: "", retryAfter: 1, status: 502 };

test("each failure that the server may answer has a text", () => {
  const codes = [...REFERENCE.matchAll(/^\| [45]\d\d \| `(\w+)` \|/gm)].flatMap(
    ([, code]) => code ?? [],
  );
  const silent = codes.filter(
    (code) => localizeCode("error", code, MEMBERS) === null,
  );

  expect(codes).toContain("invalid_payload");
  expect(silent).toEqual([NOT_OURS]);
});

test("what the server knows more is said after the text of the code", () => {
  const error = 'The payload is no Reset: {"type":"x"} breaks it';
  const code = "invalid_payload";

  expect(errorText(new ApiError(400, code, error, { code, error }))).toBe(
    `This breaks the schema, and this proxy sends only what keeps to it: ${error}`,
  );
});

test("a text that lacks a value gives way to the server's sentence", () => {
  const rejected = new ApiError(502, "injection_rejected", "NotSupported: no");

  expect(errorText(rejected)).toBe("NotSupported: no");
});

test("an answer that is not the server's own is told by its status", () => {
  const foreign = new ApiError(502, "unknown", "Bad Gateway");

  expect(errorText(foreign)).toBe(
    "Something on the way to OYE answered instead of it, with status 502.",
  );
});
