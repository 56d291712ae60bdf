import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ChargerState } from "../api/types.gen.ts";
import { LINK_TONES } from "../domain/states.ts";
import { unitsOf } from "../domain/units.ts";
import { base, facts, panel } from "../styles/shared.ts";
import { language, localize, localizeCode } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-charger-journal.ts";
import "./oye-copy.ts";
import "./oye-id.ts";
import "./oye-state.ts";

type Fact = readonly [label: string, value: unknown];

/** What a charger told of itself, and how it is connected. */
@customElement("oye-charger-facts")
export class OyeChargerFacts extends OyeElement {
  static override styles = [
    base,
    panel,
    facts,
    css`
      :host {
        display: grid;
        gap: var(--oye-space-3);
        align-content: start;
      }
    `,
  ];

  @property({ attribute: false }) charger!: ChargerState;

  protected override render(): unknown {
    return html`${this.#panel("connection", localize("facts.connection"), this.#connection())}
    ${this.#panel("device", localize("facts.device"), this.#device())}`;
  }

  #panel(id: string, title: string, rows: readonly Fact[]): unknown {
    return html`<section class="panel" aria-labelledby=${id}>
      <header><h2 id=${id}>${title}</h2></header>
      <div class="body">
        <dl class="facts">
          ${rows.map(
            ([label, value]) =>
              html`<dt>${label}</dt>
                <dd>${value}</dd>`,
          )}
        </dl>
      </div>
    </section>`;
  }

  #connection(): readonly Fact[] {
    const { charger } = this;
    const link = charger.connected ? charger.link : "none";
    const port = charger.remotePort === null ? "" : `:${String(charger.remotePort)}`;
    const url = charger.csmsUrl;
    return [
      [
        localize("facts.connected_since"),
        charger.connected ? moment(charger.connectedAt) : localize("state.offline"),
      ],
      [
        localize("chargers.last_seen"),
        charger.lastSeen === null ? localize("chargers.never_seen") : moment(charger.lastSeen),
      ],
      [
        localize("facts.remote_address"),
        charger.remoteAddress === null
          ? unknown()
          : html`<span class="mono">${charger.remoteAddress}${port}</span>`,
      ],
      [
        localize("chargers.link"),
        html`<oye-state tone=${charger.connected ? LINK_TONES[charger.link] : "off"}
          >${localize(`link.${link}`)}</oye-state
        >`,
      ],
      ...(url === null
        ? []
        : [[localize("facts.csms_url"), html`<oye-id room="64" .value=${url}></oye-id>`] as const]),
      [
        localize("facts.journal"),
        charger.journalPending === 0
          ? localize("facts.journal_empty")
          : html`<oye-charger-journal
              .chargePointId=${charger.chargePointId}
              .pending=${charger.journalPending}
            ></oye-charger-journal>`,
      ],
      [localize("facts.subprotocol"), text(charger.subprotocol)],
      [
        localize("facts.heartbeat"),
        charger.heartbeatInterval === null
          ? unknown()
          : unitsOf(language()).duration(charger.heartbeatInterval),
      ],
    ];
  }

  #device(): readonly Fact[] {
    const { charger } = this;
    const units = unitsOf(language());
    const optional: readonly Fact[] = [
      [localize("facts.iccid"), charger.iccid],
      [localize("facts.imsi"), charger.imsi],
      [localize("facts.meter_type"), charger.meterType],
      [localize("facts.meter_serial"), charger.meterSerialNumber],
      [localize("facts.boot_reason"), charger.bootReason],
      [localize("facts.firmware_status"), charger.firmwareStatus],
      [localize("facts.log_status"), charger.logStatus],
    ].flatMap(([label, value]) =>
      value === null || value === undefined ? [] : [[label ?? "", text(value)] as const],
    );
    const rating = [
      charger.ratedPowerW === null ? [] : units.power(charger.ratedPowerW),
      charger.ratedCurrentA === null ? [] : units.current(charger.ratedCurrentA),
    ]
      .flat()
      .join(", ");
    const profiles = charger.supportedFeatureProfiles;
    return [
      [localize("facts.vendor"), text(charger.vendor)],
      [localize("facts.model"), text(charger.model)],
      [localize("facts.serial"), text(charger.serialNumber)],
      [localize("chargers.firmware"), text(charger.firmwareVersion)],
      [localize("chargers.version"), charger.ocppVersion ?? unknown()],
      [
        localize("facts.boot"),
        html`${localizeCode("boot", charger.bootState) ?? nothing}${
          charger.bootedAt === null ? nothing : html`, ${moment(charger.bootedAt)}`
        }`,
      ],
      ...(rating === "" ? [] : [[localize("facts.rating"), rating] as const]),
      ...optional,
      ...(profiles === null || profiles.length === 0
        ? []
        : [[localize("facts.profiles"), text(profiles.join(", "))] as const]),
    ];
  }
}

function unknown(): unknown {
  return html`<span class="quiet">${localize("general.unknown")}</span>`;
}

function text(value: string | null): unknown {
  return value === null ? unknown() : html`<oye-id room="64" .value=${value}></oye-id>`;
}

function moment(time: string | null): unknown {
  const units = unitsOf(language());
  return html`<span title=${units.utc(time)}>${units.dateTime(time)}</span>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-charger-facts": OyeChargerFacts;
  }
}
