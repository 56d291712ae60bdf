import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ExchangeDetail } from "../api/types.gen.ts";
import { unitsOf } from "../domain/units.ts";
import { inspectorStyles } from "../styles/inspector.ts";
import { base, facts, plainButton } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-id.ts";

/** When an exchange was received, sent and answered. */
@customElement("oye-exchange-timing")
export class OyeExchangeTiming extends OyeElement {
  static override styles = [base, plainButton, facts, inspectorStyles];

  @property({ attribute: false }) detail!: ExchangeDetail;

  protected override render(): unknown {
    const { timing, exchange } = this.detail;
    const units = unitsOf(language());
    const from = Date.parse(timing.receivedAt);
    const row = (name: "received" | "sent" | "answered", at: string | null): unknown =>
      html`<dt>${localize(`inspector.timing.${name}`)}</dt>
        <dd title=${units.utc(at)}>
          ${at === null ? localize("frames.unanswered") : units.exactTime(at)}
          ${
            at === null || name === "received"
              ? nothing
              : html`<span class="quiet">+${units.latency(Date.parse(at) - from)}</span>`
          }
        </dd>`;
    return html`<dl class="facts">
      ${row("received", timing.receivedAt)}
      <dt>${localize("inspector.timing.waited")}</dt>
      <dd>
        ${units.latency(timing.waitedMs)}
        ${timing.waitedMs > 0 ? html`<span class="quiet">${localize("inspector.timing.why")}</span>` : nothing}
      </dd>
      ${row("sent", timing.sentAt)}
      ${exchange.state === "sent" ? nothing : row("answered", timing.answeredAt)}
      <dt>${localize("inspector.timing.latency")}</dt>
      <dd><strong>${units.latency(timing.latencyMs)}</strong></dd>
      <dt>${localize("inspector.message_id")}</dt>
      <dd class="mono"><oye-id .value=${exchange.messageId ?? ""}></oye-id></dd>
    </dl>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-exchange-timing": OyeExchangeTiming;
  }
}
