import type { ReactiveElement } from "lit";

/** Forms in light DOM, where password managers find them: children of their host, one for each slot. */
export class SlottedForms {
  readonly #children = new Map<string, HTMLElement>();

  constructor(
    private readonly host: ReactiveElement,
    private readonly failed: () => void,
  ) {}

  /** Have the form of a slot, loaded when it is first asked for. */
  need(slot: string, load: () => Promise<unknown>): void {
    if (this.#children.has(slot)) return;
    const child = document.createElement(`oye-${slot}`);
    child.slot = slot;
    this.#children.set(slot, child);
    load().then(
      () => {
        this.host.append(child);
      },
      () => {
        this.#children.delete(slot);
        this.failed();
      },
    );
  }
}
