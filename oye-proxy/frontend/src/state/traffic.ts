import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { ApiClient } from "../api/client.ts";

const INTERVAL = 5_000;

/** How many frames pass, as the server counts them; asked for while somebody looks. */
export class Traffic implements ReactiveController {
  /** Those of the last minute; null until it is known. */
  framesPerMinute: number | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly client: () => ApiClient,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#timer = setInterval(this.#ask, INTERVAL);
    this.#ask();
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
  }

  #ask = (): void => {
    if (!document.hidden) void this.#read();
  };

  async #read(): Promise<void> {
    const known = await this.client()
      .call("GET /api/traffic", {})
      .catch(() => null);
    this.framesPerMinute = known?.framesPerMinute ?? null;
    this.host.requestUpdate();
  }
}
