import { expect, test } from "vitest";
import { aroundMoment } from "../../../oye-proxy/frontend/src/domain/live-link.ts";

test("Live shows a minute on each side of a moment, of any charger", () => {
  const at = Date.parse("2026-11-21T19:00:00Z");

  expect(aroundMoment('CP "1"', at)).toEqual({
    q:
      'charger:"CP \\"1\\"" since:2026-11-21T18:59:00.000Z' +
      " until:2026-11-21T19:01:00.000Z",
  });
});
