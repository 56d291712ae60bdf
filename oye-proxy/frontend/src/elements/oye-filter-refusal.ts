import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { refusalOf } from "../domain/filter-refusal.ts";
import { plainText } from "../domain/text.ts";
import { base } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";

/** What the server does not understand in a filter, with the place in it. */
@customElement("oye-filter-refusal")
export class OyeFilterRefusal extends OyeElement {
  static override styles = [
    base,
    css`
      div {
        display: grid;
        gap: var(--oye-space-1);
        padding: var(--oye-space-2);
        border: 1px solid var(--oye-fault);
        border-radius: var(--oye-radius);
        background: var(--oye-fault-soft);
      }
      code {
        font-family: var(--oye-font-mono);
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      mark {
        color: var(--oye-fault);
        background: none;
        text-decoration: underline wavy;
      }
    `,
  ];

  /** The filter. */
  @property() value = "";
  /** What the server said of it. */
  @property() sentence = "";

  protected override render(): unknown {
    if (this.sentence === "") return nothing;
    const refusal = refusalOf(this.sentence, this.value);
    if (refusal === null) return html`<div role="alert">${plainText(this.sentence)}</div>`;
    const { position, reason, before, word, after } = refusal;
    return html`<div role="alert">
      <span>${localize("live.refused", { position, reason: plainText(reason) })}</span>
      <code
        ><bdi
          >${plainText(before)}<mark>${plainText(word) || "␣"}</mark>${plainText(after)}</bdi
        ></code
      >
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-filter-refusal": OyeFilterRefusal;
  }
}
