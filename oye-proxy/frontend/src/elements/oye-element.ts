import { LitElement } from "lit";
import { onLanguage } from "../texts/localize.ts";

/** What every element of the console is: a Lit element that follows the language. */
export class OyeElement extends LitElement {
  #stop: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onLanguage(() => {
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#stop = null;
  }
}

/** Send an event of an element's own to whoever listens around it, out of the shadow as well. */
export function emit(from: EventTarget, name: string, detail?: unknown): void {
  from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
