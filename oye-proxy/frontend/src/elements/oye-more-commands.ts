import { consume } from "@lit/context";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { ChargerState, ReservationFacts } from "../api/types.gen.ts";
import {
  ASKED,
  bodyOf,
  fieldsOf,
  FORM_COMMANDS,
  type FormCommand,
  type FormField,
} from "../domain/command-forms.ts";
import { maskedTag } from "../domain/text.ts";
import { unitsOf } from "../domain/units.ts";
import { CommandDesk } from "../state/command-desk.ts";
import { clientContext } from "../state/contexts.ts";
import { form, said } from "../styles/form.ts";
import { base, panel } from "../styles/shared.ts";
import { language, localize, localizeCode } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import "./oye-id.ts";

/** The commands that are needed now and then, each behind its name. */
@customElement("oye-more-commands")
export class OyeMoreCommands extends OyeElement {
  static override styles = [
    base,
    panel,
    form,
    said,
    css`
      details + details {
        border-block-start: 1px solid var(--oye-border);
      }
      summary {
        display: flex;
        align-items: center;
        gap: var(--oye-space-2);
        min-block-size: 2.5rem;
        padding-inline: var(--oye-space-3);
        cursor: pointer;
        list-style: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary:hover {
        background: var(--oye-hover);
      }
      summary oye-icon {
        color: var(--oye-text-quiet);
        transition: rotate var(--oye-motion);
      }
      details[open] > summary oye-icon {
        rotate: 90deg;
      }
      details > div {
        display: grid;
        gap: var(--oye-space-2);
        padding: 0 var(--oye-space-3) var(--oye-space-3);
      }
      .said {
        margin: 0;
      }
      .reservation {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--oye-space-2);
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @property({ attribute: false }) charger!: ChargerState;
  @property({ type: Boolean }) off = false;
  readonly #desk = new CommandDesk(this, () => this.client);

  protected override render(): unknown {
    return html`<section class="panel" aria-labelledby="title">
        <header><h2 id="title">${localize("more.title")}</h2></header>
        ${FORM_COMMANDS.map((command) => this.#command(command))}
      </section>
      ${this.#desk.dialog()}`;
  }

  #command(command: FormCommand): unknown {
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      this.#send(command, event.target as HTMLFormElement);
    };
    const title = localize(`more.${command}`);
    return html`<details>
      <summary><oye-icon name="chevron-right"></oye-icon>${title}</summary>
      <div>
        <p class="quiet">${localize(`more.${command}_text`)}</p>
        ${command === "reserve" ? this.#reservations() : nothing}
        ${command === "local-list-version" ? this.#listVersion() : nothing}
        <form @submit=${submit}>
          ${fieldsOf(command, this.charger).map((field) => this.#field(field))}
          <wa-button
            size="s"
            type="submit"
            variant=${ASKED.has(command) ? "danger" : "brand"}
            appearance=${ASKED.has(command) ? "outlined" : "accent"}
            ?loading=${this.#desk.busy(command)}
            ?disabled=${this.off}
            >${localize("more.send")}<span class="hidden"> ${title}</span></wa-button
          >
        </form>
        ${this.#desk.words(command)}
      </div>
    </details>`;
  }

  #field(field: FormField): unknown {
    const label = localizeCode("field", field.name) ?? field.name;
    switch (field.kind) {
      case "choice":
        return html`<label class="field"
          ><span>${label}</span>
          <select name=${field.name}>
            ${field.choices.map(
              (one) => html`<option value=${one}>${localizeCode("choice", one) ?? one}</option>`,
            )}
          </select></label
        >`;
      case "connector":
        return html`<label class="field"
          ><span>${label}</span>
          <select name=${field.name}>
            <option value="">${localize("chargers.whole")}</option>
            ${this.charger.connectors.map(
              ({ evseId }) =>
                html`<option value=${evseId}>
                  ${localize("chargers.connector", { number: evseId })}
                </option>`,
            )}
          </select></label
        >`;
      case "lines":
        return html`<label class="field wide"
          ><span>${label}</span
          ><textarea name=${field.name} spellcheck="false" ?required=${field.required}></textarea>
        </label>`;
      case "date-time":
      case "number":
      case "text":
        return html`<label class="field"
          ><span>${label}</span
          ><input
            name=${field.name}
            type=${field.kind === "date-time" ? "datetime-local" : field.kind}
            autocomplete="off"
            spellcheck="false"
            ?required=${field.required}
        /></label>`;
    }
  }

  #reservations(): unknown {
    return this.charger.reservations.map((one) => this.#reservation(one));
  }

  #reservation({ reservationId, evseId, idTag, until }: ReservationFacts): unknown {
    const cancel = (): void => {
      void this.#desk.command(
        "cancel-reservation",
        this.charger.chargePointId,
        { reservationId },
        { slot: "reserve" },
      );
    };
    const place =
      evseId === null
        ? localize("chargers.whole")
        : localize("chargers.connector", { number: evseId });
    return html`<div class="reservation">
      <span
        >${place}, <oye-id room="24" .value=${maskedTag(idTag ?? "")}></oye-id>,
        ${localize("more.until", { time: unitsOf(language()).dateTime(until) })}</span
      >
      <wa-button size="s" appearance="outlined" ?disabled=${this.off} @click=${cancel}
        >${localize("more.cancel_reservation")}</wa-button
      >
    </div>`;
  }

  #listVersion(): unknown {
    const version = this.charger.localListVersion;
    return version === null ? nothing : html`<p>${localize("more.list_version", { version })}</p>`;
  }

  #send(command: FormCommand, filled: HTMLFormElement): void {
    const values = new Map(
      [...new FormData(filled)].flatMap(([name, value]) =>
        typeof value === "string" ? [[name, value] as const] : [],
      ),
    );
    const question = {
      heading: localize(`more.${command}`),
      effect: localize(`more.${command}_text`),
      action: localize(`more.${command}`),
    };
    void this.#desk.command(
      command,
      this.charger.chargePointId,
      bodyOf(command, values),
      ASKED.has(command) ? { question } : {},
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-more-commands": OyeMoreCommands;
  }
}
