import type { ReactiveController, ReactiveControllerHost } from "lit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Countdown } from "../../../oye-proxy/frontend/src/state/countdown.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

class Host implements ReactiveControllerHost {
  renders = 0;
  readonly updateComplete = Promise.resolve(true);

  addController(_controller: ReactiveController): void {
    return;
  }

  removeController(_controller: ReactiveController): void {
    return;
  }

  requestUpdate(): void {
    this.renders += 1;
  }
}

test("the seconds run down to none, with a render at each", () => {
  const host = new Host();
  const countdown = new Countdown(host);
  countdown.start(2.5);
  expect(countdown.seconds).toBe(3);

  vi.advanceTimersByTime(1000);
  expect(countdown.seconds).toBe(2);
  vi.advanceTimersByTime(2000);
  expect(countdown.seconds).toBe(0);
  expect(host.renders).toBe(4);
});

test("nothing ticks on when its host is gone or nothing is left", () => {
  const countdown = new Countdown(new Host());
  countdown.start(1);
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);

  countdown.start(60);
  countdown.hostDisconnected();
  expect(vi.getTimerCount()).toBe(0);
});
