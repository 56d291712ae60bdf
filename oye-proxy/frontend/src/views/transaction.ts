import { consume } from "@lit/context";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { JournalEntry, TransactionDetail, TransactionEntry } from "../api/types.gen.ts";
import type { Series } from "../domain/chart-data.ts";
import { formatFilter } from "../domain/filter.ts";
import { maskedTag } from "../domain/text.ts";
import {
  isInForce,
  isLimit,
  type LineGroup,
  lineGroups,
  type TransactionLine,
} from "../domain/transaction-lines.ts";
import { csmsState, secondsOf, toneOfCsmsState } from "../domain/transaction-list.ts";
import { unitsOf } from "../domain/units.ts";
import { OyeElement } from "../elements/oye-element.ts";
import "../elements/oye-id.ts";
import "../elements/oye-notice.ts";
import "../elements/oye-skeleton.ts";
import "../elements/oye-state.ts";
import { hashOf, navigate, type Route } from "../router.ts";
import { clientContext, liveContext } from "../state/contexts.ts";
import type { LiveStore } from "../state/live-store.ts";
import { Observe } from "../state/observe.ts";
import { base, facts, page, panel } from "../styles/shared.ts";
import { errorText } from "../texts/errors.ts";
import { language, localize, localizeCode } from "../texts/localize.ts";

const AROUND = 60_000;
const SHOWN_ENTRIES = 100;

interface Chart {
  readonly name: LineGroup["name"];
  readonly series: readonly Series[];
}

/** One transaction: its facts, its meter values over time, and what the CSMS knows of it. */
@customElement("oye-view-transaction")
export class OyeViewTransaction extends OyeElement {
  static override styles = [
    base,
    page,
    panel,
    facts,
    css`
      .stack,
      .charts {
        display: grid;
        gap: var(--oye-space-3);
        min-inline-size: 0;
      }
      .charts {
        gap: var(--oye-space-4);
      }
      .columns {
        display: grid;
        gap: var(--oye-space-3);
        align-items: start;
        grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr));
      }
      h3 {
        margin-block-end: var(--oye-space-1);
      }
      .entries {
        max-block-size: 16rem;
        overflow: hidden auto;
      }
      summary {
        min-block-size: var(--oye-target);
        align-content: center;
        cursor: pointer;
        color: var(--oye-accent);
      }
      .entries li {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--oye-space-3);
        padding-block: var(--oye-space-1);
        border-block-end: 1px solid var(--oye-border);
      }
      .entries oye-state {
        margin-inline-start: auto;
      }
      .below {
        margin-block-start: var(--oye-space-3);
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @consume({ context: liveContext }) readonly live!: LiveStore;
  @property({ attribute: false }) route!: Route;
  @state() private _detail: TransactionDetail | null = null;
  @state() private _journal: readonly JournalEntry[] = [];
  @state() private _failed: string | null = null;
  protected readonly observeLive = new Observe(this, () => this.live);
  #stopEvents: (() => void) | null = null;
  // Kept as they are while nothing new is known: a chart that is drawn anew loses its cursor.
  #charts: readonly Chart[] = [];
  #range: readonly [number, number] = [0, 0];
  #language = "";

  override connectedCallback(): void {
    super.connectedCallback();
    void import("../elements/oye-time-chart.ts");
    this.#stopEvents = this.live.onEvent(({ event, chargePointId }) => {
      const shown = this._detail?.transaction;
      if (shown?.state === "open" && chargePointId === shown.chargePointId) {
        if (event.startsWith("transaction_")) void this.#load();
      }
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopEvents?.();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("route");
    if (changed.has("route") && before?.path[1] !== this.route.path[1]) {
      this._detail = null;
      void this.#load();
    }
    if (this._detail !== null && this.#language !== language()) this.#draw(this._detail);
  }

  protected override render(): unknown {
    const id = this.route.path[1] ?? "";
    return html`<div class="head">
        <a href="#/transactions">${localize("transaction.back")}</a>
        <h1>${localize("transaction.title", { id })}</h1>
      </div>
      ${this.#content()}`;
  }

  #content(): unknown {
    const failure =
      this._failed === null
        ? nothing
        : html`<oye-notice kind="error" retry @oye-retry=${this.#retry}
            >${this._failed}</oye-notice
          >`;
    if (this._detail === null) {
      return this._failed === null
        ? html`<oye-skeleton shape="rows" count="8"></oye-skeleton>`
        : failure;
    }
    const { transaction } = this._detail;
    return html`<div class="stack">
      ${failure}
      <div class="columns">${this.#facts(transaction)} ${this.#operator(transaction)}</div>
      ${this.#values(this._detail)}
    </div>`;
  }

  #facts(entry: TransactionEntry): unknown {
    const units = unitsOf(language());
    const connector = entry.evseId ?? entry.connectorId;
    const when = (at: string): unknown =>
      html`<span title=${units.utc(at)}>${units.dateTime(at)}</span>`;
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
          ${fact(
            localize("view.charger"),
            html`<a href=${hashOf(["chargers", entry.chargePointId])}
                ><oye-id still .value=${entry.chargePointId}></oye-id
              ></a>
              ${connector === null ? nothing : localize("chargers.connector", { number: connector })}`,
          )}
          ${fact(localize("transaction.begun"), when(entry.begunAt))}
          ${fact(
            localize("transaction.ended"),
            entry.stoppedAt === null
              ? localize(
                  entry.state === "open" ? "transaction.still_open" : "transaction.ended_unknown",
                )
              : when(entry.stoppedAt),
          )}
          ${fact(localize("transactions.duration"), units.duration(secondsOf(entry, Date.now())))}
          ${fact(localize("transactions.energy"), units.energy(entry.energyWh))}
          ${
            entry.meterStartWh === null
              ? nothing
              : fact(
                  localize("transaction.meter"),
                  localize("transaction.meter_range", {
                    start: units.energy(entry.meterStartWh),
                    stop: units.energy(entry.meterStopWh),
                  }),
                )
          }
          ${fact(localize("transactions.tag"), tag(entry.idTag, entry.idTagName))}
          ${
            entry.stopIdTag === null
              ? nothing
              : fact(localize("transaction.stop_tag"), tag(entry.stopIdTag, null))
          }
          ${fact(
            localize("transactions.started_by"),
            entry.startedBy === null
              ? localize("general.unknown")
              : localize(`started_by.${entry.startedBy}`),
          )}
          ${
            entry.reason === null
              ? nothing
              : fact(localize("transaction.reason"), html`<oye-id .value=${entry.reason}></oye-id>`)
          }
          ${fact(
            localize("transaction.own_id"),
            html`<oye-id class="mono" .value=${entry.transactionId}></oye-id>`,
          )}
          ${notes(entry)}
        </dl>
      </div>
    </section>`;
  }

  #operator(entry: TransactionEntry): unknown {
    const units = unitsOf(language());
    const pending = this.live.chargers.get(entry.chargePointId)?.journalPending ?? 0;
    const known = csmsState(entry, pending);
    const heard = (at: string | null, refusal: string | null): unknown => {
      if (refusal !== null) return localize("transaction.refusal", { code: refusal });
      return at === null ? localize("transaction.not_heard") : units.dateTime(at);
    };
    return html`<section class="panel" aria-labelledby="operator">
      <header>
        <h2 id="operator">${localize("transaction.operator")}</h2>
        <oye-state tone=${toneOfCsmsState(known)}
          >${localize(`transactions.csms_${known}`)}</oye-state
        >
      </header>
      <div class="body">
        <dl class="facts">
          ${
            entry.csmsTransactionId === null
              ? nothing
              : fact(
                  localize("transaction.csms_id"),
                  html`<oye-id class="mono" .value=${entry.csmsTransactionId}></oye-id>`,
                )
          }
          ${fact(
            localize("transaction.start_heard"),
            heard(entry.startAcknowledgedAt, entry.startRefusal),
          )}
          ${
            entry.state === "open"
              ? nothing
              : fact(
                  localize("transaction.stop_heard"),
                  heard(entry.stopAcknowledgedAt, entry.stopRefusal),
                )
          }
          ${fact(localize("transaction.in_live"), this.#marks(entry))}
        </dl>
        ${this.#kept()}
      </div>
    </section>`;
  }

  #kept(): unknown {
    const units = unitsOf(language());
    if (this._journal.length === 0) {
      return html`<p class="quiet below">${localize("transaction.journal_none")}</p>`;
    }
    return html`<details class="below">
      <summary>${localize("transaction.journal")} (${this._journal.length})</summary>
      <ul class="entries" tabindex="0" aria-label=${localize("transaction.journal")}>
        ${this._journal.map(
          (one) =>
            html`<li>
              <span title=${units.utc(one.arrivedAt)}>${units.time(one.arrivedAt)}</span>
              <oye-id .value=${one.action}></oye-id>
              <oye-state tone=${toneOfEntry(one)}
                >${localize(`transaction.entry_${one.state}`)}</oye-state
              >
            </li>`,
        )}
      </ul>
    </details>`;
  }

  #marks(entry: TransactionEntry): unknown {
    const link = (at: string, text: string): unknown =>
      html`<a href=${hashOf(["live"], liveQuery(entry.chargePointId, Date.parse(at)))}>${text}</a>`;
    return html`${link(entry.begunAt, localize("transaction.start_in_live"))}
    ${
      entry.stoppedAt === null
        ? nothing
        : html`· ${link(entry.stoppedAt, localize("transaction.end_in_live"))}`
    }`;
  }

  #values({ samples, sampleCount, thinned }: TransactionDetail): unknown {
    if (this.#charts.length === 0) {
      return html`<section class="panel">
        <header><h2>${localize("transaction.charts")}</h2></header>
        <div class="body"><p class="quiet">${localize("transaction.no_samples")}</p></div>
      </section>`;
    }
    return html`<section class="panel" aria-labelledby="charts">
      <header>
        <h2 id="charts">${localize("transaction.charts")}</h2>
        <span class="quiet">${localize("transaction.chart_hint")}</span>
      </header>
      <div class="body charts" @oye-moment=${this.#toLive}>
        ${thinned ? html`<p class="quiet">${localize("transaction.thinned", { shown: samples.length, count: sampleCount })}</p>` : nothing}
        ${this.#charts.map(
          ({ name, series }) =>
            html`<div>
              <h3>${localize(`transaction.${name}`)}</h3>
              <oye-time-chart
                together="transaction"
                .series=${series}
                .range=${this.#range}
              ></oye-time-chart>
            </div>`,
        )}
      </div>
    </section>`;
  }

  async #load(): Promise<void> {
    const id = this.route.path[1] ?? "";
    const path = { transaction_row: id };
    try {
      const detail = await this.client.call("GET /api/transactions/{transaction_row}", { path });
      if (id !== this.route.path[1]) return;
      this._detail = detail;
      this.#draw(detail);
      this._failed = null;
      await this.#loadJournal(detail.transaction);
    } catch (error) {
      if (id === this.route.path[1]) this._failed = errorText(error);
    }
  }

  #draw({ transaction, samples }: TransactionDetail): void {
    const end = samples.reduce(
      (latest, { time }) => Math.max(latest, Date.parse(time)),
      Date.parse(transaction.stoppedAt ?? transaction.begunAt),
    );
    this.#range = [Date.parse(transaction.begunAt), end];
    this.#language = language();
    this.#charts = lineGroups(samples).map(({ name, lines }) => ({
      name,
      series: lines.map(seriesOf),
    }));
  }

  async #loadJournal({ chargePointId, transactionId }: TransactionEntry): Promise<void> {
    const { entries } = await this.client.call("GET /api/chargers/{charge_point_id}/journal", {
      path: { charge_point_id: chargePointId },
      query: { transactionId, limit: SHOWN_ENTRIES },
    });
    this._journal = entries;
  }

  #toLive = (event: CustomEvent<number>): void => {
    const id = this._detail?.transaction.chargePointId;
    if (id !== undefined) navigate(["live"], liveQuery(id, event.detail));
  };

  #retry = (): void => {
    void this.#load();
  };
}

function fact(name: string, value: unknown): unknown {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

function notes(entry: TransactionEntry): unknown {
  const words = (["gap", "adopted", "offline"] as const).filter((name) => entry[name]);
  if (words.length === 0) return nothing;
  return fact(
    localize("transaction.notes"),
    words.map((word) => localize(`transaction.${word}`)).join(" "),
  );
}

function tag(idTag: string | null, name: string | null): unknown {
  if (idTag === null) return localize("transactions.no_tag");
  return html`<span class="mono">${maskedTag(idTag)}</span>
    ${name === null ? nothing : html`<oye-id .value=${name}></oye-id>`}`;
}

function toneOfEntry({ state }: JournalEntry): "ok" | "fault" | "waiting" | "off" {
  const tones = { acknowledged: "ok", refused: "fault", pending: "waiting", local: "off" } as const;
  return tones[state];
}

function seriesOf(line: TransactionLine): Series {
  const name = isInForce(line)
    ? localize("transaction.limit")
    : (localizeCode("measurand", line.measurand.replaceAll(".", "_")) ?? line.measurand);
  return {
    name: line.phase === null ? name : `${name} ${line.phase}`,
    unit: line.unit,
    points: line.points,
    step: isLimit(line),
  };
}

function liveQuery(chargePointId: string, at: number): Readonly<Record<string, string>> {
  const word = (kind: "charger" | "since" | "until", value: string) => ({
    kind,
    value,
    excludes: false,
    problem: null,
  });
  return {
    q: formatFilter([
      word("charger", chargePointId),
      word("since", new Date(at - AROUND).toISOString()),
      word("until", new Date(at + AROUND).toISOString()),
    ]),
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-view-transaction": OyeViewTransaction;
  }
}
