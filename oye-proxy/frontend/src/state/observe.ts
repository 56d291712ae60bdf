import type { ReactiveController, ReactiveControllerHost } from "lit";

export interface Observable {
  subscribe(listener: () => void): () => void;
}

/** Renders its host anew whenever what it observes has changed. */
export class Observe implements ReactiveController {
  #stop: (() => void) | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly observed: () => Observable | undefined,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#start();
  }

  // A context may arrive after the host was connected.
  hostUpdate(): void {
    this.#start();
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #start(): void {
    if (this.#stop !== null) return;
    this.#stop =
      this.observed()?.subscribe(() => {
        this.host.requestUpdate();
      }) ?? null;
  }
}
