import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ChargerState, ConnectorFacts } from "../api/types.gen.ts";
import { powerOf } from "../domain/power.ts";
import { LINK_TONES } from "../domain/states.ts";
import { unitsOf, type Units } from "../domain/units.ts";
import { hashOf } from "../router.ts";
import type { PowerPoint } from "../state/power-history.ts";
import { base, facts, panel } from "../styles/shared.ts";
import { language, localize, plural } from "../texts/localize.ts";
import { connectorState } from "./connector-state.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-charger-presence.ts";
import "./oye-id.ts";
import "./oye-sparkline.ts";
import "./oye-state.ts";

/**
 * One charger at a glance; its id leads to its page.
 *
 * What it can be told goes into `actions`, what one of its connectors can into `connector-<number>`.
 */
@customElement("oye-charger-card")
export class OyeChargerCard extends OyeElement {
  static override styles = [
    base,
    panel,
    facts,
    css`
      :host {
        display: block;
      }
      .panel.waits {
        border-color: var(--oye-waiting);
      }
      .name {
        flex: 1 1 8rem;
        min-inline-size: 0;
        font-size: var(--oye-size-4);
        font-weight: 600;
      }
      .name a {
        color: inherit;
        text-decoration-color: transparent;
      }
      .name a:hover {
        text-decoration-color: currentColor;
      }
      .name .quiet {
        display: block;
        font-size: var(--oye-size-2);
        font-weight: 400;
      }
      .now {
        display: flex;
        align-items: end;
        justify-content: space-between;
        gap: var(--oye-space-3);
        padding: var(--oye-space-3);
        padding-block-end: var(--oye-space-2);
      }
      .power {
        font-size: var(--oye-size-6);
        font-weight: 600;
        line-height: 1.1;
        letter-spacing: -0.01em;
        white-space: nowrap;
      }
      .power small {
        font-size: var(--oye-size-2);
        font-weight: 400;
        letter-spacing: 0;
        color: var(--oye-text-quiet);
      }
      .connectors {
        margin: 0 var(--oye-space-3);
        border-block-start: 1px solid var(--oye-border);
      }
      .connectors li {
        display: flex;
        flex-wrap: wrap;
        gap: var(--oye-space-1) var(--oye-space-3);
        align-items: center;
        padding-block: 0.3rem;
        border-block-end: 1px solid var(--oye-border);
      }
      .number {
        min-inline-size: 1rem;
        color: var(--oye-text-quiet);
      }
      .status {
        flex: 1;
        min-inline-size: 6rem;
      }
      .value {
        text-align: end;
        white-space: nowrap;
      }
      .facts {
        padding: var(--oye-space-2) var(--oye-space-3) var(--oye-space-3);
        font-size: var(--oye-size-2);
      }
      ::slotted([slot="actions"]) {
        padding: var(--oye-space-2) var(--oye-space-3);
        border-block-start: 1px solid var(--oye-border);
      }
    `,
  ];

  @property({ attribute: false }) charger!: ChargerState;
  @property({ attribute: false }) power: readonly PowerPoint[] = [];
  /** The moment that ages are counted from. */
  @property({ type: Number }) now = Date.now();

  protected override render(): unknown {
    const units = unitsOf(language());
    const { charger } = this;
    const kinds = charger.approved ? "panel" : "panel waits";
    return html`<article class=${kinds} aria-labelledby="name">
      <header>
        <h2 class="name" id="name">
          <a href=${hashOf(["chargers", charger.chargePointId])}
            ><oye-id still room="32" .value=${charger.chargePointId}></oye-id></a
          >${
            charger.name === null
              ? nothing
              : html` <span class="quiet"><oye-id still .value=${charger.name}></oye-id></span>`
          }
        </h2>
        <oye-charger-presence .charger=${charger} .now=${this.now}></oye-charger-presence>
      </header>
      ${this.#now(units)}
      ${
        charger.connectors.length === 0
          ? nothing
          : html`<ul class="connectors">
              ${charger.connectors.map((connector) => this.#connector(connector, units))}
            </ul>`
      }
      ${this.#facts(units)}
      <slot name="actions"></slot>
    </article>`;
  }

  #now(units: Units): unknown {
    const watts = powerOf(this.charger);
    const rated = this.charger.ratedPowerW;
    const power = units.power(watts);
    return html`<div class="now">
      <span class="power"
        ><span class="hidden">${localize("chargers.power")} </span>${power}
        ${
          rated === null
            ? nothing
            : html`<small>${localize("chargers.rated", { power: units.power(rated) })}</small>`
        }</span
      >
      <oye-sparkline .points=${this.power} label=${localize("chargers.power_now")}></oye-sparkline>
    </div>`;
  }

  #connector(connector: ConnectorFacts, units: Units): unknown {
    const number = connector.evseId;
    const { transaction } = connector;
    const hasError = connector.errorCode !== null && connector.errorCode !== "NoError";
    return html`<li>
      <span class="number" title=${localize("chargers.connector", { number })}>${number}</span>
      <span class="status"
        >${connectorState(this.charger, connector)}
        ${hasError ? html` <oye-id still room="24" .value=${connector.errorCode}></oye-id>` : nothing}</span
      >
      <span class="value quiet"
        >${transaction === null ? "" : units.energy(transaction.energyWh)}</span
      >
      <span class="value"
        >${connector.powerW === null || !this.charger.connected ? "" : units.power(connector.powerW)}</span
      >
      <slot name="connector-${number}"></slot>
    </li>`;
  }

  #facts(units: Units): unknown {
    const { charger } = this;
    const device = [charger.vendor, charger.model].filter((part) => part !== null).join(" ");
    const link = charger.connected ? charger.link : "none";
    return html`<dl class="facts">
      <dt>${localize("chargers.link")}</dt>
      <dd>
        <oye-state tone=${charger.connected ? LINK_TONES[charger.link] : "off"}
          >${localize(`link.${link}`)}</oye-state
        >${
          charger.journalPending > 0
            ? html`<br />${plural("chargers.pending", charger.journalPending)}`
            : nothing
        }
      </dd>
      <dt>${localize("chargers.version")}</dt>
      <dd>${charger.ocppVersion ?? localize("general.unknown")}</dd>
      <dt>${localize("chargers.device")}</dt>
      <dd>
        ${device === "" ? localize("general.unknown") : html`<oye-id still .value=${device}></oye-id>`}
      </dd>
      ${
        charger.firmwareVersion === null
          ? nothing
          : html`<dt>${localize("chargers.firmware")}</dt>
              <dd><oye-id still .value=${charger.firmwareVersion}></oye-id></dd>`
      }
      <dt>${localize("chargers.last_seen")}</dt>
      <dd title=${units.utc(charger.lastSeen)}>
        ${charger.lastSeen === null ? localize("chargers.never_seen") : units.dateTime(charger.lastSeen)}
      </dd>
    </dl>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-charger-card": OyeChargerCard;
  }
}
