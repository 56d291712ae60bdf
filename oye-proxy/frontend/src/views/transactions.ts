import { consume } from "@lit/context";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { ApiClient } from "../api/client.ts";
import type { TransactionEntry } from "../api/types.gen.ts";
import { maskedTag } from "../domain/text.ts";
import {
  csmsState,
  dayStart,
  DEFAULT_RANGE,
  joined,
  RANGES,
  rangeStart,
  secondsOf,
  toneOfCsmsState,
  type TransactionFilter,
} from "../domain/transaction-list.ts";
import { unitsOf } from "../domain/units.ts";
import { download } from "../elements/download.ts";
import { OyeElement } from "../elements/oye-element.ts";
import "../elements/oye-id.ts";
import "../elements/oye-notice.ts";
import "../elements/oye-skeleton.ts";
import "../elements/oye-state.ts";
import { toast } from "../elements/oye-toasts.ts";
import "../elements/oye-transaction-totals.ts";
import type { TotalsBy } from "../elements/oye-transaction-totals.ts";
import { hashOf, replaceQuery, type Route } from "../router.ts";
import { clientContext, liveContext } from "../state/contexts.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import { form } from "../styles/form.ts";
import { base, page, panel, plainButton, table } from "../styles/shared.ts";
import { cards } from "../styles/table-cards.ts";
import { errorText } from "../texts/errors.ts";
import { language, localize, localizeCode } from "../texts/localize.ts";

const PAGE = 200;

/** All transactions, newest first, with what they amount to. */
@customElement("oye-view-transactions")
export class OyeViewTransactions extends OyeElement {
  static override styles = [
    base,
    page,
    panel,
    plainButton,
    form,
    table,
    cards,
    css`
      .stack {
        display: grid;
        gap: var(--oye-space-3);
      }
      .news {
        display: flex;
        gap: var(--oye-space-2);
        padding: var(--oye-space-2) var(--oye-space-3);
        border-block-end: 1px solid var(--oye-border);
      }
      .more {
        display: flex;
        justify-content: center;
        padding: var(--oye-space-2);
      }
      @media (max-width: 599px) {
        form .field {
          flex: 1 1 9rem;
        }
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @consume({ context: liveContext }) readonly live!: LiveStore;
  @property({ attribute: false }) route!: Route;
  @state() private _entries: readonly TransactionEntry[] | null = null;
  @state() private _nextBefore: number | null = null;
  @state() private _failed: string | null = null;
  @state() private _loading = false;
  /** A transaction began or ended since the list was read. */
  @state() private _news = false;
  @state() private _generation = 0;
  @query(".more") private readonly _end!: HTMLElement | null;
  // Personal data: kept out of the address.
  @state() private _tag = "";
  protected readonly observeLive = new Observe(this, () => this.live);
  #filter: TransactionFilter = {};
  #asked = 0;
  #stopEvents: (() => void) | null = null;
  readonly #end = new IntersectionObserver((seen) => {
    if (seen.some(({ isIntersecting }) => isIntersecting)) this.#older();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopEvents = this.live.onEvent(({ event }) => {
      if (event.startsWith("transaction_")) this._news = true;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopEvents?.();
    this.#end.disconnect();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("route") && !changed.has("_tag")) return;
    const filter = this.#wanted();
    if (JSON.stringify(filter) === JSON.stringify(this.#filter) && this._entries !== null) return;
    this.#filter = filter;
    void this.#load();
  }

  // What is still in sight after a page was added is not told again unless it is observed anew.
  protected override updated(): void {
    this.#end.disconnect();
    if (this._end !== null && !this._loading && this._failed === null) this.#end.observe(this._end);
  }

  protected override render(): unknown {
    return html`<div class="head">
        <h1>${localize("view.transactions")}</h1>
        <div class="tools">
          <wa-button size="s" appearance="outlined" @click=${this.#export}
            >${localize("transactions.csv")}</wa-button
          >
        </div>
      </div>
      <div class="stack">
        ${this.#filters()}
        <oye-transaction-totals
          .filter=${this.#filter}
          .by=${this.#by}
          .generation=${this._generation}
          @oye-by=${this.#setBy}
        ></oye-transaction-totals>
        ${this.#list()}
      </div>`;
  }

  #filters(): unknown {
    const range = this.#get("range") || DEFAULT_RANGE;
    return html`<form @submit=${this.#stay} aria-label=${localize("transactions.filters")}>
      <label class="field"
        ><span>${localize("view.charger")}</span>
        <select @change=${this.#set("charger")}>
          <option value="">${localize("transactions.all_chargers")}</option>
          ${[...this.live.chargers.keys()].map(
            (id) =>
              html`<option value=${id} ?selected=${id === this.#get("charger")}>${id}</option>`,
          )}
        </select></label
      >
      <label class="field small"
        ><span>${localize("transactions.range")}</span>
        <select @change=${this.#set("range")}>
          ${[...RANGES.keys(), "own"].map(
            (name) =>
              html`<option value=${name} ?selected=${name === range}>
                ${localizeCode("transactions.ranges", name) ?? name}
              </option>`,
          )}
        </select></label
      >
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
          placeholder=${localize("transactions.tag_hint")}
          .value=${this._tag}
          @change=${this.#setTag}
      /></label>
    </form>`;
  }

  #day(name: "from" | "to", label: string): unknown {
    return html`<label class="field small"
      ><span>${label}</span>
      <input type="date" .value=${this.#get(name)} @change=${this.#set(name)}
    /></label>`;
  }

  #list(): unknown {
    if (this._entries === null) {
      return this._failed === null
        ? html`<oye-skeleton shape="rows" count="8"></oye-skeleton>`
        : this.#error(this._failed);
    }
    return html`${this._failed === null ? nothing : this.#error(this._failed)}
      <section class="panel" aria-label=${localize("view.transactions")}>
        ${
          this._news
            ? html`<div class="news" role="status">
                ${localize("transactions.news")}
                <button class="link" type="button" @click=${this.#reload}>
                  ${localize("transactions.show_news")}
                </button>
              </div>`
            : nothing
        }
        ${this._entries.length === 0 ? this.#empty() : this.#table(this._entries)}
      </section>`;
  }

  #empty(): unknown {
    const isFiltered =
      this.#get("charger") !== "" || this._tag !== "" || this.#get("range") !== "all";
    return html`<div class="body">
      <p>${localize(isFiltered ? "transactions.none_match" : "transactions.empty")}</p>
      ${
        isFiltered
          ? html`<button class="link" type="button" @click=${this.#clear}>
              ${localize("transactions.show_all")}
            </button>`
          : nothing
      }
    </div>`;
  }

  #error(text: string): unknown {
    return html`<oye-notice kind="error" retry @oye-retry=${this.#reload}>${text}</oye-notice>`;
  }

  #table(entries: readonly TransactionEntry[]): unknown {
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
            entries,
            (entry) => entry.id,
            (entry) => this.#row(entry),
          )}
        </tbody>
      </table>
      ${
        this._nextBefore === null
          ? nothing
          : html`<div class="more">
              <wa-button size="s" appearance="plain" ?loading=${this._loading} @click=${this.#older}
                >${localize("transactions.older")}</wa-button
              >
            </div>`
      }`;
  }

  #row(entry: TransactionEntry): unknown {
    const units = unitsOf(language());
    const pending = this.live.chargers.get(entry.chargePointId)?.journalPending ?? 0;
    const state = csmsState(entry, pending);
    const connector = entry.evseId ?? entry.connectorId;
    return html`<tr>
      <td class="main">
        <a href=${hashOf(["transactions", String(entry.id)])} title=${units.utc(entry.begunAt)}
          >${units.dateTime(entry.begunAt)}</a
        >
        ${
          entry.state === "open"
            ? html`<oye-state tone="active">${localize("transactions.open")}</oye-state>`
            : nothing
        }
      </td>
      <td class="wide">
        <oye-id room="24" .value=${entry.chargePointId}></oye-id>
        ${
          connector === null
            ? nothing
            : html`<span class="quiet"
                >${localize("chargers.connector", { number: connector })}</span
              >`
        }
      </td>
      <td class="number">${units.energy(entry.energyWh)}</td>
      <td class="number">${units.duration(secondsOf(entry, Date.now()))}</td>
      <td>${tagText(entry)}</td>
      <td>${startedBy(entry)}</td>
      <td class="end">
        <oye-state tone=${toneOfCsmsState(state)}
          >${localize(`transactions.csms_${state}`)}</oye-state
        >
      </td>
    </tr>`;
  }

  get #by(): TotalsBy {
    const by = this.#get("by");
    return by === "month" || by === "tag" ? by : "day";
  }

  #get(name: string): string {
    return this.route.query.get(name) ?? "";
  }

  #wanted(): TransactionFilter {
    const range = this.#get("range");
    const own = range === "own";
    const from = own ? dayStart(this.#get("from")) : rangeStart(range, Date.now());
    const to = own ? dayStart(this.#get("to"), true) : null;
    return {
      ...(this.#get("charger") === "" ? {} : { chargePointId: this.#get("charger") }),
      ...(this._tag === "" ? {} : { idTag: this._tag }),
      ...(from === null ? {} : { from }),
      ...(to === null ? {} : { to }),
    };
  }

  async #load(before: number | null = null): Promise<void> {
    const asked = (this.#asked += 1);
    this._loading = true;
    try {
      const query = { ...this.#filter, limit: PAGE, ...(before === null ? {} : { before }) };
      const found = await this.client.call("GET /api/transactions", { query });
      if (asked !== this.#asked) return;
      this._entries =
        before === null ? found.transactions : joined(this._entries ?? [], found.transactions);
      this._nextBefore = found.nextBefore;
      this._failed = null;
    } catch (error) {
      if (asked === this.#asked) this._failed = errorText(error);
    } finally {
      if (asked === this.#asked) this._loading = false;
    }
  }

  #set(name: string): (event: Event) => void {
    return (event) => {
      this.#put(name, (event.target as HTMLInputElement | HTMLSelectElement).value);
    };
  }

  #put(name: string, value: string): void {
    replaceQuery(new Map(this.route.query).set(name, value));
  }

  #setTag = (event: Event): void => {
    this._tag = (event.target as HTMLInputElement).value.trim();
  };

  #setBy = (event: CustomEvent<string>): void => {
    this.#put("by", event.detail);
  };

  #clear = (): void => {
    this._tag = "";
    replaceQuery(new Map([["range", "all"]]));
  };

  #stay = (event: Event): void => {
    event.preventDefault();
  };

  #older = (): void => {
    if (this._nextBefore !== null && !this._loading) void this.#load(this._nextBefore);
  };

  #reload = (): void => {
    this._news = false;
    this._generation += 1;
    void this.#load();
  };

  #export = async (): Promise<void> => {
    try {
      const text = await this.client.text("GET /api/transactions.csv", { query: this.#filter });
      download("transactions.csv", "text/csv", text);
    } catch (error) {
      toast(this, errorText(error), "fault");
    }
  };
}

function tagText(entry: TransactionEntry): unknown {
  if (entry.idTag === null)
    return html`<span class="quiet">${localize("transactions.no_tag")}</span>`;
  return html`<span class="mono">${maskedTag(entry.idTag)}</span>
    ${entry.idTagName === null ? nothing : html`<oye-id room="24" .value=${entry.idTagName}></oye-id>`}`;
}

function startedBy(entry: TransactionEntry): string {
  return entry.startedBy === null
    ? localize("general.unknown")
    : localize(`started_by.${entry.startedBy}`);
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-view-transactions": OyeViewTransactions;
  }
}
