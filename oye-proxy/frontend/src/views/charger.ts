import { consume } from "@lit/context";
import { css, html, nothing } from "lit";
import { customElement, query } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { ApiClient } from "../api/client.ts";
import type { ChargerState } from "../api/types.gen.ts";
import { toggleWord } from "../domain/filter.ts";
import { obstacleOf } from "../domain/outcomes.ts";
import "../elements/oye-charger-facts.ts";
import "../elements/oye-charger-frames.ts";
import "../elements/oye-charger-issues.ts";
import "../elements/oye-charger-presence.ts";
import "../elements/oye-connector.ts";
import "../elements/oye-icon.ts";
import "../elements/oye-id.ts";
import "../elements/oye-meter-values.ts";
import "../elements/oye-mode.ts";
import "../elements/oye-more-commands.ts";
import "../elements/oye-notice.ts";
import "../elements/oye-session-chart.ts";
import "../elements/oye-smart-charging.ts";
import { hashOf } from "../router.ts";
import { CommandDesk } from "../state/command-desk.ts";
import { clientContext } from "../state/contexts.ts";
import { onePage } from "../styles/charger.ts";
import { said } from "../styles/form.ts";
import { base, page } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { OneCharger } from "./one-charger.ts";

/** One charger: what it does, what it can be told, and all that it told of itself. */
@customElement("oye-view-charger")
export class OyeViewCharger extends OneCharger {
  static override styles = [
    base,
    page,
    said,
    onePage,
    css`
      h1 .quiet {
        font-weight: 400;
      }
      .links {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--oye-space-1) var(--oye-space-4);
      }
      .links a {
        display: inline-flex;
        align-items: center;
        gap: var(--oye-space-1);
        min-block-size: var(--oye-target);
      }
      .connectors {
        display: grid;
        gap: var(--oye-space-3);
        grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr));
      }
      @media (min-width: 1100px) {
        .columns {
          grid-template-columns: minmax(0, 7fr) minmax(0, 5fr);
        }
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @query(".limits") private readonly _limits!: HTMLElement | null;
  protected override readonly skeleton = "cards";
  readonly #desk = new CommandDesk(this, () => this.client);

  protected override page(charger: ChargerState): unknown {
    const granted = this.session.can("control");
    const obstacle = obstacleOf(charger, this.live.live);
    const off = obstacle !== null;
    const id = charger.chargePointId;
    return html`${this.#head(charger, granted, off)}
      <div class="stack">
        <oye-charger-issues
          .issues=${this.live.issues.filter((issue) => issue.chargePointId === id)}
        ></oye-charger-issues>
        ${obstacle === null || !granted ? nothing : this.obstacle(obstacle)}
        <div class="columns">
          <div class="stack">
            ${this.#connectors(charger, granted, off)}
            <div class="limits" tabindex="-1">
              <oye-smart-charging
                .charger=${charger}
                ?granted=${granted}
                ?off=${off}
              ></oye-smart-charging>
            </div>
            ${this.#sessions(charger)}
            <oye-meter-values .charger=${charger}></oye-meter-values>
          </div>
          <div class="stack">
            <oye-mode .charger=${charger} ?granted=${granted} ?off=${!this.live.live}></oye-mode>
            <oye-charger-facts .charger=${charger}></oye-charger-facts>
            ${
              granted
                ? html`<oye-more-commands .charger=${charger} ?off=${off}></oye-more-commands>`
                : nothing
            }
          </div>
        </div>
        <oye-charger-frames .chargePointId=${id}></oye-charger-frames>
      </div>`;
  }

  #head(charger: ChargerState, granted: boolean, off: boolean): unknown {
    const id = charger.chargePointId;
    return html`<div class="head">
      <a class="back" href="#/chargers">${localize("charger.back")}</a>
      <h1>
        <oye-id room="40" .value=${id}></oye-id>
        ${
          charger.name === null
            ? nothing
            : html`<span class="quiet"><oye-id room="40" .value=${charger.name}></oye-id></span>`
        }
      </h1>
      <oye-charger-presence .charger=${charger} .now=${Date.now()}></oye-charger-presence>
      ${
        granted
          ? html`<wa-button
              size="s"
              appearance="outlined"
              ?loading=${this.#desk.busy("refresh")}
              ?disabled=${off}
              @click=${() => void this.#desk.command("refresh", id, {})}
              ><oye-icon slot="start" name="refresh"></oye-icon>${localize(
                "charger.refresh",
              )}</wa-button
            >`
          : nothing
      }
      <div class="tools">
        <nav class="links" aria-label=${localize("charger.links")}>
          <a href=${hashOf(["live"], { q: toggleWord("", "charger", id) })}
            ><oye-icon name="list"></oye-icon>${localize("charger.live")}</a
          >
          ${
            granted
              ? html`<a href=${hashOf(["compose", id])}
                  ><oye-icon name="compose"></oye-icon>${localize("charger.compose")}</a
                >`
              : nothing
          }
          <a href=${hashOf(["chargers", id, "settings"])}
            ><oye-icon name="settings"></oye-icon>${localize("charger.settings")}</a
          >
        </nav>
        ${
          granted && charger.connectors.length > 1
            ? html`<wa-button size="s" appearance="outlined" @click=${this.#toLimits}
                >${localize("chargers.limit")}</wa-button
              >`
            : nothing
        }
      </div>
      ${this.#desk.words("refresh")} ${this.#desk.dialog()}
    </div>`;
  }

  #connectors(charger: ChargerState, granted: boolean, off: boolean): unknown {
    if (charger.connectors.length === 0) {
      return html`<oye-notice>${localize("charger.no_connectors")}</oye-notice>`;
    }
    return html`<div class="connectors">
      ${repeat(
        charger.connectors,
        ({ evseId }) => evseId,
        (connector) =>
          html`<oye-connector
            .charger=${charger}
            .connector=${connector}
            ?granted=${granted}
            ?off=${off}
          ></oye-connector>`,
      )}
    </div>`;
  }

  #sessions(charger: ChargerState): unknown {
    return repeat(
      charger.connectors.filter(({ transaction }) => transaction !== null),
      ({ evseId }) => evseId,
      (connector) =>
        html`<oye-session-chart
          .chargePointId=${charger.chargePointId}
          .connector=${connector}
        ></oye-session-chart>`,
    );
  }

  // Below several connectors the limits are far away on a phone.
  #toLimits = (): void => {
    this._limits?.scrollIntoView();
    this._limits?.focus();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-view-charger": OyeViewCharger;
  }
}
