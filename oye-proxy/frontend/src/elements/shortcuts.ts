import type { ReactiveController, ReactiveControllerHost } from "lit";

type Keys = ReadonlyMap<string, () => void>;

const TYPING = "input, textarea, select, [contenteditable], wa-input, wa-textarea, wa-select";

/** Single keys of a view, on the whole page; none while typing, in a dialog, or switched off. */
export class Shortcuts implements ReactiveController {
  constructor(
    host: ReactiveControllerHost,
    private readonly keys: Keys,
    private readonly enabled: () => boolean,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener("keydown", this.#press);
  }

  hostDisconnected(): void {
    window.removeEventListener("keydown", this.#press);
  }

  #press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!this.enabled() || event.composedPath().some(takesKeys)) return;
    const act = this.keys.get(event.key);
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
}

function takesKeys(target: EventTarget): boolean {
  return target instanceof HTMLElement && (target.matches(TYPING) || target.matches("dialog"));
}
