import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ActionSchemas, ChargerState } from "../api/types.gen.ts";
import { chargersToCommand, choicesOf } from "../domain/commands.ts";
import { plainText, shortened } from "../domain/text.ts";
import { composerStyles } from "../styles/composer.ts";
import { base, panel } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";

const CUSTOM = "~custom";

/**
 * Which charger is told what.
 *
 * Emits `oye-charger` (its id), `oye-action` (null for one that has no schema) and `oye-action-name`.
 */
@customElement("oye-composer-target")
export class OyeComposerTarget extends OyeElement {
  static override styles = [base, panel, composerStyles];

  @property({ attribute: false }) chargers: ReadonlyMap<string, ChargerState> = new Map();
  @property() chargePointId = "";
  @property({ attribute: false }) actions: readonly ActionSchemas[] = [];
  @property() version = "";
  @property() action = "";
  /** The action is named by hand. */
  @property({ type: Boolean }) custom = false;

  protected override render(): unknown {
    return html`<section class="panel">
      <div class="body target">
        <label class="choice">
          <span>${localize("composer.charger")}</span>
          <select @change=${this.#chooseCharger}>
            ${this.#chargerOptions()}
          </select>
        </label>
        <label class="choice">
          <span>${localize("composer.action")}</span>
          <select @change=${this.#chooseAction}>
            ${this.#actionOptions()}
          </select>
        </label>
        ${
          this.custom
            ? html`<label class="choice">
                <span>${localize("composer.custom_name")}</span>
                <input
                  autocomplete="off"
                  spellcheck="false"
                  maxlength="100"
                  .value=${this.action}
                  @change=${this.#nameAction}
                />
              </label>`
            : nothing
        }
      </div>
    </section>`;
  }

  // A select that the reader has used goes by the property alone.
  protected override updated(): void {
    for (const option of this.renderRoot.querySelectorAll<HTMLOptionElement>("option[selected]"))
      option.selected = true;
  }

  #chargerOptions(): unknown {
    const chargers = chargersToCommand(this.chargers.values());
    const id = this.chargePointId;
    const isKnown = this.chargers.has(id);
    return html`${
      isKnown
        ? nothing
        : html`<option value="" selected>
            ${id === "" ? localize("composer.choose_charger") : plainText(shortened(id, 40))}
          </option>`
    }
    ${chargers.map(
      (one, index) =>
        html`<option value=${index} ?selected=${one.chargePointId === id}>
          ${plainText(shortened(one.chargePointId, 40))} ·
          ${one.ocppVersion ?? ""}${one.connected ? "" : ` · ${localize("state.offline")}`}
        </option>`,
    )}`;
  }

  #actionOptions(): unknown {
    const { common, others } = choicesOf(this.version, this.actions);
    const option = ({ action }: ActionSchemas): unknown =>
      html`<option value=${action} ?selected=${action === this.action && !this.custom}>
        ${action}
      </option>`;
    return html`${
        this.action === "" && !this.custom
          ? html`<option value="" selected>${localize("composer.choose_action")}</option>`
          : nothing
      }
      <optgroup label=${localize("composer.common")}>${common.map(option)}</optgroup>
      <optgroup label=${localize("composer.others")}>${others.map(option)}</optgroup>
      <option value=${CUSTOM} ?selected=${this.custom}>${localize("composer.custom")}</option>`;
  }

  #chooseCharger = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    const chosen = chargersToCommand(this.chargers.values())[Number(value)];
    if (value !== "" && chosen !== undefined) {
      emit(this, "oye-charger", chosen.chargePointId);
    }
  };

  #chooseAction = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    emit(this, "oye-action", value === CUSTOM ? null : value);
  };

  #nameAction = (event: Event): void => {
    emit(this, "oye-action-name", (event.target as HTMLInputElement).value.trim());
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-composer-target": OyeComposerTarget;
  }
}
