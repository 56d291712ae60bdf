import { css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { SettingEntry } from "../api/types.gen.ts";
import { localize } from "../texts/localize.ts";
import "./oye-id.ts";
import "./oye-search.ts";
import { PanelElement } from "./panel-element.ts";

/** The settings that are fixed when the proxy starts, each with where its value came from. */
@customElement("oye-fixed-settings")
export class OyeFixedSettings extends PanelElement<readonly SettingEntry[]> {
  static override styles = [
    ...[PanelElement.styles].flat(),
    css`
      li {
        display: grid;
        gap: 0 var(--oye-space-3);
        padding-block: var(--oye-space-2);
        border-block-end: 1px solid var(--oye-border);
        overflow-wrap: anywhere;
      }
      ul {
        inline-size: 100%;
      }
      .top {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--oye-space-3);
        justify-content: space-between;
      }
      .value {
        font-weight: 600;
      }
    `,
  ];

  protected override readonly heading = "system.fixed";
  @state() private _wanted = "";
  @state() private _all = false;

  protected override read(): Promise<readonly SettingEntry[]> {
    return this.client.call("GET /api/settings", {});
  }

  protected override content(settings: readonly SettingEntry[]): unknown {
    const words = this._wanted.toLowerCase().split(/\s+/);
    const shown = settings.filter((one) => {
      const text = `${one.name} ${one.variable} ${one.description}`.toLowerCase();
      const isChosen = this._all || this._wanted !== "" || one.source !== null;
      return isChosen && words.every((word) => text.includes(word));
    });
    return html`<p class="quiet">${localize("system.fixed_hint")}</p>
      <div class="row">
        <oye-search
          label=${localize("system.find_setting")}
          placeholder=${localize("system.find_setting")}
          .value=${this._wanted}
          @oye-change=${this.#find}
        ></oye-search>
        <label class="check">
          <input type="checkbox" .checked=${this._all} @change=${this.#showAll} />
          ${localize("system.with_defaults")}
        </label>
      </div>
      ${
        shown.length === 0
          ? html`<p>${localize("system.no_setting")}</p>`
          : html`<ul>
              ${shown.map((one) => this.#setting(one))}
            </ul>`
      }`;
  }

  #setting(one: SettingEntry): unknown {
    return html`<li>
      <span class="top"
        ><span class="mono">${one.name}</span>
        <span class="value mono"
          >${one.value === "" ? nothing : html`<oye-id .value=${one.value}></oye-id>`}</span
        ></span
      >
      <span>${one.description}</span>
      <span class="quiet"
        >${one.source === null ? localize("system.default") : localize("system.source", { source: one.source })}
        · <span class="mono">${one.variable}</span></span
      >
    </li>`;
  }

  #find = (event: CustomEvent<string>): void => {
    this._wanted = event.detail.trim();
  };

  #showAll = (event: Event): void => {
    this._all = (event.target as HTMLInputElement).checked;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-fixed-settings": OyeFixedSettings;
  }
}
