import { consume } from "@lit/context";
import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { CertificateStatus, HealthReport } from "../api/types.gen.ts";
import { unitsOf } from "../domain/units.ts";
import { hashOf } from "../router.ts";
import { liveContext } from "../state/contexts.ts";
import type { LiveStore } from "../state/live-store.ts";
import { language, localize, plural } from "../texts/localize.ts";
import "./oye-charger-journal.ts";
import "./oye-id.ts";
import "./oye-state.ts";
import { PanelElement } from "./panel-element.ts";

const KINDS: ReadonlyMap<string, string> = new Map([
  ["sqlite", "SQLite"],
  ["postgresql", "PostgreSQL"],
]);
const EVERY_MS = 10_000;
const MOST_WAITING = 20;

/** How the proxy is, asked every few seconds: database, journal, chargers, certificates. */
@customElement("oye-health")
export class OyeHealth extends PanelElement<HealthReport> {
  protected override readonly heading = "system.health";
  @consume({ context: liveContext }) readonly store!: LiveStore;
  #timer: ReturnType<typeof setInterval> | undefined;

  protected override read(): Promise<HealthReport> {
    return this.client.call("GET /api/health", {});
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(this.#askAgain, EVERY_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  protected override tools(): unknown {
    return html`<button class="link" type="button" @click=${this.reload}>
      ${localize("system.refresh")}
    </button>`;
  }

  protected override content(health: HealthReport): unknown {
    const units = unitsOf(language());
    const { database, journal, chargers } = health;
    const bytes = (count: number | null): string => units.bytes(count);
    return html`<dl class="facts">
      ${fact(
        localize("system.database"),
        html`<oye-state tone=${database.up ? "ok" : "fault"}
            >${localize(database.up ? "system.up" : "system.down")}</oye-state
          >
          <span class="quiet">${KINDS.get(database.kind) ?? database.kind}</span>`,
      )}
      ${fact(
        localize("system.size"),
        localize("system.size_of", {
          used: bytes(database.usedBytes),
          limit: database.maxBytes === 0 ? "∞" : bytes(database.maxBytes),
        }),
      )}
      ${fact(
        localize("system.disk"),
        localize("system.disk_free", {
          free: bytes(database.diskFreeBytes),
          total: bytes(database.diskTotalBytes),
        }),
      )}
      ${fact(localize("system.frames"), database.frames === null ? localize("general.unknown") : plural("system.frame_count", database.frames))}
      ${
        database.framesDropped === 0
          ? nothing
          : fact(
              localize("system.dropped"),
              html`<oye-state tone="fault"
                >${plural("system.frame_count", database.framesDropped)}</oye-state
              >`,
            )
      }
      ${fact(
        localize("system.journal"),
        journal === null
          ? localize("general.unknown")
          : html`${plural("chargers.pending", journal.pending)}
            ${
              journal.oldestArrival === null
                ? nothing
                : html`<span class="quiet"
                    >${localize("system.since", { time: units.dateTime(journal.oldestArrival) })}</span
                  >`
            }${this.#waiting()}`,
      )}
      ${fact(
        localize("view.chargers"),
        localize("system.charger_counts", {
          known: chargers.known,
          connected: chargers.connected,
          csms: chargers.csmsConnected,
        }),
      )}
      ${fact(localize("system.uptime"), units.duration(health.uptimeSeconds))}
      ${fact(
        localize("system.certificates"),
        health.certificates.length === 0
          ? localize("system.no_certificates")
          : health.certificates.map((one) => certificate(one)),
      )}
    </dl>`;
  }

  #waiting(): unknown {
    const waiting = [...this.store.chargers.values()]
      .filter(({ journalPending }) => journalPending > 0)
      .sort((one, other) => other.journalPending - one.journalPending)
      .slice(0, MOST_WAITING);
    return repeat(
      waiting,
      ({ chargePointId }) => chargePointId,
      ({ chargePointId, journalPending }) =>
        html`<div>
          <a href=${hashOf(["chargers", chargePointId])}
            ><oye-id still .value=${chargePointId}></oye-id
          ></a>
          <oye-charger-journal
            .chargePointId=${chargePointId}
            .pending=${journalPending}
          ></oye-charger-journal>
        </div>`,
    );
  }

  // Figures that nobody looks at can be old.
  #askAgain = (): void => {
    if (this.live && document.visibilityState === "visible") void this.reload();
  };
}

function fact(name: string, value: unknown): unknown {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

function certificate(one: CertificateStatus): unknown {
  const units = unitsOf(language());
  return html`<div>
    <oye-id .value=${one.names.join(", ")}></oye-id>
    <span class="quiet" title=${units.utc(one.validUntil)}
      >${localize("system.valid_until", { time: units.dateTime(one.validUntil) })}</span
    >
    ${one.selfSigned ? html`<span class="quiet">${localize("system.self_signed")}</span>` : nothing}
    ${one.trouble === null ? nothing : html`<oye-state tone="fault">${one.trouble}</oye-state>`}
  </div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-health": OyeHealth;
  }
}
