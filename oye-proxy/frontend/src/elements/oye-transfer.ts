import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { ImportedSettings, SettingChange, SettingsExport } from "../api/types.gen.ts";
import { inWords } from "../domain/setting-changes.ts";
import { settingsOfFile } from "../domain/settings-file.ts";
import { localize } from "../texts/localize.ts";
import { download } from "./download.ts";
import "./oye-dialog.ts";
import "./oye-id.ts";
import { toast } from "./oye-toasts.ts";
import { PanelElement, reasonOf } from "./panel-element.ts";

const LARGEST_FILE = 4_000_000;
const MOST_SHOWN = 200;

/** Settings out and in, after a dry run, and what helps to find a fault. */
@customElement("oye-transfer")
export class OyeTransfer extends PanelElement<true> {
  protected override readonly heading = "system.transfer";
  @state() private _settings: SettingsExport | null = null;
  /** What an import of them would do. */
  @state() private _answer: ImportedSettings | null = null;
  @state() private _file = "";
  @query("input") private readonly _field!: HTMLInputElement;

  protected override read(): Promise<true> {
    return Promise.resolve(true);
  }

  protected override content(): unknown {
    return html`<div class="row">
        <wa-button size="s" appearance="outlined" @click=${this.#export}
          >${localize("system.export")}</wa-button
        >
        <wa-button size="s" appearance="outlined" @click=${this.#diagnose}
          >${localize("system.diagnostics")}</wa-button
        >
      </div>
      <p class="quiet">${localize("system.export_hint")} ${localize("system.diagnostics_hint")}</p>
      <div class="row">
        <wa-button
          size="s"
          appearance="outlined"
          ?disabled=${!this.live || this.busy !== null}
          ?loading=${this.busy === "check"}
          @click=${this.#open}
          >${localize("system.import")}</wa-button
        >
        ${this._file === "" ? nothing : html`<oye-id room="40" .value=${this._file}></oye-id>`}
        <input
          type="file"
          accept="application/json,.json"
          aria-label=${localize("system.import")}
          hidden
          @change=${this.#choose}
        />
      </div>
      <oye-dialog
        heading=${localize("system.import")}
        .open=${this._settings !== null}
        @oye-close=${this.#close}
        >${this._answer === null || this._settings === null ? nothing : this.#preview(this._answer)}</oye-dialog
      >`;
  }

  #preview({ changes, unknownChargers }: ImportedSettings): unknown {
    const left =
      unknownChargers.length === 0
        ? nothing
        : html`<p>
            ${localize("system.import_unknown")}
            ${unknownChargers.slice(0, MOST_SHOWN).map((id) => html`<oye-id .value=${id}></oye-id> `)}
          </p>`;
    if (changes.length === 0)
      return html`<div class="stack">
          <p>${localize("system.import_same")}</p>
          ${left}
        </div>
        <wa-button slot="actions" @click=${this.#close}>${localize("shell.close")}</wa-button>`;
    const more = changes.length - MOST_SHOWN;
    return html`<div class="stack">
        <p>${localize("system.import_changes")}</p>
        <ul>
          ${changes.slice(0, MOST_SHOWN).map((change) => this.#change(change))}
          ${more > 0 ? html`<li>+ ${more}</li>` : nothing}
        </ul>
        ${left}
      </div>
      <wa-button slot="actions" variant="brand" ?loading=${this.busy !== null} @click=${this.#apply}
        >${localize("system.import_apply")}</wa-button
      >`;
  }

  #change(change: SettingChange): unknown {
    const { label, subject, before, after } = inWords(change);
    return html`<li>
      ${subject === null ? nothing : html`<strong><oye-id .value=${subject}></oye-id></strong> · `}
      <span class="quiet">${label}:</span>
      <oye-id .value=${before}></oye-id> → <oye-id .value=${after}></oye-id>
    </li>`;
  }

  #open = (): void => {
    this._field.click();
  };

  #choose = async (event: Event): Promise<void> => {
    const field = event.target as HTMLInputElement;
    const file = field.files?.[0];
    if (file === undefined) return;
    this._file = file.name;
    const settings = file.size > LARGEST_FILE ? null : settingsOfFile(await file.text());
    field.value = "";
    if (settings === null) {
      toast(this, localize("system.import_unreadable"), "fault");
      return;
    }
    await this.act(
      "check",
      async () => {
        const body = { settings, dryRun: true };
        this._answer = await this.client.call("POST /api/settings/import", { body });
        this._settings = settings;
      },
      null,
    );
  };

  #apply = (): void => {
    const settings = this._settings;
    if (settings === null) return;
    const does = async (): Promise<void> => {
      await this.client.call("POST /api/settings/import", { body: { settings } });
      this.#close();
    };
    void this.act("import", does, localize("system.imported"));
  };

  #export = (): void => {
    void this.#save("settings.json", () => this.client.text("GET /api/settings/export", {}));
  };

  #diagnose = (): void => {
    void this.#save("diagnostics.json", () => this.client.text("GET /api/diagnostics", {}));
  };

  async #save(name: string, read: () => Promise<string>): Promise<void> {
    try {
      download(`oye-${name}`, "application/json", await read());
    } catch (error) {
      toast(this, reasonOf(error), "fault");
    }
  }

  #close = (): void => {
    this._settings = null;
    this._file = "";
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-transfer": OyeTransfer;
  }
}
