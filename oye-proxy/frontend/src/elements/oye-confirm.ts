import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { box } from "../styles/form.ts";
import { base } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-dialog.ts";
import type { OyeDialog } from "./oye-dialog.ts";
import "./oye-id.ts";

/**
 * A question before something that cannot be undone: what it concerns and its effect (content).
 *
 * With `typed`, that text must be typed first. Emits `oye-confirm` or `oye-close`.
 */
@customElement("oye-confirm")
export class OyeConfirm extends OyeElement {
  static override styles = [
    base,
    css`
      .body {
        display: grid;
        gap: var(--oye-space-3);
      }
      label {
        display: grid;
        gap: var(--oye-space-1);
      }
      input {
        ${box}
      }
    `,
  ];

  @property({ type: Boolean, reflect: true }) open = false;
  @property() heading = "";
  /** What the button that does it says. */
  @property() action = "";
  /** The charger or account that it concerns. */
  @property() subject = "";
  /** The text that must be typed first; empty when none. */
  @property() typed = "";
  @state() private _entered = "";
  @query("oye-dialog") private readonly _dialog!: OyeDialog;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("open") && this.open) this._entered = "";
  }

  protected override render(): unknown {
    const ready = this.typed === "" || this._entered === this.typed;
    return html`<oye-dialog .open=${this.open} heading=${this.heading}>
      <div class="body">
        ${
          this.subject === ""
            ? nothing
            : html`<strong><oye-id .value=${this.subject}></oye-id></strong>`
        }
        <slot></slot>
        ${this.typed === "" ? nothing : this.#field()}
      </div>
      <wa-button slot="actions" appearance="outlined" @click=${this.#cancel}
        >${localize("dialog.cancel")}</wa-button
      >
      <wa-button slot="actions" variant="danger" ?disabled=${!ready} @click=${this.#confirm}
        >${this.action || localize("dialog.confirm")}</wa-button
      >
    </oye-dialog>`;
  }

  #field(): unknown {
    return html`<label>
      ${localize("dialog.type_id", { id: this.typed })}
      <input
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        .value=${this._entered}
        @input=${this.#type}
      />
    </label>`;
  }

  #type = (event: Event): void => {
    this._entered = (event.target as HTMLInputElement).value;
  };

  #cancel = (): void => {
    this.#close("oye-close");
  };

  #confirm = (): void => {
    this.#close("oye-confirm");
  };

  // The dialog first: who hears of it may take this element away.
  #close(name: string): void {
    this.open = false;
    this._dialog.close();
    emit(this, name);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-confirm": OyeConfirm;
  }
}
