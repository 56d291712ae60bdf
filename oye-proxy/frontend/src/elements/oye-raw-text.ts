import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { markedPieces } from "../domain/text.ts";
import { unitsOf } from "../domain/units.ts";
import { base, plainButton } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";

const AT_ONCE = 65_536;

/**
 * The exact text of a frame, cut when it is long; it alone may scroll sideways.
 *
 * What cannot be seen is marked, and has no power over what stands around it.
 */
@customElement("oye-raw-text")
export class OyeRawText extends OyeElement {
  static override styles = [
    base,
    plainButton,
    css`
      pre {
        margin: 0;
        padding: var(--oye-space-2);
        max-block-size: 24rem;
        overflow: auto;
        border: 1px solid var(--oye-border);
        border-radius: var(--oye-radius);
        background: var(--oye-sunken);
        font-family: var(--oye-font-mono);
        font-size: var(--oye-size-2);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        unicode-bidi: isolate;
      }
      .code {
        unicode-bidi: isolate;
        font-size: 0;
      }
      .code::before {
        content: attr(data-code);
        margin-inline: 1px;
        padding-inline: 2px;
        border: 1px solid var(--oye-waiting);
        border-radius: 2px;
        color: var(--oye-waiting);
        font-size: calc(0.75 * var(--oye-size-2));
      }
    `,
  ];

  @property() text = "";
  @state() private _whole = "";

  protected override render(): unknown {
    const isCut = this.text.length > AT_ONCE && this._whole !== this.text;
    return html`<pre
        class="raw"
        dir="ltr"
        tabindex="0"
        role="group"
        aria-label=${localize("inspector.tab.raw")}
      >
${marked(isCut ? this.text.slice(0, AT_ONCE) : this.text)}</pre>
      ${
        isCut
          ? html`<p>
              ${localize("json.cut", { size: unitsOf(language()).bytes(AT_ONCE) })}
              <button class="link" type="button" @click=${this.#showAll}>
                ${localize("json.load_all")}
              </button>
            </p>`
          : nothing
      }`;
  }

  #showAll = (): void => {
    this._whole = this.text;
  };
}

function marked(text: string): unknown {
  return markedPieces(text).map((piece) =>
    piece.code === ""
      ? piece.text
      : html`<span class="code" data-code=${piece.code}>${piece.text}</span>`,
  );
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-raw-text": OyeRawText;
  }
}
