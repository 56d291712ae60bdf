import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ExchangeDetail } from "../api/types.gen.ts";
import { partsOf } from "../domain/frame-text.ts";
import { differences } from "../domain/json-diff.ts";
import { unitsOf } from "../domain/units.ts";
import { inspectorStyles } from "../styles/inspector.ts";
import { base, facts, plainButton } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-id.ts";

/** What a request changed against the one before it. */
@customElement("oye-exchange-diff")
export class OyeExchangeDiff extends OyeElement {
  static override styles = [base, plainButton, facts, inspectorStyles];

  @property({ attribute: false }) detail!: ExchangeDetail;
  /** Turns a text into what may be shown of it. */
  @property({ attribute: false }) shown: (text: string) => string = (text) => text;

  protected override render(): unknown {
    const { detail } = this;
    if (detail.previous === null)
      return html`<p class="quiet">${localize("inspector.no_previous")}</p>`;
    const units = unitsOf(language());
    const before = this.shown(partsOf(detail.previous.text)?.payload ?? detail.previous.text);
    const now = this.shown(partsOf(detail.request.text)?.payload ?? detail.request.text);
    const found = differences(before, now);
    return html`<p class="quiet">
        ${localize("inspector.compared", { time: units.moment(detail.previous.time) })}
      </p>
      ${found === null ? html`<p>${localize("inspector.not_comparable")}</p>` : nothing}
      ${found?.length === 0 ? html`<p>${localize("inspector.same")}</p>` : nothing}
      ${found === null || found.length === 0 ? nothing : this.#differences(found.slice(0, 300))}`;
  }

  #differences(found: NonNullable<ReturnType<typeof differences>>): unknown {
    return html`<ul class="diff">
      ${found.map(
        ({ path, before, now }) =>
          html`<li>
            <span class="mono quiet"><oye-id room="90" .value=${path || "$"}></oye-id></span>
            ${before === null ? nothing : html`<del><oye-id .value=${before}></oye-id></del>`}
            ${now === null ? nothing : html`<ins><oye-id .value=${now}></oye-id></ins>`}
          </li>`,
      )}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-exchange-diff": OyeExchangeDiff;
  }
}
