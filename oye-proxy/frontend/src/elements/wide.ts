import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Whether there is room for a pane beside the content; renders its host anew when that changes. */
export class Wide implements ReactiveController {
  readonly #query = window.matchMedia("(min-width: 900px)");

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  get matches(): boolean {
    return this.#query.matches;
  }

  hostConnected(): void {
    this.#query.addEventListener("change", this.#changed);
  }

  hostDisconnected(): void {
    this.#query.removeEventListener("change", this.#changed);
  }

  #changed = (): void => {
    this.host.requestUpdate();
  };
}
