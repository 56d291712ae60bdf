import { css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { plainText, shortened, visible, wordParts } from "../domain/text.ts";
import { base } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";

/** A foreign text, such as an id: isolated, with what cannot be seen written out, cut when long. */
@customElement("oye-id")
export class OyeId extends OyeElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline;
        overflow-wrap: anywhere;
        unicode-bidi: isolate;
      }
      .code {
        margin-inline: 1px;
        padding-inline: 2px;
        border: 1px solid var(--oye-waiting);
        border-radius: 2px;
        color: var(--oye-waiting);
        font: 0.75em var(--oye-font-mono);
        white-space: nowrap;
      }
      .empty {
        color: var(--oye-text-quiet);
        font-style: italic;
      }
      button {
        font: inherit;
        color: inherit;
        padding: 0;
        border: 0;
        border-block-end: 1px dotted;
        background: none;
        text-align: start;
        cursor: pointer;
      }
    `,
  ];

  @property() value = "";
  /** How many characters are shown at once. */
  @property({ type: Number }) room = 48;
  /** Inside a link or a button: the whole text is in the tooltip alone. */
  @property({ type: Boolean }) still = false;
  /** Lines end between the words of a name, and after commas. */
  @property({ type: Boolean }) parted = false;
  @state() private _whole = false;

  protected override render(): unknown {
    if (this.value === "") return html`<span class="empty">${localize("id.empty")}</span>`;
    const cut = shortened(this.value, this.room);
    if (cut === this.value || this._whole) return this.#text(this.value);
    const title = plainText(this.value).slice(0, 2000);
    if (this.still) return html`<span title=${title}>${this.#text(cut)}</span>`;
    return html`<button type="button" title=${localize("id.whole")} @click=${this.#showWhole}>
      ${this.#text(cut)}
    </button>`;
  }

  #text(text: string): unknown {
    return html`<bdi
      >${visible(text).map((piece) =>
        piece.escaped ? html`<span class="code">${piece.text}</span>` : this.#plain(piece.text),
      )}</bdi
    >`;
  }

  #plain(text: string): unknown {
    return this.parted ? wordParts(text).map((part) => html`<wbr />${part}`) : text;
  }

  #showWhole = (): void => {
    this._whole = true;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-id": OyeId;
  }
}
