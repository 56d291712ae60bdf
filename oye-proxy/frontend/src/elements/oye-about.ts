import { css, html } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Licence, ProxyInfo } from "../api/types.gen.ts";
import { localize } from "../texts/localize.ts";
import "./oye-id.ts";
import { toast } from "./oye-toasts.ts";
import { PanelElement, reasonOf } from "./panel-element.ts";

/** Version, number of this proxy, and the licences of what it is made of. */
@customElement("oye-about")
export class OyeAbout extends PanelElement<ProxyInfo> {
  static override styles = [
    ...[PanelElement.styles].flat(),
    css`
      .licences {
        max-block-size: 18rem;
        overflow: hidden auto;
        inline-size: 100%;
        columns: 16rem;
      }
    `,
  ];

  protected override readonly heading = "system.about";
  @state() private _licences: readonly Licence[] | null = null;

  protected override read(): Promise<ProxyInfo> {
    return this.client.call("GET /api/info", {});
  }

  protected override content(info: ProxyInfo): unknown {
    return html`<dl class="facts">
        <dt>${localize("system.version")}</dt>
        <dd>${info.version}</dd>
        <dt>${localize("access.name")}</dt>
        <dd><oye-id .value=${info.name}></oye-id></dd>
        <dt>${localize("system.instance")}</dt>
        <dd class="mono">${info.instanceId}</dd>
      </dl>
      ${
        this._licences === null
          ? html`<button class="link" type="button" @click=${this.#loadLicences}>
              ${localize("system.licences")}
            </button>`
          : html`<ul class="licences" tabindex="0" aria-label=${localize("system.licences")}>
              ${this._licences.map(
                ({ name, version, licence }) =>
                  html`<li>
                    ${name} ${version}
                    <span class="quiet">${licence ?? localize("general.unknown")}</span>
                  </li>`,
              )}
            </ul>`
      }`;
  }

  #loadLicences = async (): Promise<void> => {
    try {
      this._licences = await this.client.call("GET /api/licences", {});
    } catch (error) {
      toast(this, reasonOf(error), "fault");
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-about": OyeAbout;
  }
}
