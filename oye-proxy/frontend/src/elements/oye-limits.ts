import { consume } from "@lit/context";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { ChargerState, LimitRequest, LimitScope } from "../api/types.gen.ts";
import { limitRows, type LimitRow } from "../domain/limit-rows.ts";
import { unitsOf } from "../domain/units.ts";
import { CommandDesk } from "../state/command-desk.ts";
import { clientContext } from "../state/contexts.ts";
import { form, said } from "../styles/form.ts";
import { base } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";

/** The limits that the owner sets in amperes, each with what the charger accepted of it. */
@customElement("oye-limits")
export class OyeLimits extends OyeElement {
  static override styles = [
    base,
    form,
    said,
    css`
      .rows {
        display: grid;
        gap: var(--oye-space-3);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--oye-space-2) var(--oye-space-3);
      }
      .row .field {
        flex: 1 1 10rem;
        max-inline-size: 18rem;
      }
      .row small {
        flex: 1 1 100%;
        font-size: var(--oye-size-2);
        color: var(--oye-text-quiet);
      }
      .amperes {
        display: flex;
        align-items: center;
        gap: var(--oye-space-2);
      }
      .said {
        margin: 0;
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @property({ attribute: false }) charger!: ChargerState;
  @property({ attribute: false }) scopes: readonly LimitScope[] = ["maximum", "session", "default"];
  @property({ type: Boolean }) off = false;
  readonly #desk = new CommandDesk(this, () => this.client);
  /** What was wished before a wish that was sent, by its place. */
  readonly #before = new Map<string, number | null>();

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("charger")) return;
    for (const row of limitRows(this.charger)) {
      const slot = slotOf(row);
      if (this.#before.get(slot) !== row.wishedA) this.#before.delete(slot);
    }
  }

  protected override render(): unknown {
    const rows = limitRows(this.charger).filter(({ scope }) => this.scopes.includes(scope));
    return html`<div class="rows">${rows.map((row) => this.#row(row))}</div>
      ${this.#desk.dialog()}`;
  }

  #row(row: LimitRow): unknown {
    const slot = slotOf(row);
    const set = (event: SubmitEvent): void => {
      event.preventDefault();
      const field = (event.target as HTMLFormElement).elements.namedItem("limit");
      if (field instanceof HTMLInputElement && field.value !== "") {
        this.#set(slot, row, Number(field.value));
      }
    };
    const clear = (event: Event): void => {
      // This button goes with the limit.
      const { previousElementSibling } = event.currentTarget as HTMLElement;
      (previousElementSibling as HTMLElement | null)?.focus();
      const { scope, connectorId } = row;
      this.#before.set(slot, row.wishedA);
      void this.#desk.command(
        "clear-limit",
        this.charger.chargePointId,
        { scope, connectorId },
        { slot },
      );
    };
    const busy = this.#desk.busy(slot);
    const name =
      row.connectorId === null
        ? localize(`smart.${row.scope}`)
        : localize("smart.session_of", { number: row.connectorId });
    return html`<form class="row" @submit=${set}>
      <label class="field"
        ><span>${name}</span>
        <span class="amperes"
          ><input
            name="limit"
            type="number"
            inputmode="decimal"
            min="0"
            max="1000"
            step="any"
            required
            ?disabled=${this.off}
            ?readonly=${busy}
            .value=${row.wishedA === null ? "" : String(row.wishedA)}
          />A</span
        ></label
      >
      <wa-button size="s" type="submit" variant="brand" ?loading=${busy} ?disabled=${this.off}
        >${localize("smart.set")}<span class="hidden"> ${name}</span></wa-button
      >
      ${
        row.wishedA === null
          ? nothing
          : html`<wa-button
              size="s"
              appearance="outlined"
              ?disabled=${this.off || busy}
              @click=${clear}
              >${localize("smart.clear")}<span class="hidden"> ${name}</span></wa-button
            >`
      }
      <small>${this.#isOld(slot, row) ? localize("command.waiting") : this.#state(row)}</small>
      ${this.#desk.words(slot)}
    </form>`;
  }

  // What was sent is told a moment before the state that follows from it.
  #isOld(slot: string, row: LimitRow): boolean {
    return this.#desk.said(slot)?.tone === "good" && this.#before.get(slot) === row.wishedA;
  }

  #state(row: LimitRow): string {
    const units = unitsOf(language());
    if (row.wishedA === null) return localize(`smart.${row.scope}_none`);
    if (row.acceptedA === row.wishedA) {
      return localize("smart.holds", { limit: units.current(row.acceptedA) });
    }
    return row.acceptedA === null
      ? localize("smart.not_yet", { limit: units.current(row.wishedA) })
      : localize("smart.differs", {
          limit: units.current(row.wishedA),
          accepted: units.current(row.acceptedA),
        });
  }

  #set(slot: string, row: LimitRow, limitA: number): void {
    if (limitA === row.wishedA) this.#before.delete(slot);
    else this.#before.set(slot, row.wishedA);
    const request: LimitRequest = { limitA, scope: row.scope, connectorId: row.connectorId };
    void this.#desk.command("limit", this.charger.chargePointId, request, { slot });
  }
}

function slotOf(row: LimitRow): string {
  return `limit ${row.scope} ${String(row.connectorId ?? "")}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-limits": OyeLimits;
  }
}
