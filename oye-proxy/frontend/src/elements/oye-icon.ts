import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { IconName } from "./icon-names.ts";
import { OyeElement } from "./oye-element.ts";
import sprite from "./icons.gen.svg?no-inline";

/** The address of the sprite of all icons. */
export const SPRITE = sprite;

/** One icon of the sprite; decoration unless it has a `label`. */
@customElement("oye-icon")
export class OyeIcon extends OyeElement {
  static override styles = css`
    :host {
      display: inline-flex;
      flex: none;
      inline-size: 1.25em;
      block-size: 1.25em;
      vertical-align: -0.25em;
    }
    svg {
      inline-size: 100%;
      block-size: 100%;
      fill: currentColor;
    }
  `;

  @property() name: IconName = "circle";
  @property() label = "";

  protected override render(): unknown {
    return this.label === ""
      ? html`<svg aria-hidden="true"><use href="${SPRITE}#${this.name}"></use></svg>`
      : html`<svg role="img" aria-label=${this.label}>
          <use href="${SPRITE}#${this.name}"></use>
        </svg>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-icon": OyeIcon;
  }
}
