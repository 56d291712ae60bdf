import { consume } from "@lit/context";
import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ApiClient } from "../api/client.ts";
import type { ChargerState, LimitsState, ScheduleRequest } from "../api/types.gen.ts";
import type { Series } from "../domain/chart-data.ts";
import { compositeOf, type Composite } from "../domain/composite.ts";
import { unitsOf } from "../domain/units.ts";
import { CommandDesk } from "../state/command-desk.ts";
import { clientContext } from "../state/contexts.ts";
import { form, said } from "../styles/form.ts";
import { base, facts, panel } from "../styles/shared.ts";
import { language, localize } from "../texts/localize.ts";
import { OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";
import "./oye-limits.ts";
import "./oye-schedule-editor.ts";

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
    css`
      .body {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--oye-space-3);
      }
      .said {
        margin: 0;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
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
  @state() private _opened = false;
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
            ${localize(this.#isKnown(one) ? `party.${one.limitSource}` : "smart.unknown")}
            ${one.verified === true ? html`<span class="quiet">(${localize("smart.verified")})</span>` : nothing}
          </dd>`,
    );
  }

  // A limit of before still holds; that there is none can have changed.
  #isKnown({ limitSource }: Pick<LimitsState, "limitSource">): boolean {
    return this.charger.connected || limitSource !== "no_limit";
  }

  #controls(): unknown {
    return html`<oye-limits .charger=${this.charger} ?off=${this.off}></oye-limits>
      <div class="tools">
        <wa-button
          size="s"
          appearance="outlined"
          ?loading=${this.#desk.busy("clear")}
          ?disabled=${this.off}
          @click=${this.#clearAll}
          >${localize("smart.clear_all")}</wa-button
        >
        ${this.#ask()}
      </div>
      ${this.#desk.words("clear")} ${this.#desk.words("composite")} ${this.#course()}
      <details @toggle=${this.#open}>
        <summary>${localize("schedule.title")}</summary>
        ${
          this._opened
            ? html`<oye-schedule-editor
                .connectors=${this.charger.connectors.map(({ evseId }) => evseId)}
                ?off=${this.off || this.#desk.busy("schedule")}
                @oye-schedule=${this.#schedule}
              ></oye-schedule-editor>`
            : nothing
        }
        ${this.#desk.words("schedule")}
      </details>`;
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

  #ask(): unknown {
    const numbers = this.charger.connectors.map(({ evseId }) => evseId);
    const [first] = numbers;
    if (first === undefined) return nothing;
    const ask = (event: SubmitEvent): void => {
      event.preventDefault();
      const chosen = new FormData(event.target as HTMLFormElement).get("connector");
      void this.#loadCourse(chosen === null ? first : Number(chosen));
    };
    return html`<form @submit=${ask}>
      ${
        numbers.length === 1
          ? nothing
          : html`<label class="field"
              ><span>${localize("schedule.connector")}</span>
              <select name="connector">
                ${numbers.map((number) => html`<option value=${number}>${number}</option>`)}
              </select></label
            >`
      }
      <wa-button
        size="s"
        type="submit"
        appearance="outlined"
        ?loading=${this.#desk.busy("composite")}
        ?disabled=${this.off}
        >${localize("smart.course")}</wa-button
      >
    </form>`;
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

  #open = (): void => {
    this._opened = true;
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
