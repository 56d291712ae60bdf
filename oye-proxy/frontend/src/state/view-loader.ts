import type { ReactiveControllerHost } from "lit";
import type { ViewDefinition } from "../views/index.ts";

type View = Pick<ViewDefinition, "load">;

/** The code of the views: fetched when one is first shown, and again after it could not be. */
export class ViewLoader {
  readonly #loaded = new Set<View>();
  readonly #failed = new Set<View>();

  constructor(private readonly host: Pick<ReactiveControllerHost, "requestUpdate">) {}

  /** Say how far a view is; null while it is on its way. */
  stateOf(view: View): "loaded" | "failed" | null {
    if (this.#loaded.has(view)) return "loaded";
    return this.#failed.has(view) ? "failed" : null;
  }

  /** Fetch a view, unless it is there. */
  want(view: View): void {
    if (this.#loaded.has(view)) return;
    this.#failed.delete(view);
    view.load().then(
      () => {
        this.#tell(this.#loaded, view);
      },
      () => {
        this.#tell(this.#failed, view);
      },
    );
  }

  #tell(kind: Set<View>, view: View): void {
    kind.add(view);
    this.host.requestUpdate();
  }
}
