import { css, html } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { base } from "../styles/shared.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";

/** A field to search or filter with; emits `oye-change` with what was typed. */
@customElement("oye-search")
export class OyeSearch extends OyeElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        inline-size: min(18rem, 100%);
      }
      label {
        display: flex;
        align-items: center;
        gap: var(--oye-space-2);
        min-block-size: var(--oye-target);
        padding-inline: var(--oye-space-2);
        border: 1px solid var(--oye-border-strong);
        border-radius: var(--oye-radius);
        background: var(--oye-surface);
      }
      label:focus-within {
        outline: 2px solid var(--oye-focus);
        outline-offset: 1px;
      }
      oye-icon {
        color: var(--oye-text-quiet);
      }
      input {
        flex: 1;
        min-inline-size: 0;
        padding: 0;
        border: 0;
        outline: none;
        background: none;
        font: inherit;
        color: inherit;
        unicode-bidi: plaintext;
      }
      input:focus-visible {
        outline: none;
      }
      input::placeholder {
        color: var(--oye-text-quiet);
        opacity: 1;
      }
    `,
  ];

  @property() value = "";
  @property() label = "";
  @property() placeholder = "";
  @query("input") private readonly _input!: HTMLInputElement | null;

  override focus(): void {
    this._input?.focus();
  }

  protected override render(): unknown {
    return html`<label>
      <oye-icon name="search"></oye-icon>
      <span class="hidden">${this.label}</span>
      <input
        type="search"
        autocomplete="off"
        spellcheck="false"
        dir="auto"
        placeholder=${this.placeholder}
        .value=${this.value}
        @input=${this.#changed}
      />
    </label>`;
  }

  #changed = (event: Event): void => {
    emit(this, "oye-change", (event.target as HTMLInputElement).value);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-search": OyeSearch;
  }
}
