import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";

/** Sends, or says in words why it cannot; its content tells how far it got. Emits `oye-send`. */
@customElement("oye-send-bar")
export class OyeSendBar extends OyeElement {
  static override styles = [
    base,
    css`
      :host {
        position: sticky;
        inset-block-end: 0;
        z-index: 2;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--oye-space-2) var(--oye-space-3);
        padding: var(--oye-space-3);
        border-block-start: 1px solid var(--oye-border);
        border-end-start-radius: var(--oye-radius);
        border-end-end-radius: var(--oye-radius);
        background: var(--oye-raised);
      }
      .progress {
        flex: 1 1 12rem;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  /** Why nothing can be sent now. */
  @property({ attribute: false }) obstacle: string | null = null;
  @property({ type: Boolean }) busy = false;
  @property({ type: Boolean }) ready = false;
  /** What is sent breaks its schema, and the reader knows. */
  @property({ type: Boolean }) anyway = false;

  protected override render(): unknown {
    const { obstacle, busy } = this;
    return html`<wa-button
        variant="brand"
        ?loading=${busy}
        ?disabled=${obstacle !== null || !this.ready || busy}
        @click=${this.#send}
        >${localize(this.anyway ? "composer.send_anyway" : "composer.send")}</wa-button
      >
      <div class="progress" role="status">
        ${obstacle === null || busy ? html`<slot></slot>` : obstacle}
      </div>`;
  }

  #send = (): void => {
    emit(this, "oye-send");
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-send-bar": OyeSendBar;
  }
}
