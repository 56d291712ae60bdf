import type { ReactiveController, ReactiveControllerHost } from "lit";

const SECOND = 1000;

/** Seconds that run down, with a render at each: how long to wait after too many attempts. */
export class Countdown implements ReactiveController {
  #until = 0;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly now: () => number = Date.now,
  ) {
    host.addController(this);
  }

  /** How many seconds are left, 0 when none. */
  get seconds(): number {
    return Math.max(0, Math.ceil((this.#until - this.now()) / SECOND));
  }

  /** Begin to count. */
  start(seconds: number): void {
    this.#until = this.now() + seconds * SECOND;
    this.#stop();
    this.#timer = setInterval(this.#tick, SECOND);
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#stop();
  }

  #tick = (): void => {
    if (this.seconds === 0) this.#stop();
    this.host.requestUpdate();
  };

  #stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
