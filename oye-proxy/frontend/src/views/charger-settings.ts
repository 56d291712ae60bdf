import { consume } from "@lit/context";
import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ChargerState } from "../api/types.gen.ts";
import { obstacleOf } from "../domain/outcomes.ts";
import "../elements/oye-charger-owner.ts";
import "../elements/oye-charger-presence.ts";
import "../elements/oye-configuration.ts";
import { OyeElement } from "../elements/oye-element.ts";
import "../elements/oye-icon.ts";
import "../elements/oye-id.ts";
import "../elements/oye-limits.ts";
import "../elements/oye-mode.ts";
import "../elements/oye-notice.ts";
import "../elements/oye-skeleton.ts";
import { hashOf, type Route } from "../router.ts";
import { liveContext, sessionContext } from "../state/contexts.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import type { Session } from "../state/session.ts";
import { base, page, panel } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";

/** What the owner decided about a charger, and the settings inside of it. */
@customElement("oye-view-charger-settings")
export class OyeViewChargerSettings extends OyeElement {
  static override styles = [
    base,
    page,
    panel,
    css`
      .back {
        flex: 1 1 100%;
        font-size: var(--oye-size-2);
      }
      h1 {
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      .columns,
      .stack {
        display: grid;
        gap: var(--oye-space-3);
        grid-template-columns: minmax(0, 1fr);
        align-items: start;
      }
      .obstacle {
        display: flex;
        gap: var(--oye-space-2);
        padding: var(--oye-space-2) var(--oye-space-3);
        border: 1px solid var(--oye-border);
        border-radius: var(--oye-radius);
        background: var(--oye-sunken);
      }
      @media (min-width: 1100px) {
        .columns {
          grid-template-columns: minmax(0, 5fr) minmax(0, 8fr);
        }
      }
    `,
  ];

  @consume({ context: liveContext }) readonly live!: LiveStore;
  @consume({ context: sessionContext }) readonly session!: Session;
  @property({ attribute: false }) route!: Route;
  protected readonly observeLive = new Observe(this, () => this.live);
  protected readonly observeSession = new Observe(this, () => this.session);

  protected override render(): unknown {
    const id = this.route.path[1] ?? "";
    const charger = this.live.chargers.get(id);
    if (charger !== undefined) return this.#page(charger);
    if (!this.live.loaded) return this.#notLoaded();
    return html`<oye-notice
      >${localize("charger.unknown")} <oye-id .value=${id}></oye-id>
      <a slot="action" href="#/chargers">${localize("shell.to_chargers")}</a></oye-notice
    >`;
  }

  #notLoaded(): unknown {
    const { phase } = this.live.connection;
    if (phase !== "reconnecting" && phase !== "offline") {
      return html`<oye-skeleton shape="rows"></oye-skeleton>`;
    }
    return html`<oye-notice kind="error" retry @oye-retry=${this.#retry}
      >${localize("charger.failed")}</oye-notice
    >`;
  }

  #page(charger: ChargerState): unknown {
    const controls = this.session.can("control");
    const obstacle = obstacleOf(charger, this.live.live);
    const off = obstacle !== null;
    const id = charger.chargePointId;
    return html`<div class="head">
        <a class="back" href=${hashOf(["chargers", id])}
          >${localize("charger.to")} <oye-id still room="32" .value=${id}></oye-id
        ></a>
        <h1>${localize("view.charger_settings")}: <oye-id room="40" .value=${id}></oye-id></h1>
        <oye-charger-presence .charger=${charger} .now=${Date.now()}></oye-charger-presence>
      </div>
      <div class="columns">
        <div class="stack">
          <oye-charger-owner
            .charger=${charger}
            ?granted=${this.session.can("admin")}
            ?controls=${controls}
            ?away=${!this.live.live}
          ></oye-charger-owner>
          <oye-mode .charger=${charger} ?granted=${controls} ?off=${!this.live.live}></oye-mode>
          <section class="panel" aria-labelledby="limits">
            <header><h2 id="limits">${localize("owner.limits")}</h2></header>
            <div class="body">
              <oye-limits
                .charger=${charger}
                .scopes=${["maximum", "default"]}
                ?off=${off || !controls}
              ></oye-limits>
            </div>
          </section>
        </div>
        <div class="stack">
          ${
            obstacle === null
              ? ""
              : html`<p class="obstacle">
                  <oye-icon name="info"></oye-icon
                  ><span>${localize(`charger.obstacle_${obstacle}`)}</span>
                </p>`
          }
          <oye-configuration
            .charger=${charger}
            ?granted=${controls}
            ?off=${off}
          ></oye-configuration>
        </div>
      </div>`;
  }

  #retry = (): void => {
    this.live.retry();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-view-charger-settings": OyeViewChargerSettings;
  }
}
