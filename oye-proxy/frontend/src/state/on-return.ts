import { ContextConsumer } from "@lit/context";
import type { ReactiveController, ReactiveElement } from "lit";
import { liveContext } from "./contexts.ts";

/** Has its host read anew what it shows each time the connection comes back. */
export class OnReturn implements ReactiveController {
  #stop: (() => void) | undefined;

  constructor(host: ReactiveElement, readAnew: () => void) {
    new ContextConsumer(host, {
      context: liveContext,
      callback: (live) => {
        this.#stop?.();
        this.#stop = live.onReturn(readAnew);
      },
    });
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#stop?.();
  }
}
