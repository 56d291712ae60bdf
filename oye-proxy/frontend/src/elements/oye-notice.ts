import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base, plainButton } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";

/** A sentence in the place of content: `empty`, or `error` with Retry, which emits `oye-retry`. */
@customElement("oye-notice")
export class OyeNotice extends OyeElement {
  static override styles = [
    base,
    plainButton,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: var(--oye-space-2) var(--oye-space-3);
        padding: var(--oye-space-4);
        border: 1px solid var(--oye-border);
        border-radius: var(--oye-radius);
        background: var(--oye-surface);
      }
      :host([kind="error"]) {
        border-color: var(--oye-fault);
        background: var(--oye-fault-soft);
      }
      :host([kind="error"]) oye-icon {
        color: var(--oye-fault);
      }
      .text {
        flex: 1 1 12rem;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ reflect: true }) kind: "empty" | "error" = "empty";
  @property({ type: Boolean }) retry = false;

  protected override render(): unknown {
    const isError = this.kind === "error";
    return html`<oye-icon name=${isError ? "alert" : "info"}></oye-icon>
      <div class="text" role=${isError ? "alert" : "note"}><slot></slot></div>
      ${
        this.retry
          ? html`<button class="link" type="button" @click=${this.#retry}>
              ${localize("general.retry")}
            </button>`
          : ""
      }
      <slot name="action"></slot>`;
  }

  #retry = (): void => {
    emit(this, "oye-retry");
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-notice": OyeNotice;
  }
}
