import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Keep, KeepRule, Preset, StoragePolicyBody } from "../api/types.gen.ts";
import { localize } from "../texts/localize.ts";
import { fieldOf } from "./light-element.ts";
import "./oye-keep-rules.ts";
import { PanelElement } from "./panel-element.ts";

const PRESETS: readonly Preset[] = ["all", "selective", "custom"];
const MEGABYTE = 1_000_000;

/** Which frames are stored, and for how long. */
@customElement("oye-storage-settings")
export class OyeStorageSettings extends PanelElement<StoragePolicyBody> {
  protected override readonly heading = "system.storage";

  // What is chosen and not saved yet.
  @state() private _preset: Preset | null = null;
  @state() private _rules: readonly KeepRule[] | null = null;
  @query("#policy") private readonly _form!: HTMLFormElement;

  protected override read(): Promise<StoragePolicyBody> {
    return this.client.call("GET /api/storage", {});
  }

  protected override content(policy: StoragePolicyBody): unknown {
    const chosen = this._preset ?? policy.preset;
    return html`<form id="policy" @submit=${this.#save}>
        <label class="field"
          ><span>${localize("system.stored_frames")}</span>
          <select name="preset" @change=${this.#choose}>
            ${PRESETS.map(
              (preset) =>
                html`<option value=${preset} .selected=${preset === chosen}>
                  ${localize(`system.preset_${preset}`)}
                </option>`,
            )}
          </select></label
        >
        ${this.#number("retentionCount", localize("system.keep_count"), policy.retentionCount)}
        ${this.#number("retentionDays", localize("system.keep_days"), policy.retentionDays)}
        ${this.#number("maxMegabytes", localize("system.keep_size"), Math.round(policy.maxBytes / MEGABYTE))}
      </form>
      <p class="quiet">${localize("system.no_limit")}</p>
      ${chosen === "custom" ? this.#custom(policy) : nothing}
      <wa-button
        size="s"
        variant="brand"
        ?disabled=${!this.live || this.busy !== null}
        @click=${this.#submit}
        >${localize("access.save")}</wa-button
      >`;
  }

  #custom(policy: StoragePolicyBody): unknown {
    return html`<h3>${localize("system.rules")}</h3>
      <oye-keep-rules
        .rules=${this._rules ?? policy.rules}
        @oye-rules=${this.#setRules}
      ></oye-keep-rules>
      <label class="field"
        ><span>${localize("system.otherwise")}</span>
        <select name="otherwise" form="policy">
          ${(["all", "none"] as const).map(
            (keep) =>
              html`<option value=${keep} ?selected=${keep === policy.otherwise}>
                ${localize(`system.keep_${keep}`)}
              </option>`,
          )}
        </select></label
      >
      <p class="quiet">${localize("system.rules_hint")}</p>`;
  }

  #number(name: string, label: string, value: number): unknown {
    return html`<label class="field small"
      ><span>${label}</span>
      <input name=${name} type="number" min="0" step="1" required .defaultValue=${String(value)}
    /></label>`;
  }

  // It stands below the rules, which are forms of their own and cannot be inside this one.
  #submit = (): void => {
    this._form.requestSubmit();
  };

  #save = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = this._form;
    const number = (name: string): number => Number(fieldOf(form, name));
    const before = this.data?.maxBytes ?? 0;
    // Shown in megabytes: what was not changed keeps its bytes.
    const megabytes = number("maxMegabytes");
    const maxBytes = megabytes === Math.round(before / MEGABYTE) ? before : megabytes * MEGABYTE;
    const preset = PRESETS.find((one) => one === fieldOf(form, "preset")) ?? "all";
    const otherwise: Keep = fieldOf(form, "otherwise") === "none" ? "none" : "all";
    const rules = this._rules ?? this.data?.rules ?? [];
    const body = {
      preset,
      ...(preset === "custom" ? { rules, otherwise } : {}),
      retentionCount: number("retentionCount"),
      retentionDays: number("retentionDays"),
      maxBytes,
    };
    const does = (): Promise<unknown> => this.client.call("PATCH /api/storage", { body });
    void this.#forgetAfter(() => this.act("save", does, localize("access.saved")));
  };

  async #forgetAfter(save: () => Promise<boolean>): Promise<void> {
    if (!(await save())) return;
    this._rules = null;
    this._preset = null;
  }

  #choose = (event: Event): void => {
    const wanted = (event.target as HTMLSelectElement).value;
    this._preset = PRESETS.find((one) => one === wanted) ?? null;
  };

  #setRules = (event: CustomEvent<readonly KeepRule[]>): void => {
    this._rules = event.detail;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-storage-settings": OyeStorageSettings;
  }
}
