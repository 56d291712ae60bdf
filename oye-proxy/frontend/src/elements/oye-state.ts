import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Tone } from "../domain/states.ts";
import { base } from "../styles/shared.ts";
import type { IconName } from "./icon-names.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";

const SHAPES: Readonly<Record<Tone, IconName>> = {
  ok: "circle",
  active: "bolt",
  waiting: "circle-half",
  paused: "pause",
  fault: "warning",
  off: "circle-outline",
  unknown: "minus",
};

/** A state in a word, a shape and a colour; the word is its content. */
@customElement("oye-state")
export class OyeState extends OyeElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        align-items: baseline;
        gap: 0.35em;
        font-weight: 500;
        color: var(--oye-text);
      }
      /* The word alone tells where the line stands. */
      oye-icon {
        align-self: center;
        inline-size: 0.95em;
        block-size: 0.95em;
        color: var(--tone);
      }
      .ok {
        --tone: var(--oye-ok);
      }
      .active {
        --tone: var(--oye-active);
      }
      .waiting,
      .paused {
        --tone: var(--oye-waiting);
      }
      .fault {
        --tone: var(--oye-fault);
      }
      .off,
      .unknown {
        --tone: var(--oye-off);
      }
    `,
  ];

  @property() tone: Tone = "unknown";

  protected override render(): unknown {
    return html`<oye-icon class=${this.tone} name=${SHAPES[this.tone]}></oye-icon><slot></slot>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-state": OyeState;
  }
}
