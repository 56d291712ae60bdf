import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { parseFilter } from "../domain/filter.ts";
import { rangeOf, RANGES, withRange } from "../domain/filter-range.ts";
import { momentOfLocal } from "../domain/moments.ts";
import { chips } from "../styles/chips.ts";
import { box } from "../styles/form.ts";
import { base } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import "./oye-dialog.ts";
import { emit, OyeElement } from "./oye-element.ts";

/** The range of time of a filter; emits `oye-filter`, the filter with another one. */
@customElement("oye-filter-range")
export class OyeFilterRange extends OyeElement {
  static override styles = [
    base,
    chips,
    css`
      :host {
        display: contents;
      }
      form {
        display: grid;
        gap: var(--oye-space-3);
      }
      label {
        display: grid;
        gap: var(--oye-space-1);
      }
      input {
        ${box}
      }
      wa-button {
        justify-self: end;
      }
      oye-dialog {
        position: absolute;
      }
    `,
  ];

  /** The filter. */
  @property() value = "";
  @state() private _own = false;

  protected override render(): unknown {
    const known = rangeOf(parseFilter(this.value));
    // A choice that is shown cannot be made again: the range that is set has an entry of its own.
    const shown = this._own ? "own" : known === "own" ? "set" : known;
    return html`<select
        aria-label=${localize("live.range")}
        .value=${shown}
        @change=${this.#choose}
      >
        <option value="" ?selected=${shown === ""}>${localize("live.any_time")}</option>
        ${RANGES.map(
          (range) =>
            html`<option value=${range} ?selected=${shown === range}>
              ${localize(`live.last.${range}`)}
            </option>`,
        )}
        <option value="own" ?selected=${shown === "own"}>${localize("live.own_range")}</option>
        <option value="set" ?selected=${shown === "set"} hidden>
          ${localize("live.own_range")}
        </option>
      </select>
      <oye-dialog heading=${localize("live.own_range")} .open=${this._own} @oye-close=${this.#close}
        >${this._own ? this.#form() : nothing}</oye-dialog
      >`;
  }

  #form(): unknown {
    return html`<form @submit=${this.#apply}>
      <label>${localize("live.since")} <input type="datetime-local" name="since" step="1" /></label>
      <label>${localize("live.until")} <input type="datetime-local" name="until" step="1" /></label>
      <wa-button type="submit" variant="brand">${localize("live.apply")}</wa-button>
    </form>`;
  }

  #close = (): void => {
    this._own = false;
  };

  #choose = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    this._own = value === "own";
    if (!this._own) this.#emit(value, "");
  };

  #apply = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const moment = (name: string): string => {
      const local = data.get(name);
      return typeof local === "string" ? (momentOfLocal(local) ?? "") : "";
    };
    this._own = false;
    this.#emit(moment("since"), moment("until"));
  };

  #emit(since: string, until: string): void {
    emit(this, "oye-filter", withRange(this.value, since, until));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-filter-range": OyeFilterRange;
  }
}
