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

  /** Fetch a view, unless it is there; says whether it is there now. */
  async want(view: View): Promise<boolean> {
    if (this.#loaded.has(view)) return true;
    this.#failed.delete(view);
    const had = await view.load().then(
      () => true,
      () => false,
    );
    this.#tell(had ? this.#loaded : this.#failed, view);
    return had;
  }

  #tell(kind: Set<View>, view: View): void {
    kind.add(view);
    this.host.requestUpdate();
  }
}
