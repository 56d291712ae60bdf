import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { JournalEntry, TransactionEntry } from "../api/types.gen.ts";
import { aroundMoment } from "../domain/live-link.ts";
import { plainText } from "../domain/text.ts";
import { csmsState, toneOfCsmsState } from "../domain/transaction-list.ts";
import { unitsOf } from "../domain/units.ts";
import { hashOf } from "../router.ts";
import { base, facts, panel } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import { fact } from "./fact.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-id.ts";
import "./oye-kept-messages.ts";
import "./oye-state.ts";

/** What the CSMS knows of a transaction, and what was kept for it. */
@customElement("oye-transaction-csms")
export class OyeTransactionCsms extends OyeElement {
  static override styles = [base, panel, facts];

  @property({ attribute: false }) entry!: TransactionEntry;
  @property({ attribute: false }) journal: readonly JournalEntry[] = [];
  /** How many messages of its charger the CSMS has yet to hear. */
  @property({ type: Number }) pending = 0;

  protected override render(): unknown {
    const { entry } = this;
    const known = csmsState(entry, this.pending);
    return html`<section class="panel" aria-labelledby="operator">
      <header>
        <h2 id="operator">${localize("transaction.operator")}</h2>
        <oye-state tone=${toneOfCsmsState(known)}
          >${localize(`transactions.csms_${known}`)}</oye-state
        >
      </header>
      <div class="body">
        <dl class="facts">
          ${csmsId(entry)} ${acknowledged(entry)}
          ${fact(localize("transaction.in_live"), inLive(entry))}
        </dl>
        ${
          this.journal.length === 0
            ? html`<p class="quiet">${localize("transaction.journal_none")}</p>`
            : html`<oye-kept-messages
                summary="${localize("transaction.journal")} (${this.journal.length})"
                .journal=${this.journal}
              ></oye-kept-messages>`
        }
      </div>
    </section>`;
  }
}

function csmsId({ csmsTransactionId }: TransactionEntry): unknown {
  if (csmsTransactionId === null) return nothing;
  return fact(
    localize("transaction.csms_id"),
    html`<oye-id class="mono" .value=${csmsTransactionId}></oye-id>`,
  );
}

function acknowledged(entry: TransactionEntry): unknown {
  return html`${fact(
    localize("transaction.start_heard"),
    heard(entry.startAcknowledgedAt, entry.startRefusal),
  )}
  ${
    entry.state === "open"
      ? nothing
      : fact(localize("transaction.stop_heard"), heard(entry.stopAcknowledgedAt, entry.stopRefusal))
  }`;
}

function heard(at: string | null, refusal: string | null): string {
  if (refusal !== null) return localize("transaction.refusal", { code: plainText(refusal) });
  return at === null ? localize("transaction.not_heard") : unitsOf(language()).dateTime(at);
}

function inLive({ chargePointId, begunAt, stoppedAt }: TransactionEntry): unknown {
  const link = (at: string, text: string): unknown =>
    html`<a href=${hashOf(["live"], aroundMoment(chargePointId, Date.parse(at)))}>${text}</a>`;
  return html`${link(begunAt, localize("transaction.start_in_live"))}
  ${stoppedAt === null ? nothing : html`· ${link(stoppedAt, localize("transaction.end_in_live"))}`}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-transaction-csms": OyeTransactionCsms;
  }
}
