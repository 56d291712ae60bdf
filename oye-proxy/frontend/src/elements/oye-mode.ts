import { consume } from "@lit/context";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { ChargerState, Mode } from "../api/types.gen.ts";
import { CommandDesk } from "../state/command-desk.ts";
import { clientContext } from "../state/contexts.ts";
import { form, said } from "../styles/form.ts";
import { base, panel } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";

/** Who is in charge of a charger; the choice shows what the server confirmed. */
@customElement("oye-mode")
export class OyeMode extends OyeElement {
  static override styles = [
    base,
    panel,
    form,
    said,
    css`
      .body {
        display: grid;
        gap: var(--oye-space-2);
      }
      .said {
        margin: 0;
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @property({ attribute: false }) charger!: ChargerState;
  @property({ type: Boolean }) granted = false;
  @property({ type: Boolean }) off = false;
  readonly #desk = new CommandDesk(this, () => this.client);

  protected override render(): unknown {
    const { mode, modes } = this.charger;
    const fixed = !this.granted || this.off || modes.length < 2 || this.#desk.busy("mode");
    return html`<section class="panel" aria-labelledby="title">
      <header><h2 id="title">${localize("mode.title")}</h2></header>
      <div class="body">
        <label class="field">
          <span class="hidden">${localize("mode.title")}</span>
          <select ?disabled=${fixed} .value=${mode} @change=${this.#change}>
            ${modes.map(
              (one) =>
                html`<option value=${one} ?selected=${one === mode}>
                  ${localize(`mode.${one}`)}
                </option>`,
            )}
          </select>
        </label>
        <p class="quiet">${localize(`mode.${mode}_text`)}</p>
        ${modes.length < 2 ? html`<p class="quiet">${localize("mode.only")}</p>` : nothing}
        ${this.#desk.words("mode")}
      </div>
    </section>`;
  }

  #change = (event: Event): void => {
    const field = event.target as HTMLSelectElement;
    const mode = field.value as Mode;
    // The choice moves when the server has confirmed it.
    field.value = this.charger.mode;
    const id = this.charger.chargePointId;
    void this.#desk.perform(
      "mode",
      id,
      localize("mode.title"),
      () =>
        this.client.call("POST /api/chargers/{charge_point_id}/mode", {
          path: { charge_point_id: id },
          body: { mode },
        }),
      localize("mode.done", { mode: localize(`mode.${mode}`) }),
    );
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-mode": OyeMode;
  }
}
