import { consume } from "@lit/context";
import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { ChargerState, ConnectorFacts, StartRequest } from "../api/types.gen.ts";
import { actionsOf, limitsOf } from "../domain/charging-actions.ts";
import { CommandDesk, type Question } from "../state/command-desk.ts";
import { clientContext } from "../state/contexts.ts";
import { said } from "../styles/form.ts";
import { base } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import type { IconName } from "./icon-names.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import "./oye-start-dialog.ts";

type Action = "pause" | "resume" | "start" | "stop" | "unlock";

const ICONS: Readonly<Record<Action, IconName>> = {
  start: "play",
  stop: "stop",
  pause: "pause",
  resume: "play",
  unlock: "unlock",
};

/** What a connector can be told to do now, and what became of it in words. */
@customElement("oye-connector-actions")
export class OyeConnectorActions extends OyeElement {
  static override styles = [
    base,
    said,
    css`
      .buttons {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--oye-space-2);
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @property({ attribute: false }) charger!: ChargerState;
  @property({ attribute: false }) connector!: ConnectorFacts;
  /** Whether commands are off now. */
  @property({ type: Boolean }) off = false;
  /** Shows what is needed every day alone. */
  @property({ type: Boolean }) brief = false;
  /** Beside other connectors: shows its number. */
  @property({ type: Boolean }) numbered = false;
  @state() private _asks = false;
  readonly #desk = new CommandDesk(this, () => this.client);

  protected override render(): unknown {
    const { connector } = this;
    const number = connector.evseId;
    const actions = actionsOf(connector, limitsOf(this.charger, number));
    const shown = (["start", "stop", "resume", "pause", "unlock"] as const).filter(
      (action) => actions[action] && !(this.brief && action === "unlock"),
    );
    return html`<div
        class="buttons"
        role="group"
        aria-label=${localize("chargers.connector", { number })}
      >
        ${this.numbered ? html`<span class="quiet" aria-hidden="true">${number}</span>` : nothing}
        ${shown.map((action) => this.#button(action))}
      </div>
      ${this.#desk.words("action")} ${this.#desk.dialog()}
      <oye-start-dialog
        .open=${this._asks}
        .chargePointId=${this.charger.chargePointId}
        .connectorId=${number}
        @oye-close=${this.#closeStart}
        @oye-start=${this.#start}
      ></oye-start-dialog>`;
  }

  #button(action: Action): unknown {
    const act = (): void => {
      this.#act(action);
    };
    const doing = this.#desk.doing("action");
    const isMain = action === "start" || action === "resume";
    return html`<wa-button
      size="s"
      variant=${isMain ? "brand" : "neutral"}
      appearance=${isMain ? "accent" : "outlined"}
      ?loading=${doing === action}
      ?disabled=${this.off || (doing !== null && doing !== action)}
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
    "oye-connector-actions": OyeConnectorActions;
  }
}
