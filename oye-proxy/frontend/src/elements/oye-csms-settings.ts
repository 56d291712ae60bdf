import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { live as asShown } from "lit/directives/live.js";
import type { ConfigBody, ConfigPatch, CsmsTestResult, SettingEntry } from "../api/types.gen.ts";
import { localize } from "../texts/localize.ts";
import { fieldOf } from "./light-element.ts";
import "./oye-state.ts";
import { PanelElement, reasonOf } from "./panel-element.ts";

type Switch = "csmsForwardingEnabled" | "autoChargeEnabled";

const ON_LOSS = "csms.on_loss";

interface Csms {
  readonly config: ConfigBody;
  readonly onLoss: SettingEntry | undefined;
}

/** The CSMS and automatic charging: what is switched moves when the server has confirmed it. */
@customElement("oye-csms-settings")
export class OyeCsmsSettings extends PanelElement<Csms> {
  protected override readonly heading = "system.csms";
  @state() private _test: CsmsTestResult | null = null;
  @state() private _testFailed: string | null = null;
  @state() private _testing = false;

  protected override async read(): Promise<Csms> {
    const [config, settings] = await Promise.all([
      this.client.call("GET /api/config", {}),
      this.client.call("GET /api/settings", {}),
    ]);
    return { config, onLoss: settings.find(({ name }) => name === ON_LOSS) };
  }

  protected override content({ config, onLoss }: Csms): unknown {
    return html`${this.#switch("csmsForwardingEnabled", localize("system.forwarding"), config)}
      <form @submit=${this.#saveUrl}>
        <label class="field wide"
          ><span>${localize("system.csms_url")}</span>
          <input
            name="url"
            inputmode="url"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            maxlength="2000"
            required
            .defaultValue=${config.targetCsmsUrl}
        /></label>
        <wa-button type="submit" size="s" variant="brand" ?disabled=${this.#locked}
          >${localize("access.save")}</wa-button
        >
        <wa-button
          size="s"
          appearance="outlined"
          ?disabled=${!this.live}
          ?loading=${this._testing}
          @click=${this.#testUrl}
          >${localize("system.test_csms")}</wa-button
        >
      </form>
      <div role="status" class="result">${this.#result()}</div>
      ${onLoss === undefined ? nothing : loss(onLoss)}
      ${this.#switch("autoChargeEnabled", localize("system.automatic"), config)}
      <p class="quiet">${localize("system.automatic_hint")}</p>
      <form @submit=${this.#saveTag}>
        <label class="field"
          ><span>${localize("system.default_tag")}</span>
          <input
            name="tag"
            autocomplete="off"
            spellcheck="false"
            maxlength="255"
            required
            .defaultValue=${config.defaultIdTag}
        /></label>
        <wa-button type="submit" size="s" variant="brand" ?disabled=${this.#locked}
          >${localize("access.save")}</wa-button
        >
      </form>`;
  }

  get #locked(): boolean {
    return !this.live || this.busy !== null;
  }

  #switch(name: Switch, label: string, config: ConfigBody): unknown {
    const isOn = config[name] === "true";
    const turn = (event: Event): void => {
      event.preventDefault();
      void this.#save({ [name]: !isOn }, name);
    };
    return html`<label class="check">
      <input
        type="checkbox"
        role="switch"
        aria-checked=${isOn ? "true" : "false"}
        .checked=${asShown(isOn)}
        ?disabled=${this.#locked}
        @click=${turn}
      />
      ${label}
      ${this.busy === name ? html`<span class="quiet">${localize("system.waiting")}</span>` : nothing}
    </label>`;
  }

  #result(): unknown {
    if (this._testFailed !== null) {
      return html`<oye-state tone="fault">${this._testFailed}</oye-state>`;
    }
    if (this._test === null) return nothing;
    const { reached, accepted, message, milliseconds } = this._test;
    const tone = accepted ? "ok" : reached ? "waiting" : "fault";
    return html`<oye-state tone=${tone}>${message}</oye-state>
      <span class="quiet">${milliseconds} ms</span>`;
  }

  async #save(body: ConfigPatch, what: string): Promise<void> {
    const does = (): Promise<unknown> => this.client.call("POST /api/config", { body });
    await this.act(what, does, localize("access.saved"));
  }

  #saveUrl = (event: SubmitEvent): void => {
    event.preventDefault();
    const url = fieldOf(event.target as HTMLFormElement, "url").trim();
    void this.#save({ targetCsmsUrl: url }, "url");
  };

  #saveTag = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#save({ defaultIdTag: fieldOf(event.target as HTMLFormElement, "tag") }, "tag");
  };

  #testUrl = async (event: Event): Promise<void> => {
    const form = (event.target as HTMLElement).closest("form");
    if (form === null || this._testing) return;
    this._testing = true;
    this._test = null;
    this._testFailed = null;
    try {
      const body = { url: fieldOf(form, "url").trim() };
      this._test = await this.client.call("POST /api/config/test-csms", { body });
    } catch (error) {
      this._testFailed = reasonOf(error);
    } finally {
      this._testing = false;
    }
  };
}

// It is fixed at the start: what holds, and where it is changed.
function loss({ value, variable }: SettingEntry): unknown {
  const what = localize(value === "close" ? "system.loss_close" : "system.loss_standalone");
  return html`<p>
    ${what}
    <span class="quiet"
      >${localize("system.loss_where")} <span class="mono">${ON_LOSS}</span> (<span class="mono"
        >${variable}</span
      >)</span
    >
  </p>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-csms-settings": OyeCsmsSettings;
  }
}
