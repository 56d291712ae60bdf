import { css, html, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { sparkline } from "../domain/sparkline.ts";
import type { PowerPoint } from "../state/power-history.ts";
import { OyeElement } from "./oye-element.ts";

const WIDTH = 120;
const HEIGHT = 28;
const GROUND = HEIGHT - 0.5;

/** A small line of the last minutes; `label` says in words what it shows. */
@customElement("oye-sparkline")
export class OyeSparkline extends OyeElement {
  static override styles = css`
    :host {
      display: block;
      inline-size: 120px;
      block-size: 28px;
      color: var(--oye-active);
    }
    svg {
      display: block;
      inline-size: 100%;
      block-size: 100%;
      overflow: visible;
    }
    path {
      fill: none;
      stroke: currentColor;
      stroke-width: 1.5;
      vector-effect: non-scaling-stroke;
    }
    line {
      stroke: var(--oye-border);
      vector-effect: non-scaling-stroke;
    }
  `;

  @property({ attribute: false }) points: readonly PowerPoint[] = [];
  @property() label = "";

  protected override render(): unknown {
    const line = sparkline(this.points, WIDTH, GROUND);
    return html`<svg
      role="img"
      aria-label=${this.label}
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      preserveAspectRatio="none"
    >
      <line x1="0" y1=${GROUND} x2=${WIDTH} y2=${GROUND}></line>
      ${line === "" ? "" : svg`<path d=${line}></path>`}
    </svg>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-sparkline": OyeSparkline;
  }
}
