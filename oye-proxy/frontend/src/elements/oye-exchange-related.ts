import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ExchangeDetail } from "../api/types.gen.ts";
import { gistIn, isFault } from "../domain/exchanges.ts";
import { NOTHING, unitsOf } from "../domain/units.ts";
import { inspectorStyles } from "../styles/inspector.ts";
import { base, facts, plainButton } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-id.ts";

/** The exchanges of the same transaction or connector; the chosen one's key comes as `oye-inspect`. */
@customElement("oye-exchange-related")
export class OyeExchangeRelated extends OyeElement {
  static override styles = [base, plainButton, facts, inspectorStyles];

  @property({ attribute: false }) detail!: ExchangeDetail;

  protected override render(): unknown {
    const { detail } = this;
    if (detail.related.length === 0)
      return html`<p class="quiet">${localize("inspector.no_related")}</p>`;
    const units = unitsOf(language());
    return html`<ul class="related">
      ${detail.related.map((one) => {
        const inspect = (): void => {
          emit(this, "oye-inspect", one.key);
        };
        return html`<li>
          <button type="button" @click=${inspect}>
            <span class="quiet" title=${units.utc(one.time)}>${units.time(one.time)}</span>
            <strong><oye-id still .value=${one.action ?? "?"}></oye-id></strong>
            <span class=${isFault(one) ? "fault" : ""}
              ><oye-id still room="80" .value=${gistIn(units, one) || NOTHING}></oye-id
            ></span>
          </button>
        </li>`;
      })}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-exchange-related": OyeExchangeRelated;
  }
}
