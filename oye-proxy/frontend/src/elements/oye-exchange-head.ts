import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { pathId, serverUrl } from "../api/paths.ts";
import type { ExchangeDetail } from "../api/types.gen.ts";
import { curlGet, curlInject } from "../domain/curl.ts";
import { framesOf } from "../domain/exchange-frames.ts";
import { isFault } from "../domain/exchanges.ts";
import { hasTags, partsOf } from "../domain/frame-text.ts";
import { unitsOf } from "../domain/units.ts";
import { hashOf } from "../router.ts";
import { inspectorStyles } from "../styles/inspector.ts";
import { base, plainButton } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import { closeButton } from "./close-button.ts";
import "./oye-copy.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import "./oye-id.ts";

/**
 * What an exchange is, and what can be done with it.
 *
 * Emits `oye-inspector-close`, `oye-tags` (whether they are shown) and `oye-save` (`exchange` or `recording`).
 */
@customElement("oye-exchange-head")
export class OyeExchangeHead extends OyeElement {
  static override styles = [base, plainButton, inspectorStyles];

  @property({ attribute: false }) detail!: ExchangeDetail;
  /** It has a head with a name and a button to close it. */
  @property({ type: Boolean }) closable = false;
  /** Whether id tags are shown whole. */
  @property({ type: Boolean }) tags = false;
  /** Turns a text into what may be shown of it. */
  @property({ attribute: false }) shown: (text: string) => string = (text) => text;
  /** Where its CALL is composed anew; null when it is none to a charger. */
  @property({ attribute: false }) composeHash: string | null = null;

  protected override render(): unknown {
    return html`<header>
      ${this.closable ? this.#title() : nothing} ${this.#summary()}
      <div class="actions">${this.#actions()}</div>
    </header>`;
  }

  #title(): unknown {
    const action = this.detail.exchange.action ?? localize("inspector.no_action");
    return html`<div class="title">
      <h2><oye-id room="60" .value=${action}></oye-id></h2>
      ${closeButton(this.#close)}
    </div>`;
  }

  #summary(): unknown {
    const { exchange } = this.detail;
    const units = unitsOf(language());
    const mark = (text: string): unknown => html`<span class="mark">${text}</span>`;
    return html`<p class="summary">
      <a href=${hashOf(["chargers", exchange.chargePointId])}
        ><oye-id still room="40" .value=${exchange.chargePointId}></oye-id
      ></a>
      <span>${localize(`peer.${exchange.sender}`)} → ${localize(`peer.${exchange.receiver}`)}</span>
      <span title=${units.utc(exchange.time)}>${units.moment(exchange.time)}</span>
      <span class=${isFault(exchange) ? "fault" : "quiet"}
        >${localize(`inspector.state.${exchange.state}`)}</span
      >
      ${exchange.injection === null ? nothing : mark(localize("frames.injected"))}
      ${exchange.late ? mark(localize("frames.late")) : nothing}
    </p>`;
  }

  #actions(): unknown {
    return html`${this.composeHash === null ? nothing : this.#compose(this.composeHash)}
      ${this.#action("download", localize("inspector.export"), this.#saveExchange)}
      ${this.#action("download", localize("inspector.recording"), this.#saveRecording)}
      <span class="copy"
        >curl <oye-copy label=${localize("inspector.copy_curl")} .value=${this.#curl()}></oye-copy
      ></span>
      ${framesOf(this.detail).some(({ text }) => hasTags(text)) ? this.#tagSwitch() : nothing}`;
  }

  #compose(hash: string): unknown {
    return html`<a class="button" href=${hash}
      ><oye-icon name="compose"></oye-icon>${localize("inspector.compose")}</a
    >`;
  }

  #tagSwitch(): unknown {
    return this.tags
      ? this.#action("eye-off", localize("inspector.hide_tags"), this.#toggleTags)
      : this.#action("eye", localize("inspector.show_tags"), this.#toggleTags);
  }

  #action(icon: "download" | "eye" | "eye-off", text: string, act: () => void): unknown {
    return html`<button class="button" type="button" @click=${act}>
      <oye-icon name=${icon}></oye-icon>${text}
    </button>`;
  }

  #curl(): string {
    const { exchange, request } = this.detail;
    const parts = partsOf(request.text);
    const action = parts?.word ?? null;
    if (exchange.receiver !== "charger" || parts === null || action === null) {
      return curlGet(serverUrl(`api/exchanges/${request.id}`).href);
    }
    const url = serverUrl(`api/inject/${pathId(exchange.chargePointId)}`).href;
    return curlInject(url, action, this.shown(parts.payload));
  }

  #close = (): void => {
    emit(this, "oye-inspector-close");
  };

  #toggleTags = (): void => {
    emit(this, "oye-tags", !this.tags);
  };

  #saveExchange = (): void => {
    emit(this, "oye-save", "exchange");
  };

  #saveRecording = (): void => {
    emit(this, "oye-save", "recording");
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-exchange-head": OyeExchangeHead;
  }
}
