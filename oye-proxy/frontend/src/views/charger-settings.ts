import { css, html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import type { ChargerState } from "../api/types.gen.ts";
import { obstacleOf } from "../domain/outcomes.ts";
import "../elements/oye-charger-owner.ts";
import "../elements/oye-charger-presence.ts";
import "../elements/oye-configuration.ts";
import "../elements/oye-icon.ts";
import "../elements/oye-id.ts";
import "../elements/oye-limits.ts";
import "../elements/oye-mode.ts";
import "../elements/oye-notice.ts";
import { hashOf } from "../router.ts";
import { onePage } from "../styles/charger.ts";
import { base, page, panel } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { OneCharger } from "./one-charger.ts";

/** What the owner decided about a charger, and the settings inside of it. */
@customElement("oye-view-charger-settings")
export class OyeViewChargerSettings extends OneCharger {
  static override styles = [
    base,
    page,
    panel,
    onePage,
    css`
      @media (min-width: 1100px) {
        .columns {
          grid-template-columns: minmax(0, 5fr) minmax(0, 8fr);
        }
      }
    `,
  ];

  protected override readonly skeleton = "rows";

  protected override page(charger: ChargerState): unknown {
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
          ${obstacle === null ? nothing : this.obstacle(obstacle)}
          <oye-configuration
            .charger=${charger}
            ?granted=${controls}
            ?off=${off}
          ></oye-configuration>
        </div>
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-view-charger-settings": OyeViewChargerSettings;
  }
}
