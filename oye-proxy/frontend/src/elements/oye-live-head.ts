import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Row } from "../domain/exchanges.ts";
import type { LiveAddress } from "../domain/live-address.ts";
import { base, plainButton } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-filter-bar.ts";
import type { OyeFilterBar } from "./oye-filter-bar.ts";
import "./oye-icon.ts";
import "./oye-search.ts";
import "./oye-stream-tools.ts";

/**
 * The head of the stream: its filter and its tools, whose events pass through.
 *
 * Emits `oye-highlight` (the text) too.
 */
@customElement("oye-live-head")
export class OyeLiveHead extends OyeElement {
  static override styles = [
    base,
    plainButton,
    css`
      :host {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        align-items: start;
        gap: var(--oye-space-2) var(--oye-space-4);
        padding: var(--oye-space-3) var(--oye-space-4) var(--oye-space-2);
        border-block-end: 1px solid var(--oye-border);
      }
      :host([tight]),
      :host([narrow]) {
        grid-template-columns: minmax(0, 1fr);
      }
      :host([narrow]) {
        gap: var(--oye-space-1);
        padding: var(--oye-space-2) var(--oye-space-3) 0;
      }
      h1 {
        line-height: var(--oye-target);
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--oye-space-1);
      }
      :host([narrow]) .tools {
        flex: 1;
        justify-content: space-between;
      }
      .highlight {
        inline-size: 9rem;
      }
      :host([narrow]) .highlight {
        flex: 1 1 100%;
      }
    `,
  ];

  @property({ attribute: false }) address!: LiveAddress;
  @property({ attribute: false }) chargers: readonly string[] = [];
  @property({ attribute: false }) rows: readonly Row[] = [];
  /** What the server does not understand in the filter. */
  @property() refusal = "";
  @property({ attribute: false }) rate: number | null = null;
  @property({ type: Boolean }) paused = false;
  /** As on phones: the filters are hidden until they are asked for. */
  @property({ type: Boolean, reflect: true }) narrow = false;
  /** There is something beside the stream. */
  @property({ type: Boolean, reflect: true }) tight = false;
  @state() private _opened = false;
  @query("oye-filter-bar") private readonly _filterBar!: OyeFilterBar | null;

  override focus(): void {
    this._filterBar?.focus();
  }

  protected override render(): unknown {
    const { address, narrow } = this;
    const shows = !narrow || this._opened;
    return html`<h1 class=${narrow || this.tight ? "hidden" : ""}>${localize("view.live")}</h1>
      <oye-filter-bar
        .value=${address.written}
        .refusal=${this.refusal}
        .chargers=${this.chargers}
        ?heartbeats=${address.showsHeartbeats}
        ?open=${shows}
      >
        <div class="tools">
          ${shows ? this.#highlight() : nothing} ${narrow ? this.#opener() : nothing}
          <oye-stream-tools
            .rows=${this.rows}
            .filter=${address.filter}
            .rate=${this.rate}
            .paused=${this.paused}
            ?narrow=${narrow}
          ></oye-stream-tools>
        </div>
      </oye-filter-bar>`;
  }

  #highlight(): unknown {
    return html`<oye-search
      class="highlight"
      label=${localize("live.highlight")}
      placeholder=${localize("live.highlight")}
      .value=${this.address.highlight}
      @oye-change=${this.#setHighlight}
    ></oye-search>`;
  }

  #opener(): unknown {
    return html`<button
      class="plain"
      type="button"
      aria-expanded=${this._opened ? "true" : "false"}
      @click=${this.#toggle}
    >
      <oye-icon name="filter"></oye-icon>
      <span class="hidden">${localize("live.filters")}</span>
    </button>`;
  }

  #toggle = (): void => {
    this._opened = !this._opened;
  };

  #setHighlight = (event: CustomEvent<string>): void => {
    emit(this, "oye-highlight", event.detail);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-live-head": OyeLiveHead;
  }
}
