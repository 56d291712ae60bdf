import { html } from "lit";
import { customElement } from "lit/decorators.js";
import type { Preset, StoragePolicyBody } from "../api/types.gen.ts";
import { localize } from "../texts/localize.ts";
import { fieldOf } from "./light-element.ts";
import { PanelElement } from "./panel-element.ts";

const PRESETS: readonly Preset[] = ["all", "selective", "custom"];
const MEGABYTE = 1_000_000;

/** Which frames are stored, and for how long. */
@customElement("oye-storage-settings")
export class OyeStorageSettings extends PanelElement<StoragePolicyBody> {
  protected override readonly heading = "system.storage";

  protected override read(): Promise<StoragePolicyBody> {
    return this.client.call("GET /api/storage", {});
  }

  protected override content(policy: StoragePolicyBody): unknown {
    return html`<form @submit=${this.#save}>
        <label class="field"
          ><span>${localize("system.stored_frames")}</span>
          <select name="preset">
            ${PRESETS.map(
              (preset) =>
                html`<option value=${preset} ?selected=${preset === policy.preset}>
                  ${localize(`system.preset_${preset}`)}
                </option>`,
            )}
          </select></label
        >
        ${this.#number("retentionCount", localize("system.keep_count"), policy.retentionCount)}
        ${this.#number("retentionDays", localize("system.keep_days"), policy.retentionDays)}
        ${this.#number("maxMegabytes", localize("system.keep_size"), Math.round(policy.maxBytes / MEGABYTE))}
        <wa-button
          type="submit"
          size="s"
          variant="brand"
          ?disabled=${!this.live || this.busy !== null}
          >${localize("access.save")}</wa-button
        >
      </form>
      <p class="quiet">${localize("system.no_limit")}</p>`;
  }

  #number(name: string, label: string, value: number): unknown {
    return html`<label class="field small"
      ><span>${label}</span>
      <input name=${name} type="number" min="0" step="1" required .defaultValue=${String(value)}
    /></label>`;
  }

  #save = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const number = (name: string): number => Number(fieldOf(form, name));
    const before = this.data?.maxBytes ?? 0;
    // Shown in megabytes: what was not changed keeps its bytes.
    const megabytes = number("maxMegabytes");
    const maxBytes = megabytes === Math.round(before / MEGABYTE) ? before : megabytes * MEGABYTE;
    const body = {
      preset: PRESETS.find((one) => one === fieldOf(form, "preset")) ?? "all",
      retentionCount: number("retentionCount"),
      retentionDays: number("retentionDays"),
      maxBytes,
    };
    const does = (): Promise<unknown> => this.client.call("PATCH /api/storage", { body });
    void this.act("save", does, localize("access.saved"));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-storage-settings": OyeStorageSettings;
  }
}
