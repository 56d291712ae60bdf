import { consume } from "@lit/context";
import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type {
  ChargerState,
  ConnectorFacts,
  StartRequest,
  TransactionFacts,
} from "../api/types.gen.ts";
import { actionsOf, limitsOf } from "../domain/charging-actions.ts";
import { toneOfStatus } from "../domain/states.ts";
import { unitsOf } from "../domain/units.ts";
import { CommandDesk, type Question } from "../state/command-desk.ts";
import { clientContext } from "../state/contexts.ts";
import { said } from "../styles/form.ts";
import { base, facts, panel } from "../styles/shared.ts";
import { language, localize, localizeCode } from "../texts/localize.ts";
import type { IconName } from "./icon-names.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import "./oye-id.ts";
import "./oye-start-dialog.ts";
import "./oye-state.ts";

type Action = "pause" | "resume" | "start" | "stop" | "unlock";

const ICONS: Readonly<Record<Action, IconName>> = {
  start: "play",
  stop: "stop",
  pause: "pause",
  resume: "play",
  unlock: "unlock",
};

/** One connector: what it does now, and what it can be told to do. */
@customElement("oye-connector")
export class OyeConnector extends OyeElement {
  static override styles = [
    base,
    panel,
    facts,
    said,
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
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: var(--oye-space-2);
      }
      .said {
        margin: 0;
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @property({ attribute: false }) charger!: ChargerState;
  @property({ attribute: false }) connector!: ConnectorFacts;
  /** Whether commands are granted at all. */
  @property({ type: Boolean }) granted = false;
  /** Whether they are off now. */
  @property({ type: Boolean }) off = false;
  @state() private _asks = false;
  readonly #desk = new CommandDesk(this, () => this.client);

  protected override render(): unknown {
    const { connector } = this;
    const units = unitsOf(language());
    return html`<section class="panel" aria-labelledby="title">
        <header>
          <h2 id="title">${localize("chargers.connector", { number: connector.evseId })}</h2>
          <oye-state tone=${toneOfStatus(connector.status)}
            >${localize(`status.${connector.status ?? "unknown"}`)}</oye-state
          >
        </header>
        <div class="body">
          <p class="power">
            <span class="hidden">${localize("chargers.power")} </span
            >${units.power(connector.powerW)}
          </p>
          <dl class="facts">${this.#limit()} ${this.#error()} ${this.#transaction()}</dl>
          ${this.granted ? this.#buttons() : nothing}
        </div>
      </section>
      ${this.#desk.dialog()}
      <oye-start-dialog
        .open=${this._asks}
        .chargePointId=${this.charger.chargePointId}
        .connectorId=${connector.evseId}
        @oye-close=${this.#closeStart}
        @oye-start=${this.#start}
      ></oye-start-dialog>`;
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
            : html`, <oye-id room="32" .value=${idTagName ?? idTag}></oye-id>`
        }
      </dd>
      <dt>${localize("chargers.transaction")}</dt>
      <dd><oye-id room="20" .value=${transaction.transactionId}></oye-id></dd>`;
  }

  #buttons(): unknown {
    const actions = actionsOf(this.connector, limitsOf(this.charger, this.connector.evseId));
    const shown = (["start", "stop", "resume", "pause", "unlock"] as const).filter(
      (action) => actions[action],
    );
    return html`<div class="buttons">${shown.map((action) => this.#button(action))}</div>
      <div role="group" aria-label=${localize("command.result")}>
        ${this.#desk.words("action")}
      </div>`;
  }

  #button(action: Action): unknown {
    const act = (): void => {
      this.#act(action);
    };
    const isMain = action === "start" || action === "resume";
    return html`<wa-button
      size="s"
      variant=${isMain ? "brand" : "neutral"}
      appearance=${isMain ? "accent" : "outlined"}
      ?disabled=${this.off || this.#desk.busy("action")}
      @click=${act}
      ><oye-icon slot="start" name=${ICONS[action]}></oye-icon>${localize(
        `connector.${action}`,
      )}</wa-button
    >`;
  }

  #act(action: Action): void {
    if (action === "start") {
      this._asks = true;
      return;
    }
    const question = this.#question(action);
    void this.#desk.command(
      action,
      this.charger.chargePointId,
      { connectorId: this.connector.evseId },
      { slot: "action", ...(question === null ? {} : { question }) },
    );
  }

  #question(action: Action): Question | null {
    if (action !== "stop" && action !== "unlock") return null;
    return {
      heading: localize(`connector.${action}`),
      effect: localize(`question.${action}`, { number: this.connector.evseId }),
      action: localize(`connector.${action}`),
    };
  }

  #start = (event: CustomEvent<StartRequest>): void => {
    this._asks = false;
    void this.#desk.command("start", this.charger.chargePointId, event.detail, { slot: "action" });
  };

  #closeStart = (): void => {
    this._asks = false;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-connector": OyeConnector;
  }
}
