import { css, html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import {
  type FilterWord,
  formatFilter,
  isChoice,
  MARKS,
  parseFilter,
  PEERS,
  toggleWord,
  type WordKind,
} from "../domain/filter.ts";
import { hasUnseen, plainText, shortened } from "../domain/text.ts";
import { chips } from "../styles/chips.ts";
import { base, plainButton } from "../styles/shared.ts";
import { wordText } from "../texts/filter-words.ts";
import { localize } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-filter-range.ts";
import "./oye-filter-refusal.ts";
import "./oye-icon.ts";
import "./oye-id.ts";
import "./oye-search.ts";
import type { OyeSearch } from "./oye-search.ts";
import { Wide } from "./wide.ts";

const TYPING_PAUSE = 300;

/**
 * A filter with its two faces, text and chips; the server evaluates it.
 *
 * What is inside stands beside the text. Emits `oye-filter` (the text) and `oye-heartbeats` (boolean).
 */
@customElement("oye-filter-bar")
export class OyeFilterBar extends OyeElement {
  static override styles = [
    base,
    plainButton,
    chips,
    css`
      :host {
        display: grid;
        gap: var(--oye-space-2);
        min-inline-size: 0;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--oye-space-1) var(--oye-space-2);
      }
      oye-search {
        flex: 1 1 16rem;
      }
    `,
  ];

  @property() value = "";
  /** What the server does not understand, in its words. */
  @property() refusal = "";
  @property({ attribute: false }) chargers: readonly string[] = [];
  @property({ type: Boolean }) heartbeats = false;
  /** Show the chips, which phones hide until they are asked for. */
  @property({ type: Boolean }) open = false;
  @query("oye-search") private readonly _search!: OyeSearch;
  protected readonly wide = new Wide(this);
  #typing: ReturnType<typeof setTimeout> | undefined;

  override focus(): void {
    this._search.focus();
  }

  protected override render(): unknown {
    return html`<div class="line">
        <oye-search
          label=${localize("live.filter")}
          placeholder=${localize(this.wide.matches ? "live.filter_hint" : "live.filter")}
          .value=${this.value}
          @oye-change=${this.#type}
        ></oye-search>
        <slot></slot>
      </div>
      ${hasUnseen(this.value) ? this.#written() : nothing}
      <oye-filter-refusal .value=${this.value} .sentence=${this.refusal}></oye-filter-refusal>
      ${this.open ? this.#chips() : nothing}`;
  }

  // A field shows nothing of what cannot be seen, but obeys it.
  #written(): unknown {
    return html`<code><oye-id room="400" .value=${this.value}></oye-id></code>`;
  }

  #chips(): unknown {
    const words = parseFilter(this.value);
    return html`<div class="chips" role="group" aria-label=${localize("live.filters")}>
      ${this.#charger()}
      <oye-filter-range .value=${this.value} @oye-filter=${this.#setRange}></oye-filter-range>
      ${MARKS.map((mark) => this.#toggle("is", mark, localize(`live.is.${mark}`)))}
      ${PEERS.map((peer) => this.#toggle("from", peer, localize(`live.from.${peer}`)))}
      ${this.#heartbeats()}
      ${words.map((word, index) => (isChoice(word) ? nothing : this.#word(word, index, words)))}
    </div>`;
  }

  #charger(): unknown {
    if (this.chargers.length === 0) return nothing;
    return html`<select aria-label=${localize("live.add_charger")} @change=${this.#addCharger}>
      <option value="" selected>${localize("live.charger")}</option>
      ${this.chargers.map(
        (id, index) =>
          html`<option value=${index}>
            ${plainText(shortened(id, 32)) || localize("id.empty")}
          </option>`,
      )}
    </select>`;
  }

  #heartbeats(): unknown {
    return html`<button
      class="chip"
      type="button"
      aria-pressed=${this.heartbeats ? "false" : "true"}
      @click=${this.#toggleHeartbeats}
    >
      <oye-icon name=${this.heartbeats ? "eye" : "eye-off"}></oye-icon>
      ${localize(this.heartbeats ? "live.heartbeats_shown" : "live.heartbeats_hidden")}
    </button>`;
  }

  #toggle(kind: WordKind, value: string, label: string): unknown {
    const isOn = parseFilter(this.value).some(
      (word) => word.kind === kind && word.value === value && !word.excludes,
    );
    const toggle = (): void => {
      this.#emit(toggleWord(this.value, kind, value));
    };
    return html`<button
      class="chip"
      type="button"
      aria-pressed=${isOn ? "true" : "false"}
      @click=${toggle}
    >
      ${label}
    </button>`;
  }

  #word(word: FilterWord, index: number, words: readonly FilterWord[]): unknown {
    const remove = (): void => {
      this.#emit(formatFilter(words.filter((_, other) => other !== index)));
    };
    return html`<button
      class="chip word ${word.problem === null ? "" : "problem"}"
      type="button"
      @click=${remove}
    >
      <span class="hidden">${localize("live.remove_word", { text: "" })}</span
      ><oye-id still room="40" .value=${wordText(word)}></oye-id> <oye-icon name="close"></oye-icon>
    </button>`;
  }

  #type = (event: CustomEvent<string>): void => {
    event.stopPropagation();
    clearTimeout(this.#typing);
    const text = event.detail;
    this.#typing = setTimeout(() => {
      this.#emit(text);
    }, TYPING_PAUSE);
  };

  #addCharger = (event: Event): void => {
    const select = event.target as HTMLSelectElement;
    const id = this.chargers[Number(select.value)];
    const isChosen = select.value !== "";
    select.value = "";
    if (isChosen && id !== undefined) this.#emit(toggleWord(this.value, "charger", id));
  };

  #setRange = (event: CustomEvent<string>): void => {
    event.stopPropagation();
    this.#emit(event.detail);
  };

  #toggleHeartbeats = (): void => {
    emit(this, "oye-heartbeats", !this.heartbeats);
  };

  #emit(text: string): void {
    clearTimeout(this.#typing);
    emit(this, "oye-filter", text);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-filter-bar": OyeFilterBar;
  }
}
