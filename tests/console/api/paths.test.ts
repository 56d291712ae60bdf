import { describe, expect, test } from "vitest";
import {
  idOfPath,
  liveUrl,
  pathId,
  serverUrl,
} from "../../../oye-proxy/frontend/src/api/paths.ts";

const BELOW = "http://ha.local:8123/api/hassio_ingress/abc/";

describe("an id in a path", () => {
  test.each(["CP-001", "a.b_c", "1"])(
    "stays as it is when nothing needs escaping: %s",
    (id) => {
      expect(pathId(id)).toBe(id);
    },
  );

  test.each([
    "",
    ".",
    "..",
    "../..",
    "a b",
    "CP/1",
    "~x",
    "ü⚡",
    "<script>",
    "__proto__",
    "%2F",
  ])(
    "comes back whole, with no character that is rewritten on the way: %j",
    (id) => {
      expect(pathId(id)).toMatch(/^~?[\w-]*$/);
      expect(idOfPath(pathId(id))).toBe(id);
    },
  );

  test.each(["~%%", "%E0%A4%A", "~gA"])(
    "that is none is null: %s",
    (segment) => {
      expect(idOfPath(segment)).toBeNull();
    },
  );
});

test("every address is below the page's own", () => {
  expect(serverUrl("/api/state", BELOW).href).toBe(`${BELOW}api/state`);
  expect(liveUrl(BELOW).href).toBe(
    "ws://ha.local:8123/api/hassio_ingress/abc/api/live",
  );
  expect(liveUrl("https://oye.example/").href).toBe(
    "wss://oye.example/api/live",
  );
});
