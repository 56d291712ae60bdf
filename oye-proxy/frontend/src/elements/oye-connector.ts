import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ChargerState, ConnectorFacts, TransactionFacts } from "../api/types.gen.ts";
import { limitsOf } from "../domain/charging-actions.ts";
import { maskedTag } from "../domain/text.ts";
import { unitsOf } from "../domain/units.ts";
import { base, facts, panel } from "../styles/shared.ts";
import { language, localize, localizeCode } from "../texts/localize.ts";
import { connectorState } from "./connector-state.ts";
import "./oye-connector-actions.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-id.ts";

/** One connector: what it does now, and what it can be told to do. */
@customElement("oye-connector")
export class OyeConnector extends OyeElement {
  static override styles = [
    base,
    panel,
    facts,
    css`
      .panel {
        display: flex;
        flex-direction: column;
        block-size: 100%;
      }
      .panel > header {
        justify-content: space-between;
      }
      .power {
        font-size: var(--oye-size-6);
        font-weight: 600;
        line-height: 1.1;
      }
      .body {
        display: grid;
        gap: var(--oye-space-3);
        flex: 1;
        align-content: start;
      }
    `,
  ];

  @property({ attribute: false }) charger!: ChargerState;
  @property({ attribute: false }) connector!: ConnectorFacts;
  /** Whether commands are granted at all. */
  @property({ type: Boolean }) granted = false;
  /** Whether they are off now. */
  @property({ type: Boolean }) off = false;

  protected override render(): unknown {
    const { connector } = this;
    const { connected } = this.charger;
    const units = unitsOf(language());
    return html`<section class="panel" aria-labelledby="title">
      <header>
        <h2 id="title">${localize("chargers.connector", { number: connector.evseId })}</h2>
        ${connectorState(this.charger, connector)}
      </header>
      <div class="body">
        <p class="power">
          <span class="hidden">${localize("chargers.power")} </span
          >${units.power(connected ? connector.powerW : null)}
        </p>
        <dl class="facts ${connected ? "" : "quiet"}">
          ${this.#limit()} ${this.#error()} ${this.#transaction()}
        </dl>
        ${
          this.granted
            ? html`<oye-connector-actions
                .charger=${this.charger}
                .connector=${connector}
                ?off=${this.off}
              ></oye-connector-actions>`
            : nothing
        }
      </div>
    </section>`;
  }

  #limit(): unknown {
    const limits = limitsOf(this.charger, this.connector.evseId);
    const units = unitsOf(language());
    const limit = limits?.effectiveLimitA ?? null;
    if (limits === null || (limit === null && !limits.paused)) return nothing;
    return html`<dt>${localize("connector.limit")}</dt>
      <dd>
        ${limits.paused ? localize("connector.paused") : units.current(limit)}
        <span class="quiet">${localize(`party.${limits.limitSource}`)}</span>
      </dd>`;
  }

  #error(): unknown {
    const { errorCode, info, vendorErrorCode } = this.connector;
    if (errorCode === null || errorCode === "NoError") return nothing;
    const parts = [errorCode, vendorErrorCode, info].filter((part) => part !== null && part !== "");
    return html`<dt>${localize("connector.error")}</dt>
      <dd><oye-id room="80" .value=${parts.join(" ")}></oye-id></dd>`;
  }

  #transaction(): unknown {
    const { transaction, lastTransaction } = this.connector;
    if (transaction !== null) return this.#running(transaction);
    const units = unitsOf(language());
    if (lastTransaction === null) {
      return html`<dt>${localize("chargers.transaction")}</dt>
        <dd>${localize("chargers.no_transaction")}</dd>`;
    }
    return html`<dt>${localize("connector.last")}</dt>
      <dd title=${units.utc(lastTransaction.stoppedAt)}>
        ${units.energy(lastTransaction.energyWh)}, ${units.dateTime(lastTransaction.stoppedAt)}
      </dd>`;
  }

  #running(transaction: TransactionFacts): unknown {
    const units = unitsOf(language());
    const { startedAt, idTag, idTagName, startedBy } = transaction;
    const seconds = startedAt === null ? null : (Date.now() - Date.parse(startedAt)) / 1000;
    const by = startedBy === null ? null : localizeCode("started_by", startedBy);
    return html`<dt>${localize("chargers.energy")}</dt>
      <dd><strong>${units.energy(transaction.energyWh)}</strong></dd>
      <dt>${localize("connector.since")}</dt>
      <dd title=${units.utc(startedAt)}>
        ${units.dateTime(startedAt)}
        ${seconds === null ? nothing : html`<span class="quiet">(${units.duration(seconds)})</span>`}
      </dd>
      <dt>${localize("connector.started_by")}</dt>
      <dd>
        ${by ?? localize("general.unknown")}${
          idTag === null
            ? nothing
            : html`, <oye-id room="32" .value=${idTagName ?? maskedTag(idTag)}></oye-id>`
        }
      </dd>
      <dt>${localize("chargers.transaction")}</dt>
      <dd><oye-id room="20" .value=${transaction.transactionId}></oye-id></dd>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-connector": OyeConnector;
  }
}
