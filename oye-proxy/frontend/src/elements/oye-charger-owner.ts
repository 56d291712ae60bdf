import { consume } from "@lit/context";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { ChargerPatch, ChargerState, OwnerStatus, PauseStrategy } from "../api/types.gen.ts";
import { navigate } from "../router.ts";
import { CommandDesk, type Question } from "../state/command-desk.ts";
import { clientContext } from "../state/contexts.ts";
import { form, said } from "../styles/form.ts";
import { base, panel } from "../styles/shared.ts";
import { localize, type TextKey } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";

const STATUSES: readonly OwnerStatus[] = ["active", "maintenance", "inactive"];
const STRATEGIES: readonly PauseStrategy[] = ["limit_zero", "remote_stop"];

/** What the owner decides about a charger; each choice shows what the server confirmed. */
@customElement("oye-charger-owner")
export class OyeChargerOwner extends OyeElement {
  static override styles = [
    base,
    panel,
    form,
    said,
    css`
      .body {
        display: grid;
        gap: var(--oye-space-4);
      }
      .item {
        display: grid;
        gap: var(--oye-space-1);
      }
      .item .field,
      form .field {
        flex: 1 1 12rem;
        max-inline-size: 24rem;
      }
      .said {
        margin: 0;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: var(--oye-space-2);
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @property({ attribute: false }) charger!: ChargerState;
  /** Whether the charger may be changed and deleted. */
  @property({ type: Boolean }) granted = false;
  /** Whether its connection may be closed. */
  @property({ type: Boolean }) controls = false;
  /** Whether the server cannot be reached now. */
  @property({ type: Boolean }) away = false;
  readonly #desk = new CommandDesk(this, () => this.client);

  protected override render(): unknown {
    const { ownerStatus, pauseStrategy } = this.charger;
    return html`<section class="panel" aria-labelledby="title">
        <header><h2 id="title">${localize("owner.title")}</h2></header>
        <div class="body">
          ${this.charger.approved ? nothing : this.#approval()} ${this.#name()}
          ${this.#choice("ownerStatus", ownerStatus, STATUSES, this.#setStatus)}
          ${this.#choice("pauseStrategy", pauseStrategy, STRATEGIES, this.#setStrategy)}
          <p class="quiet">
            ${localize("owner.storage")} <a href="#/system">${localize("view.system")}</a>
          </p>
          ${this.#buttons()}
        </div>
      </section>
      ${this.#desk.dialog()}`;
  }

  #approval(): unknown {
    return html`<div class="item">
      <p>${localize("owner.approval")}</p>
      <div>
        <wa-button
          variant="brand"
          size="s"
          ?disabled=${this.#fixed("approved")}
          @click=${this.#approve}
          >${localize("chargers.approve")}</wa-button
        >
      </div>
      ${this.#desk.words("approved")}
    </div>`;
  }

  #name(): unknown {
    const disabled = this.#fixed("name");
    return html`<div class="item">
      <form @submit=${this.#setName}>
        <label class="field"
          ><span>${localize("owner.name")}</span
          ><input
            name="name"
            maxlength="255"
            autocomplete="off"
            ?disabled=${disabled}
            .value=${this.charger.name ?? ""}
        /></label>
        <wa-button size="s" type="submit" appearance="outlined" ?disabled=${disabled}
          >${localize("owner.save")}</wa-button
        >
      </form>
      ${this.#desk.words("name")}
    </div>`;
  }

  #choice<Value extends OwnerStatus | PauseStrategy>(
    name: "ownerStatus" | "pauseStrategy",
    value: Value,
    values: readonly Value[],
    change: (event: Event) => void,
  ): unknown {
    const label = (one: Value): string => localize(`owner.${one}`);
    return html`<div class="item">
      <label class="field"
        ><span>${localize(`owner.${name}`)}</span>
        <select ?disabled=${this.#fixed(name)} .value=${value} @change=${change}>
          ${values.map((one) => html`<option value=${one} ?selected=${one === value}>${label(one)}</option>`)}
        </select></label
      >
      <p class="quiet">${localize(`owner.${value}_text`)}</p>
      ${this.#desk.words(name)}
    </div>`;
  }

  #buttons(): unknown {
    if (!this.controls && !this.granted) return nothing;
    return html`<div class="item">
      <div class="buttons">
        ${
          this.controls
            ? html`<wa-button
                size="s"
                appearance="outlined"
                ?disabled=${this.away || !this.charger.connected || this.#desk.busy("gone")}
                @click=${this.#disconnect}
                >${localize("owner.disconnect")}</wa-button
              >`
            : nothing
        }
        ${
          this.granted
            ? html`<wa-button
                size="s"
                variant="danger"
                appearance="outlined"
                ?disabled=${this.away || this.#desk.busy("gone")}
                @click=${this.#delete}
                ><oye-icon slot="start" name="delete"></oye-icon
                >${localize("owner.delete")}</wa-button
              >`
            : nothing
        }
      </div>
      ${this.#desk.words("gone")}
    </div>`;
  }

  #fixed(slot: string): boolean {
    return !this.granted || this.away || this.#desk.busy(slot);
  }

  #setName = (event: SubmitEvent): void => {
    event.preventDefault();
    const name = new FormData(event.target as HTMLFormElement).get("name");
    if (typeof name === "string") void this.#patch("name", { name: name.trim() });
  };

  #setStatus = (event: Event): void => {
    const ownerStatus = chosen(event, this.charger.ownerStatus) as OwnerStatus;
    const question =
      ownerStatus === "inactive" ? asked("owner.inactive", "question.inactive") : undefined;
    void this.#patch("ownerStatus", { ownerStatus }, question);
  };

  #setStrategy = (event: Event): void => {
    const pauseStrategy = chosen(event, this.charger.pauseStrategy) as PauseStrategy;
    void this.#patch("pauseStrategy", { pauseStrategy });
  };

  #approve = (): void => {
    void this.#patch("approved", { approved: true });
  };

  #patch(slot: string, body: ChargerPatch, question?: Question): Promise<boolean> {
    const id = this.charger.chargePointId;
    const send = (): Promise<unknown> =>
      this.client.call("PATCH /api/chargers/{charge_point_id}", {
        path: { charge_point_id: id },
        body,
      });
    return this.#desk.perform(slot, id, id, send, localize("owner.saved"), question);
  }

  #disconnect = (): void => {
    const id = this.charger.chargePointId;
    const send = (): Promise<unknown> =>
      this.client.call("POST /api/chargers/{charge_point_id}/disconnect", {
        path: { charge_point_id: id },
      });
    const question = asked("owner.disconnect", "question.disconnect");
    void this.#desk.perform("gone", id, id, send, localize("owner.disconnected"), question);
  };

  #delete = (): void => {
    const id = this.charger.chargePointId;
    const send = (): Promise<unknown> =>
      this.client.call("DELETE /api/chargers/{charge_point_id}", {
        path: { charge_point_id: id },
      });
    const question = { ...asked("owner.delete", "question.delete"), typed: id };
    void this.#desk
      .perform("gone", id, id, send, localize("owner.deleted"), question)
      .then((done) => {
        if (done) navigate(["chargers"]);
      });
  };
}

function asked(action: TextKey, effect: TextKey): Question {
  return { heading: localize(action), effect: localize(effect), action: localize(action) };
}

// The choice moves when the server has confirmed it.
function chosen(event: Event, present: string): string {
  const field = event.target as HTMLSelectElement;
  const { value } = field;
  field.value = present;
  return value;
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-charger-owner": OyeChargerOwner;
  }
}
