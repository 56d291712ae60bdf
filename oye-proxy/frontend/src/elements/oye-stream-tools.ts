import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Row } from "../domain/exchanges.ts";
import { base, plainButton } from "../styles/shared.ts";
import { localize, plural } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-export.ts";
import "./oye-icon.ts";

/** What can be done with the stream as a whole; emits `oye-pause` and `oye-help`. */
@customElement("oye-stream-tools")
export class OyeStreamTools extends OyeElement {
  static override styles = [
    base,
    plainButton,
    css`
      :host {
        display: contents;
      }
      .rate {
        font-size: var(--oye-size-2);
        white-space: nowrap;
      }
      .framed {
        border: 1px solid var(--oye-border-strong);
      }
      .framed[aria-pressed="true"] {
        border-color: var(--oye-waiting);
        background: var(--oye-waiting-soft);
        color: var(--oye-waiting);
        font-weight: 600;
      }
      :host([narrow]) .desk {
        display: none;
      }
    `,
  ];

  @property({ attribute: false }) rows: readonly Row[] = [];
  @property() filter = "";
  /** Exchanges within the last minute; null when that is not known. */
  @property({ attribute: false }) rate: number | null = null;
  @property({ type: Boolean }) paused = false;
  /** Without a keyboard, as on phones. */
  @property({ type: Boolean, reflect: true }) narrow = false;

  protected override render(): unknown {
    const action = localize(this.paused ? "live.resume" : "live.pause");
    return html`${this.rate === null ? nothing : this.#rate(this.rate)}
      <button
        class="plain framed"
        type="button"
        aria-pressed=${this.paused ? "true" : "false"}
        @click=${this.#pause}
      >
        <oye-icon name=${this.paused ? "play" : "pause"}></oye-icon><span>${action}</span>
      </button>
      <oye-export .rows=${this.rows} .filter=${this.filter}></oye-export>
      <button class="plain desk" type="button" title=${localize("keys.title")} @click=${this.#help}>
        <oye-icon name="help"></oye-icon><span class="hidden">${localize("keys.title")}</span>
      </button>`;
  }

  #rate(rate: number): unknown {
    return html`<span class="rate quiet">${plural("live.rate", rate)}</span>`;
  }

  #pause = (): void => {
    emit(this, "oye-pause");
  };

  #help = (): void => {
    emit(this, "oye-help");
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-stream-tools": OyeStreamTools;
  }
}
