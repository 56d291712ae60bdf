import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { plainText, shortened } from "../domain/text.ts";
import { DEFAULT_RANGE, RANGES } from "../domain/transaction-list.ts";
import { form } from "../styles/form.ts";
import { base } from "../styles/shared.ts";
import { localize, localizeCode } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";

/** A choice that the address keeps. */
export interface TransactionChoice {
  readonly name: "charger" | "range" | "from" | "to";
  readonly value: string;
}

/** What narrows the list of transactions; emits `oye-choice` and, for the id tag, `oye-tag`. */
@customElement("oye-transaction-filters")
export class OyeTransactionFilters extends OyeElement {
  static override styles = [
    base,
    form,
    css`
      @media (max-width: 599px) {
        form .field {
          flex: 1 1 9rem;
        }
      }
    `,
  ];

  /** The choices so far, as in the address. */
  @property({ attribute: false }) query: ReadonlyMap<string, string> = new Map();
  @property() idTag = "";
  @property({ attribute: false }) chargers: readonly string[] = [];

  protected override render(): unknown {
    const range = this.#get("range") || DEFAULT_RANGE;
    return html`<form @submit=${this.#stay} aria-label=${localize("transactions.filters")}>
      ${this.#chargers()} ${this.#ranges(range)}
      ${
        range === "own"
          ? html`${this.#day("from", localize("transactions.from"))}
            ${this.#day("to", localize("transactions.to"))}`
          : nothing
      }
      <label class="field"
        ><span>${localize("transactions.tag")}</span>
        <input
          autocomplete="off"
          spellcheck="false"
          maxlength="255"
          dir="auto"
          placeholder=${localize("transactions.tag_hint")}
          .value=${this.idTag}
          @change=${this.#setTag}
      /></label>
    </form>`;
  }

  #chargers(): unknown {
    return html`<label class="field"
      ><span>${localize("view.charger")}</span>
      <select @change=${this.#set("charger")}>
        <option value="">${localize("transactions.all_chargers")}</option>
        ${this.chargers.map(
          (id) =>
            html`<option value=${id} ?selected=${id === this.#get("charger")}>
              ${plainText(shortened(id, 32))}
            </option>`,
        )}
      </select></label
    >`;
  }

  #ranges(chosen: string): unknown {
    return html`<label class="field small"
      ><span>${localize("transactions.range")}</span>
      <select @change=${this.#set("range")}>
        ${[...RANGES.keys(), "own"].map(
          (name) =>
            html`<option value=${name} ?selected=${name === chosen}>
              ${localizeCode("transactions.ranges", name) ?? name}
            </option>`,
        )}
      </select></label
    >`;
  }

  #day(name: "from" | "to", label: string): unknown {
    return html`<label class="field small"
      ><span>${label}</span>
      <input type="date" .value=${this.#get(name)} @change=${this.#set(name)}
    /></label>`;
  }

  #get(name: string): string {
    return this.query.get(name) ?? "";
  }

  #set(name: TransactionChoice["name"]): (event: Event) => void {
    return (event) => {
      const { value } = event.target as HTMLInputElement | HTMLSelectElement;
      const choice: TransactionChoice = { name, value };
      emit(this, "oye-choice", choice);
    };
  }

  #setTag = (event: Event): void => {
    emit(this, "oye-tag", (event.target as HTMLInputElement).value.trim());
  };

  #stay = (event: Event): void => {
    event.preventDefault();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-transaction-filters": OyeTransactionFilters;
  }
}
