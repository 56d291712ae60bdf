import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "../styles/shared.ts";
import { errorText } from "../texts/errors.ts";
import { localize } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-notice.ts";
import "./oye-skeleton.ts";

/** Why a stream shows nothing; emits `oye-older` to try again and `oye-filter` (empty). */
@customElement("oye-no-frames")
export class OyeNoFrames extends OyeElement {
  static override styles = [
    base,
    css`
      oye-notice {
        margin: var(--oye-space-4);
      }
    `,
  ];

  /** Why nothing could be loaded; null when it could. */
  @property({ attribute: false }) failure: unknown = null;
  @property({ type: Boolean }) refused = false;
  @property({ type: Boolean }) loading = false;
  @property({ type: Boolean }) filtered = false;

  protected override render(): unknown {
    if (this.failure !== null) {
      return html`<oye-notice kind="error" retry @oye-retry=${this.#retry}
        >${errorText(this.failure)}</oye-notice
      >`;
    }
    if (this.refused) return this.#nothingFits(localize("live.not_understood"));
    if (this.loading) return html`<oye-skeleton shape="rows" count="12"></oye-skeleton>`;
    if (this.filtered) return this.#nothingFits(localize("live.none_match"));
    return html`<oye-notice>${localize("live.no_frame")}</oye-notice>`;
  }

  #nothingFits(text: string): unknown {
    return html`<oye-notice
      >${text}
      <wa-button slot="action" size="s" @click=${this.#clear}
        >${localize("live.clear_filter")}</wa-button
      ></oye-notice
    >`;
  }

  #retry = (): void => {
    emit(this, "oye-older");
  };

  #clear = (): void => {
    emit(this, "oye-filter", "");
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-no-frames": OyeNoFrames;
  }
}
