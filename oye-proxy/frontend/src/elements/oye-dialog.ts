import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { base, plainButton } from "../styles/shared.ts";
import { closeButton } from "./close-button.ts";
import { emit, OyeElement } from "./oye-element.ts";

const FIELDS = "input:not([type=radio]:not(:checked)), select, textarea";

/**
 * A modal dialog: a window on desktops, a sheet from below on phones.
 *
 * Content goes inside, buttons into the slot `actions`, the one that does it last: Enter in a field presses it.
 * Emits `oye-close` when the reader closes it.
 */
@customElement("oye-dialog")
export class OyeDialog extends OyeElement {
  static override styles = [
    base,
    plainButton,
    css`
      dialog {
        inline-size: min(32rem, calc(100vw - 2rem));
        max-block-size: calc(100dvh - 2rem);
        padding: 0;
        border: 1px solid var(--oye-border);
        border-radius: var(--oye-radius);
        color: var(--oye-text);
        background: var(--oye-raised);
        box-shadow: var(--oye-shadow);
        overflow: auto;
      }
      :host([wide]) dialog {
        inline-size: min(56rem, calc(100vw - 2rem));
      }
      dialog::backdrop {
        background: var(--oye-backdrop);
      }
      .head {
        position: sticky;
        inset-block-start: 0;
        z-index: 1;
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--oye-space-3);
        padding: var(--oye-space-2) var(--oye-space-2) var(--oye-space-2) var(--oye-space-4);
        background: inherit;
        border-block-end: 1px solid var(--oye-border);
      }
      .body {
        padding: var(--oye-space-4);
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: var(--oye-space-2);
        padding: 0 var(--oye-space-4) var(--oye-space-4);
      }
      @media (max-width: 599px) {
        dialog,
        :host([wide]) dialog {
          inline-size: 100vw;
          max-inline-size: 100vw;
          margin-block-end: 0;
          border-inline: 0;
          border-end-start-radius: 0;
          border-end-end-radius: 0;
          padding-block-end: env(safe-area-inset-bottom);
        }
        :host([sheet]) dialog {
          block-size: 100dvh;
          max-block-size: 100dvh;
          border: 0;
          border-radius: 0;
        }
      }
    `,
  ];

  @property({ type: Boolean, reflect: true }) open = false;
  @property({ type: Boolean, reflect: true }) wide = false;
  /** On phones as high as the screen. */
  @property({ type: Boolean, reflect: true }) sheet = false;
  @property() heading = "";
  @query("dialog") private readonly _dialog!: HTMLDialogElement;

  /** Close it at once, which gives the focus back; as whoever opened it knows, it says nothing. */
  close(): void {
    this.open = false;
    this._dialog.close();
  }

  protected override firstUpdated(): void {
    this._dialog.addEventListener("click", this.#backdrop);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("open")) return;
    if (this.open && !this._dialog.open) this.#show();
    if (!this.open && this._dialog.open) this._dialog.close();
  }

  override disconnectedCallback(): void {
    this._dialog.close();
    super.disconnectedCallback();
  }

  protected override render(): unknown {
    return html`<dialog aria-labelledby="heading" @close=${this.#closed}>
      ${
        this.open
          ? html`<div class="head">
                <h2 id="heading">${this.heading}</h2>
                ${closeButton(this.#close)}
              </div>
              <div class="body" @keydown=${this.#enter}><slot></slot></div>
              <footer><slot name="actions"></slot></footer>`
          : nothing
      }
    </dialog>`;
  }

  #show(): void {
    this._dialog.showModal();
    // What lies inside is drawn after this element.
    setTimeout(() => {
      if (this.open) this.#first()?.focus();
    });
  }

  // The first field, else the button that is safest to press; else the browser's own choice.
  #first(): HTMLElement | null {
    if (this.sheet) return null;
    return firstField(this) ?? this.querySelector(':scope > [slot="actions"]');
  }

  // In a form of its own, Enter is that form's.
  #enter = (event: KeyboardEvent): void => {
    const field = event.target as Element;
    if (event.key !== "Enter" || !field.matches("input, select") || field.closest("form") !== null)
      return;
    event.preventDefault();
    this.querySelector<HTMLElement>(
      ':scope > [slot="actions"]:last-of-type:not([disabled])',
    )?.click();
  };

  #close = (): void => {
    this._dialog.close();
  };

  #closed = (): void => {
    if (!this.open) return;
    this.open = false;
    emit(this, "oye-close");
  };

  // A touch beside the dialog closes it; the keyboard has Escape for that.
  #backdrop = (event: Event): void => {
    if (event.target === this._dialog) this._dialog.close();
  };
}

// Also in the shadows of elements, and in what is handed through a slot.
function firstField(root: ParentNode): HTMLElement | null {
  for (const element of root.querySelectorAll<HTMLElement>("*")) {
    if (element.matches(FIELDS)) return element;
    const inner = element instanceof HTMLSlotElement ? element.assignedElements() : [];
    for (const one of [element.shadowRoot, ...inner]) {
      const found = one === null ? null : firstField(one);
      if (found !== null) return found;
    }
  }
  return null;
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-dialog": OyeDialog;
  }
}
