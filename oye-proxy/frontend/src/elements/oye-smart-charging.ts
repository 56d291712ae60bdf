import { consume } from "@lit/context";
import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { ChargerState, LimitRequest, ScheduleRequest } from "../api/types.gen.ts";
import { compositeOf, type Composite } from "../domain/composite.ts";
import { limitRows, type LimitRow } from "../domain/limit-rows.ts";
import { unitsOf } from "../domain/units.ts";
import { CommandDesk } from "../state/command-desk.ts";
import { clientContext } from "../state/contexts.ts";
import { form, said } from "../styles/form.ts";
import { base, facts, panel, plainButton } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import type { Series } from "./oye-time-chart.ts";

const DAY = 86_400;

/** The owner's limits, which limit is in force and whose, and the course of it. */
@customElement("oye-smart-charging")
export class OyeSmartCharging extends OyeElement {
  static override styles = [
    base,
    panel,
    facts,
    form,
    said,
    plainButton,
    css`
      .body {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--oye-space-3);
      }
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
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: var(--oye-space-2);
      }
      .conflict {
        color: var(--oye-fault);
      }
      details > summary {
        min-block-size: var(--oye-target);
        align-content: center;
        cursor: pointer;
        color: var(--oye-accent);
      }
    `,
  ];

  @consume({ context: clientContext }) readonly client!: ApiClient;
  @property({ attribute: false }) charger!: ChargerState;
  @property({ type: Boolean }) granted = false;
  @property({ type: Boolean }) off = false;
  @state() private _composite: { of: number; course: Composite | null } | null = null;
  readonly #desk = new CommandDesk(this, () => this.client);

  protected override render(): unknown {
    const { conflict } = this.charger.limits;
    return html`<section class="panel" aria-labelledby="title">
        <header><h2 id="title">${localize("smart.title")}</h2></header>
        <div class="body">
          <dl class="facts">${this.#inForce()}</dl>
          ${conflict === null ? nothing : html`<p class="conflict" role="note">${conflict}</p>`}
          ${this.granted ? this.#controls() : nothing}
        </div>
      </section>
      ${this.#desk.dialog()}`;
  }

  #inForce(): unknown {
    const { limits } = this.charger;
    const rows =
      limits.connectors.length === 0
        ? [{ name: localize("chargers.whole"), limits }]
        : limits.connectors.map((one) => ({
            name: localize("chargers.connector", { number: one.connectorId }),
            limits: one,
          }));
    const units = unitsOf(language());
    return rows.map(
      ({ name, limits: one }) =>
        html`<dt>${name}</dt>
          <dd>
            ${
              one.paused
                ? localize("connector.paused")
                : one.effectiveLimitA === null
                  ? nothing
                  : html`<strong>${units.current(one.effectiveLimitA)}</strong>, `
            }
            ${localize(`party.${one.limitSource}`)}
            ${one.verified === true ? html`<span class="quiet">(${localize("smart.verified")})</span>` : nothing}
          </dd>`,
    );
  }

  #controls(): unknown {
    return html`<div class="rows">${limitRows(this.charger).map((row) => this.#row(row))}</div>
      <div class="tools">
        <wa-button
          size="s"
          appearance="outlined"
          ?disabled=${this.off || this.#desk.busy("clear")}
          @click=${this.#clearAll}
          >${localize("smart.clear_all")}</wa-button
        >
        ${this.charger.connectors.map((connector) => this.#ask(connector.evseId))}
      </div>
      ${this.#desk.words("clear")} ${this.#desk.words("composite")} ${this.#course()}
      <details @toggle=${this.#openSchedule}>
        <summary>${localize("schedule.title")}</summary>
        <oye-schedule-editor
          .connectors=${this.charger.connectors.map(({ evseId }) => evseId)}
          ?off=${this.off || this.#desk.busy("schedule")}
          @oye-schedule=${this.#schedule}
        ></oye-schedule-editor>
        ${this.#desk.words("schedule")}
      </details>`;
  }

  #row(row: LimitRow): unknown {
    const slot = `limit ${row.scope} ${String(row.connectorId ?? "")}`;
    const set = (event: SubmitEvent): void => {
      event.preventDefault();
      const field = (event.target as HTMLFormElement).elements.namedItem("limit");
      if (field instanceof HTMLInputElement && field.value !== "") {
        this.#set(slot, row, Number(field.value));
      }
    };
    const clear = (): void => {
      const { scope, connectorId } = row;
      void this.#desk.command(
        "clear-limit",
        this.charger.chargePointId,
        { scope, connectorId },
        { slot },
      );
    };
    const disabled = this.off || this.#desk.busy(slot);
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
            ?disabled=${disabled}
            .value=${row.wishedA === null ? "" : String(row.wishedA)}
          />A</span
        ></label
      >
      <wa-button size="s" type="submit" variant="brand" ?disabled=${disabled}
        >${localize("smart.set")}<span class="hidden"> ${name}</span></wa-button
      >
      ${
        row.wishedA === null
          ? nothing
          : html`<wa-button size="s" appearance="outlined" ?disabled=${disabled} @click=${clear}
              >${localize("smart.clear")}<span class="hidden"> ${name}</span></wa-button
            >`
      }
      <small>${this.#state(row)}</small>
      ${this.#desk.words(slot)}
    </form>`;
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
    const request: LimitRequest = { limitA, scope: row.scope, connectorId: row.connectorId };
    void this.#desk.command("limit", this.charger.chargePointId, request, { slot });
  }

  #clearAll = (): void => {
    void this.#desk.command(
      "clear-limit",
      this.charger.chargePointId,
      {},
      {
        slot: "clear",
        question: {
          heading: localize("smart.clear_all"),
          effect: localize("question.clear_limits"),
          action: localize("smart.clear_all"),
        },
      },
    );
  };

  #ask(connectorId: number): unknown {
    const ask = (): void => {
      void this.#loadCourse(connectorId);
    };
    return html`<wa-button
      size="s"
      appearance="outlined"
      ?disabled=${this.off || this.#desk.busy("composite")}
      @click=${ask}
      >${
        this.charger.connectors.length === 1
          ? localize("smart.course")
          : localize("smart.course_of", { number: connectorId })
      }</wa-button
    >`;
  }

  async #loadCourse(connectorId: number): Promise<void> {
    void import("./oye-time-chart.ts");
    const sent = await this.#desk.command(
      "composite-schedule",
      this.charger.chargePointId,
      { connectorId, duration: DAY },
      { slot: "composite" },
    );
    if (sent?.accepted === true) {
      this._composite = { of: connectorId, course: compositeOf(sent.response, Date.now()) };
    }
  }

  #course(): unknown {
    if (this._composite === null) return nothing;
    const { of, course } = this._composite;
    if (course === null) return html`<p class="quiet">${localize("smart.no_course")}</p>`;
    const series: Series = {
      name: localize("smart.course_name", { number: of }),
      unit: course.unit,
      points: course.points,
      step: true,
    };
    return html`<oye-time-chart .series=${[series]}></oye-time-chart>`;
  }

  #openSchedule = (): void => {
    void import("./oye-schedule-editor.ts");
  };

  #schedule = (event: CustomEvent<ScheduleRequest>): void => {
    void this.#desk.command("schedule", this.charger.chargePointId, event.detail, {
      slot: "schedule",
    });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-smart-charging": OyeSmartCharging;
  }
}
