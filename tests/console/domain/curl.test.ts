import { expect, test } from "vitest";
import {
  curlGet,
  curlInject,
} from "../../../oye-proxy/frontend/src/domain/curl.ts";

test("a command line holds foreign text in quotation marks, and no token", () => {
  const line = curlInject("http://h/api/inject/~x", "Reset", `{"a":"'; rm"}`);

  expect(line).toContain(
    String.raw`-d '{"action":"Reset","payload":{"a":"'\''; rm"}}'`,
  );
  expect(line).toContain('"Authorization: Bearer $OYE_TOKEN"');
  expect(curlGet("http://h/x")).toMatch(/^curl 'http:\/\/h\/x'/);
});
