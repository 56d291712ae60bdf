import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";

/** Where content will be: `rows` of a table or `cards`; it appears after 200 ms. */
@customElement("oye-skeleton")
export class OyeSkeleton extends OyeElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        animation: appear 1ms 200ms both;
      }
      @keyframes appear {
        from {
          visibility: hidden;
        }
      }
      .rows {
        display: grid;
        gap: 1px;
      }
      .rows > div {
        block-size: var(--oye-row);
      }
      .cards {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr));
        gap: var(--oye-space-3);
      }
      .cards > div {
        block-size: 13rem;
        border-radius: var(--oye-radius);
      }
      .box > div {
        background: var(--oye-sunken);
      }
    `,
  ];

  @property() shape: "rows" | "cards" = "rows";
  @property({ type: Number }) count = 3;

  protected override render(): unknown {
    return html`<span class="hidden" role="status">${localize("general.loading")}</span>
      <div class="box ${this.shape}" aria-hidden="true">
        ${Array.from({ length: this.count }, () => html`<div></div>`)}
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-skeleton": OyeSkeleton;
  }
}
