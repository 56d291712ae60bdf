import { expect, test } from "vitest";
import { ViewLoader } from "../../../oye-proxy/frontend/src/state/view-loader.ts";

test("fetches a view once, and again after it could not be had", async () => {
  let renders = 0;
  const loader = new ViewLoader({ requestUpdate: () => (renders += 1) });
  const answers = [Promise.reject(new Error("away")), Promise.resolve()];
  let asked = 0;
  const view = { load: () => answers[asked++] ?? Promise.resolve() };
  const states: unknown[] = [loader.stateOf(view)];
  const had: boolean[] = [];
  for (let times = 0; times < 3; times += 1) {
    const wanted = loader.want(view);
    states.push(loader.stateOf(view));
    had.push(await wanted);
    states.push(loader.stateOf(view));
  }

  expect(states).toEqual([
    null,
    null,
    "failed",
    null,
    "loaded",
    "loaded",
    "loaded",
  ]);
  expect([asked, renders]).toEqual([2, 2]);
  expect(had).toEqual([false, true, true]);
});
