import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { settingsOfFile } from "../domain/settings-file.ts";
import type { SettingsExport } from "../api/types.gen.ts";
import { localize } from "../texts/localize.ts";
import { download } from "./download.ts";
import "./oye-dialog.ts";
import "./oye-id.ts";
import { toast } from "./oye-toasts.ts";
import { PanelElement, reasonOf } from "./panel-element.ts";

const LARGEST_FILE = 1_000_000;

/** Settings out and in, after a dry run, and what helps to find a fault. */
@customElement("oye-transfer")
export class OyeTransfer extends PanelElement<true> {
  protected override readonly heading = "system.transfer";
  @state() private _settings: SettingsExport | null = null;
  @state() private _changes: readonly string[] = [];

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
      <p class="quiet">${localize("system.diagnostics_hint")}</p>
      <label class="field wide"
        ><span>${localize("system.import")}</span>
        <input
          type="file"
          accept="application/json,.json"
          ?disabled=${!this.live || this.busy !== null}
          @change=${this.#choose}
      /></label>
      <oye-dialog
        heading=${localize("system.import")}
        .open=${this._settings !== null}
        @oye-close=${this.#close}
        >${this._settings === null ? nothing : this.#preview()}</oye-dialog
      >`;
  }

  #preview(): unknown {
    if (this._changes.length === 0) return html`<p>${localize("system.import_same")}</p>`;
    return html`<div class="stack">
      <p>${localize("system.import_changes")}</p>
      <ul>
        ${this._changes.map((name) => html`<li class="mono"><oye-id .value=${name}></oye-id></li>`)}
      </ul>
      <wa-button variant="brand" ?loading=${this.busy !== null} @click=${this.#apply}
        >${localize("system.import_apply")}</wa-button
      >
    </div>`;
  }

  #choose = async (event: Event): Promise<void> => {
    const field = event.target as HTMLInputElement;
    const file = field.files?.[0];
    if (file === undefined) return;
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
        const { changes } = await this.client.call("POST /api/settings/import", { body });
        this._changes = changes;
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
      this._settings = null;
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
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-transfer": OyeTransfer;
  }
}
