import { css, html, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../styles/shared.ts";
import { OyeElement } from "./oye-element.ts";

/** One bar and what it stands for. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly text: string;
}

const HEIGHT = 100;
const WIDTH = 10;
const GAP = 2;

/** A small chart of bars from the left to the right; `summary` says it in words. */
@customElement("oye-bars")
export class OyeBars extends OyeElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      svg {
        display: block;
        inline-size: 100%;
        block-size: 5rem;
        border-block-end: 1px solid var(--oye-border-strong);
      }
      rect {
        fill: var(--oye-series-1);
      }
      .ends {
        display: flex;
        justify-content: space-between;
        gap: var(--oye-space-3);
        font-size: var(--oye-size-1);
        color: var(--oye-text-quiet);
      }
    `,
  ];

  @property({ attribute: false }) bars: readonly Bar[] = [];
  @property() summary = "";

  protected override render(): unknown {
    const highest = Math.max(...this.bars.map(({ value }) => value), 0);
    // A few bars are not drawn as wide as the page.
    const places = Math.max(this.bars.length, 31);
    const first = this.bars[0]?.name ?? "";
    const last = this.bars.at(-1)?.name ?? "";
    return html`<svg
        role="img"
        aria-label=${this.summary}
        viewBox="0 0 ${places * WIDTH} ${HEIGHT}"
        preserveAspectRatio="none"
      >
        ${this.bars.map(({ name, value, text }, index) => {
          const height = highest === 0 ? 0 : (value / highest) * HEIGHT;
          return svg`<rect x=${index * WIDTH} y=${HEIGHT - height} width=${WIDTH - GAP} height=${height}><title>${name}: ${text}</title></rect>`;
        })}
      </svg>
      <div class="ends" aria-hidden="true">
        <span>${first}</span>${last === first ? "" : html`<span>${last}</span>`}
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-bars": OyeBars;
  }
}
