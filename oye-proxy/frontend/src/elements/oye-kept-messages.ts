import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { JournalEntry } from "../api/types.gen.ts";
import type { Tone } from "../domain/states.ts";
import { unitsOf } from "../domain/units.ts";
import { base } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-id.ts";
import "./oye-state.ts";

const TONES: Readonly<Record<JournalEntry["state"], Tone>> = {
  acknowledged: "ok",
  refused: "fault",
  pending: "waiting",
  local: "off",
};

/** The messages of a transaction that were kept until the CSMS heard them. */
@customElement("oye-kept-messages")
export class OyeKeptMessages extends OyeElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        margin-block-start: var(--oye-space-3);
      }
      summary {
        min-block-size: var(--oye-target);
        align-content: center;
        cursor: pointer;
        color: var(--oye-accent);
      }
      ul {
        max-block-size: 16rem;
        overflow: hidden auto;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--oye-space-3);
        padding-block: var(--oye-space-1);
        border-block-end: 1px solid var(--oye-border);
      }
      oye-state {
        margin-inline-start: auto;
      }
    `,
  ];

  @property({ attribute: false }) journal: readonly JournalEntry[] = [];

  protected override render(): unknown {
    const count = this.journal.length;
    if (count === 0) return html`<p class="quiet">${localize("transaction.journal_none")}</p>`;
    return html`<details>
      <summary>${localize("transaction.journal")} (${count})</summary>
      <ul tabindex="0" aria-label=${localize("transaction.journal")}>
        ${this.journal.map(message)}
      </ul>
    </details>`;
  }
}

function message({ arrivedAt, action, state }: JournalEntry): unknown {
  const units = unitsOf(language());
  return html`<li>
    <span title=${units.utc(arrivedAt)}>${units.time(arrivedAt)}</span>
    <oye-id .value=${action}></oye-id>
    <oye-state tone=${TONES[state]}>${localize(`transaction.entry_${state}`)}</oye-state>
  </li>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-kept-messages": OyeKeptMessages;
  }
}
