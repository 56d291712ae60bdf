import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { ChargerState, TransactionEntry } from "../api/types.gen.ts";
import { csmsState, secondsOf, toneOfCsmsState } from "../domain/transaction-list.ts";
import { unitsOf } from "../domain/units.ts";
import { hashOf } from "../router.ts";
import { base, table } from "../styles/shared.ts";
import { cards } from "../styles/table-cards.ts";
import { language, localize } from "../texts/localize.ts";
import { tagFact } from "./fact.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-id.ts";
import "./oye-state.ts";

/** Transactions as a table, as cards where there is little room. */
@customElement("oye-transaction-table")
export class OyeTransactionTable extends OyeElement {
  static override styles = [base, table, cards];

  @property({ attribute: false }) entries: readonly TransactionEntry[] = [];
  @property({ attribute: false }) chargers: ReadonlyMap<string, ChargerState> = new Map();

  protected override render(): unknown {
    return html`<table class="cards">
      <thead>
        <tr>
          <th scope="col">${localize("transactions.begun")}</th>
          <th scope="col">${localize("view.charger")}</th>
          <th scope="col" class="number">${localize("transactions.energy")}</th>
          <th scope="col" class="number">${localize("transactions.duration")}</th>
          <th scope="col">${localize("transactions.tag")}</th>
          <th scope="col">${localize("transactions.started_by")}</th>
          <th scope="col">${localize("transactions.csms")}</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          this.entries,
          (entry) => entry.id,
          (entry) => this.#row(entry),
        )}
      </tbody>
    </table>`;
  }

  #row(entry: TransactionEntry): unknown {
    const units = unitsOf(language());
    const pending = this.chargers.get(entry.chargePointId)?.journalPending ?? 0;
    const known = csmsState(entry, pending);
    return html`<tr>
      <td class="main">${begun(entry)}</td>
      <td class="wide">${place(entry)}</td>
      <td class="number">${units.energy(entry.energyWh)}</td>
      <td class="number">${units.duration(secondsOf(entry, Date.now()))}</td>
      <td>${tagFact(entry.idTag, entry.idTagName)}</td>
      <td>${startedBy(entry)}</td>
      <td class="end">
        <oye-state tone=${toneOfCsmsState(known)}
          >${localize(`transactions.csms_${known}`)}</oye-state
        >
      </td>
    </tr>`;
  }
}

function begun({ id, begunAt, state }: TransactionEntry): unknown {
  const units = unitsOf(language());
  return html`<a href=${hashOf(["transactions", String(id)])} title=${units.utc(begunAt)}
      >${units.dateTime(begunAt)}</a
    >
    ${
      state === "open"
        ? html`<oye-state tone="active">${localize("transactions.open")}</oye-state>`
        : nothing
    }`;
}

function place({ chargePointId, evseId, connectorId }: TransactionEntry): unknown {
  const number = evseId ?? connectorId;
  return html`<oye-id room="24" .value=${chargePointId}></oye-id> ${
      number === null
        ? nothing
        : html`<span class="quiet">${localize("chargers.connector", { number })}</span>`
    }`;
}

function startedBy({ startedBy: who }: TransactionEntry): string {
  return localize(who === null ? "general.unknown" : `started_by.${who}`);
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-transaction-table": OyeTransactionTable;
  }
}
