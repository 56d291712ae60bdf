import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { ChargerState } from "../api/types.gen.ts";
import { hashOf } from "../router.ts";
import { base } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import "./oye-connector-actions.ts";
import "./oye-dialog.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import "./oye-id.ts";
import "./oye-limits.ts";

/** What is done with a charger every day, below its card. */
@customElement("oye-quick-actions")
export class OyeQuickActions extends OyeElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-start;
        gap: var(--oye-space-2) var(--oye-space-3);
      }
      .others {
        display: flex;
        gap: var(--oye-space-2);
        margin-inline-start: auto;
      }
      .whose {
        margin-block-end: var(--oye-space-3);
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) charger!: ChargerState;
  @property({ type: Boolean }) off = false;
  /** The connectors have their actions elsewhere. */
  @property({ type: Boolean }) apart = false;
  @state() private _limits = false;

  protected override render(): unknown {
    const { charger } = this;
    const id = charger.chargePointId;
    const connectors = this.apart ? [] : charger.connectors;
    return html`${repeat(
        connectors,
        ({ evseId }) => evseId,
        (connector) =>
          html`<oye-connector-actions
            brief
            ?numbered=${connectors.length > 1}
            .charger=${charger}
            .connector=${connector}
            ?off=${this.off}
          ></oye-connector-actions>`,
      )}
      <span class="others">
        <wa-button size="s" appearance="outlined" ?disabled=${this.off} @click=${this.#open}
          >${localize("chargers.limit")}</wa-button
        >
        <wa-button size="s" appearance="plain" href=${hashOf(["chargers", id, "settings"])}
          ><oye-icon name="settings" label=${localize("chargers.edit")}></oye-icon
        ></wa-button>
      </span>
      <oye-dialog
        heading=${localize("chargers.limit")}
        .open=${this._limits}
        @oye-close=${this.#close}
      >
        ${
          this._limits
            ? html`<p class="whose"><oye-id .value=${id}></oye-id></p>
                <oye-limits
                  .charger=${charger}
                  .scopes=${["session", "maximum"]}
                  ?off=${this.off}
                ></oye-limits>`
            : nothing
        }
      </oye-dialog>`;
  }

  #open = (): void => {
    this._limits = true;
  };

  #close = (): void => {
    this._limits = false;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-quick-actions": OyeQuickActions;
  }
}
