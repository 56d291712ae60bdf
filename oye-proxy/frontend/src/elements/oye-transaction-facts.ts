import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { TransactionEntry } from "../api/types.gen.ts";
import { meterNow, secondsOf } from "../domain/transaction-list.ts";
import { unitsOf, type Units } from "../domain/units.ts";
import { hashOf } from "../router.ts";
import { base, facts, panel } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import { fact, tagFact } from "./fact.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-id.ts";
import "./oye-state.ts";

/** What is known of a transaction, whoever told it. */
@customElement("oye-transaction-facts")
export class OyeTransactionFacts extends OyeElement {
  static override styles = [base, panel, facts];

  @property({ attribute: false }) entry!: TransactionEntry;

  protected override render(): unknown {
    const { entry } = this;
    const units = unitsOf(language());
    return html`<section class="panel" aria-labelledby="facts">
      <header>
        <h2 id="facts">${localize("transaction.facts")}</h2>
        ${
          entry.state === "open"
            ? html`<oye-state tone="active">${localize("transactions.open")}</oye-state>`
            : nothing
        }
      </header>
      <div class="body">
        <dl class="facts">
          ${place(entry)} ${times(entry, units)} ${energy(entry, units)} ${tags(entry)}
          ${origin(entry)} ${notes(entry)}
        </dl>
      </div>
    </section>`;
  }
}

function place(entry: TransactionEntry): unknown {
  const number = entry.evseId ?? entry.connectorId;
  return fact(
    localize("view.charger"),
    html`<a href=${hashOf(["chargers", entry.chargePointId])}
        ><oye-id still .value=${entry.chargePointId}></oye-id
      ></a>
      ${number === null ? nothing : localize("chargers.connector", { number })}`,
  );
}

function times(entry: TransactionEntry, units: Units): unknown {
  const when = (at: string): unknown =>
    html`<span title=${units.utc(at)}>${units.dateTime(at)}</span>`;
  const unknownEnd =
    entry.state === "open" ? "transaction.still_open" : "transaction.ended_unknown";
  return html`${fact(localize("transaction.begun"), when(entry.begunAt))}
  ${fact(
    localize("transaction.ended"),
    entry.stoppedAt === null ? localize(unknownEnd) : when(entry.stoppedAt),
  )}
  ${fact(localize("transactions.duration"), units.duration(secondsOf(entry, Date.now())))}`;
}

function energy(entry: TransactionEntry, units: Units): unknown {
  const { meterStartWh } = entry;
  const meter = { start: units.meter(meterStartWh), stop: units.meter(meterNow(entry)) };
  return html`${fact(localize("transactions.energy"), units.energy(entry.energyWh))}
  ${
    meterStartWh === null
      ? nothing
      : fact(localize("transaction.meter"), localize("transaction.meter_range", meter))
  }`;
}

function tags(entry: TransactionEntry): unknown {
  return html`${fact(localize("transactions.tag"), tagFact(entry.idTag, entry.idTagName))}
  ${
    entry.stopIdTag === null
      ? nothing
      : fact(localize("transaction.stop_tag"), tagFact(entry.stopIdTag, null))
  }`;
}

function origin({ startedBy, reason, transactionId }: TransactionEntry): unknown {
  const starter = startedBy === null ? "general.unknown" : (`started_by.${startedBy}` as const);
  return html`${fact(localize("transactions.started_by"), localize(starter))}
  ${
    reason === null
      ? nothing
      : fact(localize("transaction.reason"), html`<oye-id .value=${reason}></oye-id>`)
  }
  ${fact(
    localize("transaction.own_id"),
    html`<oye-id class="mono" .value=${transactionId}></oye-id>`,
  )}`;
}

function notes(entry: TransactionEntry): unknown {
  const words = (["gap", "adopted", "offline"] as const).filter((name) => entry[name]);
  if (words.length === 0) return nothing;
  return fact(
    localize("transaction.notes"),
    words.map((word) => localize(`transaction.${word}`)).join(" "),
  );
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-transaction-facts": OyeTransactionFacts;
  }
}
