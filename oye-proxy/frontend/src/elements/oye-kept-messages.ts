import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { JournalEntry } from "../api/types.gen.ts";
import type { Tone } from "../domain/states.ts";
import { unitsOf } from "../domain/units.ts";
import { base } from "../styles/shared.ts";
import { language, localize, plural } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-id.ts";
import "./oye-state.ts";

const TONES: Readonly<Record<JournalEntry["state"], Tone>> = {
  acknowledged: "ok",
  refused: "fault",
  pending: "waiting",
  local: "off",
};

/** Messages that were kept until the CSMS heard them, behind a line; emits `oye-open` when they are wanted. */
@customElement("oye-kept-messages")
export class OyeKeptMessages extends OyeElement {
  static override styles = [
    base,
    css`
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

  @property() summary = "";
  @property({ attribute: false }) journal: readonly JournalEntry[] = [];
  /** How many there are beyond those. */
  @property({ type: Number }) more = 0;

  protected override render(): unknown {
    return html`<details @toggle=${this.#toggled}>
      <summary>${this.summary}</summary>
      <ul tabindex="0" aria-label=${localize("transaction.journal")}>
        ${this.journal.map(message)} ${this.more > 0 ? html`<li>+ ${this.more}</li>` : nothing}
      </ul>
    </details>`;
  }

  #toggled = (event: Event): void => {
    emit(this, "oye-open", (event.target as HTMLDetailsElement).open);
  };
}

function message({ arrivedAt, action, state, attempts }: JournalEntry): unknown {
  const units = unitsOf(language());
  return html`<li>
    <span title=${units.utc(arrivedAt)}>${units.moment(arrivedAt)}</span>
    <oye-id .value=${action}></oye-id>
    ${
      state === "pending" && attempts > 0
        ? html`<span class="quiet">${plural("transaction.attempts", attempts)}</span>`
        : nothing
    }
    <oye-state tone=${TONES[state]}>${localize(`transaction.entry_${state}`)}</oye-state>
  </li>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-kept-messages": OyeKeptMessages;
  }
}
