import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { base, plainButton } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { copyText } from "./copy.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";

/** A button that copies `value`; where copying is forbidden it shows the text selected. */
@customElement("oye-copy")
export class OyeCopy extends OyeElement {
  static override styles = [
    base,
    plainButton,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: var(--oye-space-1);
      }
      input {
        inline-size: 12rem;
        max-inline-size: 50vw;
        font: inherit;
        color: inherit;
        background: var(--oye-surface);
        border: 1px solid var(--oye-border-strong);
      }
      label {
        display: inline-flex;
        flex-wrap: wrap;
        gap: var(--oye-space-1);
        font-size: var(--oye-size-2);
      }
    `,
  ];

  @property() value = "";
  /** What is copied, for the button's name. */
  @property() label = "";
  @state() private _state: "idle" | "copied" | "select" = "idle";
  @query("input") private readonly _field!: HTMLInputElement | null;

  protected override render(): unknown {
    const copied = this._state === "copied";
    const name = copied ? localize("copy.copied") : this.label || localize("copy.copy");
    return html`<button class="plain" type="button" title=${name} @click=${this.#copy}>
        <oye-icon name=${copied ? "check" : "copy"}></oye-icon>
        <span class="hidden" aria-live="polite">${name}</span>
      </button>
      ${
        this._state === "select"
          ? html`<label
              >${localize("copy.select")} <input readonly .value=${this.value} @blur=${this.#rest}
            /></label>`
          : nothing
      }`;
  }

  #copy = async (): Promise<void> => {
    this._state = (await copyText(this.value)) ? "copied" : "select";
    await this.updateComplete;
    this._field?.focus();
    this._field?.select();
    if (this._state === "copied") setTimeout(this.#rest, 2000);
  };

  #rest = (): void => {
    this._state = "idle";
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-copy": OyeCopy;
  }
}
