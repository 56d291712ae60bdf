import { consume } from "@lit/context";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { ApiClient } from "../api/client.ts";
import type { ChargerState } from "../api/types.gen.ts";
import {
  matchingSettings,
  settingsOf,
  withReading,
  type Setting,
} from "../domain/configuration.ts";
import { outcomeOf } from "../domain/outcomes.ts";
import { unitsOf } from "../domain/units.ts";
import { CommandDesk } from "../state/command-desk.ts";
import { clientContext } from "../state/contexts.ts";
import { keepReading, readingOf, type Reading } from "../state/readings.ts";
import { configuration } from "../styles/configuration.ts";
import { form, said } from "../styles/form.ts";
import { base, panel } from "../styles/shared.ts";
import { language, localize, plural } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import "./oye-id.ts";
import "./oye-notice.ts";
import "./oye-search.ts";
import "./oye-skeleton.ts";

// A 2.x charger sends its variables in many messages.
const REPORT_PATIENCE = 90;

/** The settings inside a charger: read on wish, searched, and changed one at a time. */
@customElement("oye-configuration")
export class OyeConfiguration extends OyeElement {
  static override styles = [base, panel, form, said, configuration];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @property({ attribute: false }) charger!: ChargerState;
  @property({ type: Boolean }) granted = false;
  @property({ type: Boolean }) off = false;
  @state() private _reading: Reading | null = null;
  @state() private _wanted = "";
  @state() private _edited: string | null = null;
  @state() private _reboots: ReadonlySet<string> = new Set();
  #of: string | null = null;
  readonly #desk = new CommandDesk(this, () => this.client);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("charger") || this.#of === this.charger.chargePointId) return;
    this.#of = this.charger.chargePointId;
    this._reading = readingOf(this.#of);
    this._edited = null;
    this._reboots = new Set();
  }

  protected override render(): unknown {
    return html`<section class="panel" aria-labelledby="title">
        <header>
          <h2 id="title">${localize("configuration.title")}</h2>
          ${this._reading === null ? nothing : this.#time(this._reading)}
        </header>
        <div class="tools">
          ${this._reading === null ? nothing : this.#search()}
          ${
            this.granted
              ? html`<wa-button
                  size="s"
                  variant=${this._reading === null ? "brand" : "neutral"}
                  appearance=${this._reading === null ? "accent" : "outlined"}
                  ?loading=${this.#desk.busy("read")}
                  ?disabled=${this.off}
                  @click=${this.#read}
                  ><oye-icon slot="start" name="refresh"></oye-icon>${localize(
                    this._reading === null ? "configuration.read" : "configuration.read_again",
                  )}</wa-button
                >`
              : nothing
          }
          ${this.#desk.words("read")}
        </div>
        ${this.#content()}
      </section>
      ${this.#desk.dialog()}`;
  }

  #time(reading: Reading): unknown {
    const units = unitsOf(language());
    return html`<span class="quiet" title=${units.utc(reading.at)}
      >${localize("configuration.read_at", { time: units.dateTime(reading.at) })}${
        reading.complete ? "" : ` ${localize("configuration.incomplete")}`
      }</span
    >`;
  }

  #search(): unknown {
    return html`<oye-search
      label=${localize("configuration.search")}
      placeholder=${localize("configuration.search")}
      .value=${this._wanted}
      @oye-change=${this.#setWanted}
    ></oye-search>`;
  }

  #content(): unknown {
    if (this._reading === null) {
      if (this.#desk.busy("read")) return html`<oye-skeleton shape="rows"></oye-skeleton>`;
      return html`<oye-notice>${localize("configuration.empty")}</oye-notice>`;
    }
    const shown = matchingSettings(this._reading.settings, this._wanted);
    if (shown.length === 0)
      return html`<oye-notice>${localize("configuration.none_match")}</oye-notice>`;
    return html`<ul aria-label=${plural("configuration.count", shown.length)}>
      ${repeat(
        shown,
        ({ key }) => key,
        (setting) => this.#row(setting),
      )}
    </ul>`;
  }

  #row(setting: Setting): unknown {
    const { key, readOnly } = setting;
    const isEdited = this._edited === key;
    return html`<li>
      <div class="key">
        <oye-id parted room="120" .value=${key}></oye-id>
        <div class="marks">
          ${readOnly ? html`<span>${localize("configuration.read_only")}</span>` : nothing}
          ${
            this._reboots.has(key)
              ? html`<span class="reboot">${localize("configuration.reboot")}</span>`
              : nothing
          }
        </div>
      </div>
      ${isEdited ? this.#form(setting) : this.#value(setting)} ${this.#desk.words(key)}
    </li>`;
  }

  #value(setting: Setting): unknown {
    const { key, value, readOnly, unit } = setting;
    const edit = (): void => {
      this._edited = key;
    };
    return html`<div class="value">
        ${
          value === null
            ? html`<span class="quiet">${localize("configuration.hidden")}</span>`
            : html`<oye-id parted room="600" .value=${value}></oye-id>`
        }
        ${unit === null || unit === "" ? nothing : html`<oye-id still room="12" .value=${unit}></oye-id>`}
      </div>
      ${
        readOnly || !this.granted
          ? nothing
          : html`<wa-button
              size="s"
              appearance="plain"
              ?disabled=${this.off || this.#desk.busy(key)}
              @click=${edit}
              ><oye-icon slot="start" name="edit"></oye-icon>${localize(
                "configuration.change",
              )}<span class="hidden"> ${key}</span></wa-button
            >`
      }`;
  }

  #form(setting: Setting): unknown {
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      const value = new FormData(event.target as HTMLFormElement).get("value");
      if (typeof value === "string") void this.#change(setting, value);
    };
    const cancel = (): void => {
      this._edited = null;
    };
    return html`<form @submit=${submit}>
      <label class="field"><span class="hidden">${setting.key}</span>${this.#input(setting)}</label>
      <wa-button size="s" type="submit" variant="brand" ?disabled=${this.off}
        >${localize("configuration.save")}</wa-button
      >
      <wa-button size="s" appearance="outlined" @click=${cancel}
        >${localize("dialog.cancel")}</wa-button
      >
    </form>`;
  }

  #input({ value, choices, kind, minimum, maximum }: Setting): unknown {
    if (choices.length > 0 && (value === null || choices.includes(value))) {
      return html`<select name="value">
        ${choices.map((one) => html`<option ?selected=${one === value}>${one}</option>`)}
      </select>`;
    }
    const isNumber = kind === "integer" || kind === "decimal";
    return html`<input
      name="value"
      type=${isNumber ? "number" : "text"}
      step="any"
      min=${isNumber && minimum !== null ? minimum : nothing}
      max=${isNumber && maximum !== null ? maximum : nothing}
      autocomplete="off"
      spellcheck="false"
      .value=${value ?? ""}
    />`;
  }

  async #change({ key }: Setting, value: string): Promise<void> {
    this._edited = null;
    const id = this.charger.chargePointId;
    const sent = await this.#desk.command("set-configuration", id, { key, value }, { slot: key });
    if (sent === null) return;
    if (outcomeOf(sent).status === "RebootRequired")
      this._reboots = new Set(this._reboots).add(key);
    if (sent.accepted === true) await this.#readBack(key);
  }

  // What is shown is what the charger says, not what was sent.
  async #readBack(key: string): Promise<void> {
    const id = this.charger.chargePointId;
    try {
      const sent = await this.client.call(
        "POST /api/chargers/{charge_point_id}/get-configuration",
        {
          path: { charge_point_id: id },
          query: { wait: 30 },
          body: { keys: [key] },
        },
      );
      if (this._reading === null || this.#of !== id) return;
      const settings = withReading(this._reading.settings, settingsOf(sent));
      this.#keep({ ...this._reading, settings });
    } catch {
      // The old value stays, and so does the time of its reading.
      return;
    }
  }

  #keep(reading: Reading): void {
    this._reading = reading;
    if (this.#of !== null) keepReading(this.#of, reading);
  }

  #read = (): void => {
    void this.#readAll();
  };

  async #readAll(): Promise<void> {
    const id = this.charger.chargePointId;
    const sent = await this.#desk.command(
      "get-configuration",
      id,
      {},
      {
        slot: "read",
        wait: REPORT_PATIENCE,
      },
    );
    if (sent === null || sent.accepted === false) return;
    const settings = settingsOf(sent);
    keepReading(id, { at: Date.now(), settings, complete: sent.complete !== false });
    if (this.#of === id) this._reading = readingOf(id);
  }

  #setWanted = (event: CustomEvent<string>): void => {
    this._wanted = event.detail;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-configuration": OyeConfiguration;
  }
}
