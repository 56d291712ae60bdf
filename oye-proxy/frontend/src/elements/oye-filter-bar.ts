import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import {
  type FilterWord,
  formatFilter,
  MARKS,
  parseFilter,
  PEERS,
  toggleWord,
  type WordKind,
} from "../domain/filter.ts";
import { plainText, shortened } from "../domain/text.ts";
import { base, plainButton } from "../styles/shared.ts";
import { localize, localizeCode } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import "./oye-id.ts";
import "./oye-search.ts";
import type { OyeSearch } from "./oye-search.ts";

const RANGES = ["1h", "24h"] as const;
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
      .chips {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--oye-space-1);
      }
      .chip,
      select {
        display: inline-flex;
        align-items: center;
        gap: var(--oye-space-1);
        max-inline-size: 100%;
        min-block-size: max(1.625rem, calc(var(--oye-target) - 0.375rem));
        padding: 0 var(--oye-space-2);
        border: 1px solid var(--oye-border);
        border-radius: 1rem;
        background: var(--oye-surface);
        color: var(--oye-text);
        font: inherit;
        font-size: var(--oye-size-2);
        cursor: pointer;
      }
      select {
        max-inline-size: 11rem;
      }
      .chip:hover,
      select:hover {
        background: var(--oye-hover);
      }
      .chip[aria-pressed="true"],
      .chip.word {
        border-color: var(--oye-accent);
        background: var(--oye-accent-soft);
        color: var(--oye-accent);
        font-weight: 600;
      }
      .chip.problem {
        border-color: var(--oye-fault);
        background: var(--oye-fault-soft);
        color: var(--oye-fault);
      }
      .split {
        inline-size: 1px;
        block-size: 1.25rem;
        margin-inline: var(--oye-space-1);
        background: var(--oye-border);
      }
      .refusal {
        display: grid;
        gap: var(--oye-space-1);
        padding: var(--oye-space-2);
        border: 1px solid var(--oye-fault);
        border-radius: var(--oye-radius);
        background: var(--oye-fault-soft);
      }
      .refusal code {
        font-family: var(--oye-font-mono);
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      mark {
        color: var(--oye-fault);
        background: none;
        text-decoration: underline wavy;
      }
      .range {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--oye-space-2);
      }
      .range label {
        display: inline-flex;
        align-items: center;
        gap: var(--oye-space-1);
      }
      .range input {
        min-block-size: var(--oye-target);
        padding-inline: var(--oye-space-2);
        border: 1px solid var(--oye-border-strong);
        border-radius: var(--oye-radius);
        background: var(--oye-surface);
        color: inherit;
        font: inherit;
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
  @state() private _ownRange = false;
  @query("oye-search") private readonly _search!: OyeSearch;
  #typing: ReturnType<typeof setTimeout> | undefined;

  override focus(): void {
    this._search.focus();
  }

  protected override render(): unknown {
    return html`<div class="line">
        <oye-search
          label=${localize("live.filter")}
          placeholder=${localize("live.filter_hint")}
          .value=${this.value}
          @oye-change=${this.#type}
        ></oye-search>
        <slot></slot>
      </div>
      ${this.refusal === "" ? nothing : this.#refusal()} ${this.open ? this.#chips() : nothing}
      ${this.open && this._ownRange ? this.#range() : nothing}`;
  }

  #chips(): unknown {
    const words = parseFilter(this.value);
    return html`<div class="chips" role="group" aria-label=${localize("live.filters")}>
      ${this.#charger()} ${this.#time(words)}
      <span class="split"></span>
      ${MARKS.map((mark) => this.#toggle("is", mark, localize(`live.is.${mark}`)))}
      <span class="split"></span>
      ${PEERS.map((peer) => this.#toggle("from", peer, localize(`live.from.${peer}`)))}
      <span class="split"></span>
      <button
        class="chip"
        type="button"
        aria-pressed=${this.heartbeats ? "false" : "true"}
        @click=${this.#toggleHeartbeats}
      >
        <oye-icon name=${this.heartbeats ? "eye" : "eye-off"}></oye-icon>
        ${localize(this.heartbeats ? "live.heartbeats_shown" : "live.heartbeats_hidden")}
      </button>
      ${words.map((word, index) => (isOfChip(word) ? nothing : this.#word(word, index, words)))}
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

  #time(words: readonly FilterWord[]): unknown {
    const since = words.find((word) => word.kind === "since")?.value ?? "";
    const hasUntil = words.some((word) => word.kind === "until");
    const known = !hasUntil && (RANGES as readonly string[]).includes(since);
    const value = this._ownRange || hasUntil || (since !== "" && !known) ? "own" : since;
    return html`<select
      aria-label=${localize("live.range")}
      .value=${value}
      @change=${this.#setRange}
    >
      <option value="" ?selected=${value === ""}>${localize("live.any_time")}</option>
      ${RANGES.map(
        (range) =>
          html`<option value=${range} ?selected=${value === range}>
            ${localize(`live.last.${range}`)}
          </option>`,
      )}
      <option value="own" ?selected=${value === "own"}>${localize("live.own_range")}</option>
    </select>`;
  }

  #range(): unknown {
    return html`<form class="range" @submit=${this.#setOwnRange}>
      <label>${localize("live.since")} <input type="datetime-local" name="since" step="1" /></label>
      <label>${localize("live.until")} <input type="datetime-local" name="until" step="1" /></label>
      <wa-button size="s" type="submit">${localize("live.apply")}</wa-button>
    </form>`;
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
    const text = wordText(word);
    return html`<button
      class="chip word ${word.problem === null ? "" : "problem"}"
      type="button"
      @click=${remove}
    >
      <span class="hidden">${localize("live.remove_word", { text: "" })}</span
      ><oye-id still room="40" .value=${text}></oye-id> <oye-icon name="close"></oye-icon>
    </button>`;
  }

  #refusal(): unknown {
    const [, position, reason] = /at character (\d+): ([^]*)/.exec(this.refusal) ?? [];
    if (position === undefined)
      return html`<div class="refusal" role="alert">${this.refusal}</div>`;
    const start = Number(position) - 1;
    const length = /^\S*/.exec(this.value.slice(start))?.[0].length ?? 0;
    return html`<div class="refusal" role="alert">
      <span>${localize("live.refused", { position, reason: plainText(reason ?? "") })}</span>
      <code
        ><bdi
          >${plainText(this.value.slice(0, start))}<mark>${plainText(this.value.slice(start, start + length)) || "␣"}</mark>${plainText(this.value.slice(start + length))}</bdi
        ></code
      >
    </div>`;
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

  #setRange = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    this._ownRange = value === "own";
    if (value !== "own") this.#emit(withRange(this.value, value, ""));
  };

  #setOwnRange = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    this.#emit(withRange(this.value, moment(data.get("since")), moment(data.get("until"))));
  };

  #toggleHeartbeats = (): void => {
    emit(this, "oye-heartbeats", !this.heartbeats);
  };

  #emit(text: string): void {
    clearTimeout(this.#typing);
    emit(this, "oye-filter", text);
  }
}

function isOfChip(word: FilterWord): boolean {
  const choices: readonly string[] = word.kind === "is" ? MARKS : word.kind === "from" ? PEERS : [];
  return choices.includes(word.value) && !word.excludes;
}

function wordText(word: FilterWord): string {
  const { value } = word;
  if (word.problem !== null) return localize(`filter.${word.problem}`, { value });
  const text = localizeCode("filter", word.kind, { value }) ?? `${word.kind}:${value}`;
  return word.excludes ? localize("filter.not", { text }) : text;
}

function withRange(text: string, since: string, until: string): string {
  const others = parseFilter(text).filter(({ kind }) => kind !== "since" && kind !== "until");
  const words = [...others];
  if (since !== "") words.push({ kind: "since", value: since, excludes: false, problem: null });
  if (until !== "") words.push({ kind: "until", value: until, excludes: false, problem: null });
  return formatFilter(words);
}

function moment(value: FormDataEntryValue | null): string {
  const time = typeof value === "string" ? new Date(value) : new Date(Number.NaN);
  return Number.isNaN(time.getTime()) ? "" : time.toISOString();
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-filter-bar": OyeFilterBar;
  }
}
