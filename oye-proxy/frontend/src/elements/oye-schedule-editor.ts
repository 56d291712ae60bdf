import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { LimitScope, RateUnit, Recurrence } from "../api/types.gen.ts";
import {
  scheduleOf,
  type EditedPeriod,
  type EditedSchedule,
  type ScheduleProblem,
} from "../domain/schedules.ts";
import { form } from "../styles/form.ts";
import { base, plainButton } from "../styles/shared.ts";
import { localize } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";
import "./oye-icon.ts";

const SCOPES: readonly LimitScope[] = ["maximum", "session", "default"];
const MOST = 12;
const ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A day of limits, period by period. Emits `oye-schedule` (a ScheduleRequest). */
@customElement("oye-schedule-editor")
export class OyeScheduleEditor extends OyeElement {
  static override styles = [
    base,
    form,
    plainButton,
    css`
      form {
        display: grid;
        gap: var(--oye-space-3);
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: var(--oye-space-2) var(--oye-space-3);
      }
      .period {
        display: flex;
        align-items: end;
        gap: var(--oye-space-2);
      }
      .period .field {
        flex: 0 1 8.5rem;
      }
      .fault {
        color: var(--oye-fault);
      }
    `,
  ];

  @property({ attribute: false }) connectors: readonly number[] = [];
  @property({ type: Boolean }) off = false;
  @state() private _periods: readonly EditedPeriod[] = [
    { from: "06:00", limit: "6" },
    { from: "22:00", limit: "16" },
  ];
  @state() private _choices: Omit<EditedSchedule, "periods"> = {
    unit: "A",
    scope: "maximum",
    connectorId: null,
    recurrence: "daily",
  };
  @state() private _problem: ScheduleProblem | null = null;

  protected override render(): unknown {
    const { unit, scope, recurrence } = this._choices;
    return html`<form @submit=${this.#submit}>
      <p class="quiet">${localize("schedule.text")}</p>
      <div class="choices">
        ${this.#select(localize("schedule.scope"), scope, SCOPES, (one) => localize(`smart.${one}`), this.#setScope)}
        ${
          scope === "maximum" || this.connectors.length < 2
            ? nothing
            : this.#select(
                localize("schedule.connector"),
                String(this._choices.connectorId ?? this.connectors[0]),
                this.connectors.map(String),
                (number) => localize("chargers.connector", { number }),
                this.#setConnector,
              )
        }
        ${this.#select(localize("schedule.unit"), unit, ["A", "W"] as const, (one) => one, this.#setUnit)}
        ${this.#select(
          localize("schedule.recurrence"),
          recurrence ?? "once",
          ["daily", "once"] as const,
          (one) => localize(`schedule.${one}`),
          this.#setRecurrence,
        )}
      </div>
      ${recurrence === null ? nothing : html`<p class="quiet">${localize("schedule.zone", { zone: ZONE })}</p>`}
      ${this._periods.map((period, index) => this.#period(period, index))}
      ${
        this._problem === null
          ? nothing
          : html`<p class="fault" role="alert">${localize(`schedule.problem_${this._problem}`)}</p>`
      }
      <div class="choices">
        <wa-button
          size="s"
          appearance="outlined"
          ?disabled=${this._periods.length >= MOST}
          @click=${this.#add}
          ><oye-icon slot="start" name="plus"></oye-icon>${localize("schedule.add")}</wa-button
        >
        <wa-button size="s" type="submit" variant="brand" ?disabled=${this.off}
          >${localize("schedule.send")}</wa-button
        >
      </div>
    </form>`;
  }

  #select<Value extends string>(
    label: string,
    value: string,
    values: readonly Value[],
    name: (value: Value) => string,
    change: (event: Event) => void,
  ): unknown {
    return html`<label class="field"
      ><span>${label}</span>
      <select @change=${change}>
        ${values.map((one) => html`<option value=${one} ?selected=${one === value}>${name(one)}</option>`)}
      </select></label
    >`;
  }

  #period(period: EditedPeriod, index: number): unknown {
    const change = (part: Partial<EditedPeriod>): void => {
      this._periods = this._periods.with(index, { ...period, ...part });
    };
    const remove = (): void => {
      this._periods = this._periods.toSpliced(index, 1);
    };
    return html`<div class="period">
      <label class="field"
        ><span>${localize("schedule.from")}</span
        ><input
          type="time"
          required
          .value=${period.from}
          @change=${(event: Event) => {
            change({ from: valueOf(event) });
          }}
      /></label>
      <label class="field"
        ><span>${localize("schedule.limit", { unit: this._choices.unit })}</span
        ><input
          type="number"
          inputmode="decimal"
          min="0"
          step="any"
          required
          .value=${period.limit}
          @change=${(event: Event) => {
            change({ limit: valueOf(event) });
          }}
      /></label>
      <button
        class="plain"
        type="button"
        aria-label=${localize("schedule.remove", { number: index + 1 })}
        ?disabled=${this._periods.length === 1}
        @click=${remove}
      >
        <oye-icon name="close"></oye-icon>
      </button>
    </div>`;
  }

  #add = (): void => {
    this._periods = [...this._periods, { from: "12:00", limit: "" }];
  };

  #setScope = (event: Event): void => {
    this._choices = { ...this._choices, scope: valueOf(event) as LimitScope, connectorId: null };
  };

  #setConnector = (event: Event): void => {
    this._choices = { ...this._choices, connectorId: Number(valueOf(event)) };
  };

  #setUnit = (event: Event): void => {
    this._choices = { ...this._choices, unit: valueOf(event) as RateUnit };
  };

  #setRecurrence = (event: Event): void => {
    const recurrence: Recurrence | null = valueOf(event) === "daily" ? "daily" : null;
    this._choices = { ...this._choices, recurrence };
  };

  #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const connectorId =
      this._choices.scope === "session"
        ? (this._choices.connectorId ?? this.connectors[0] ?? null)
        : this._choices.connectorId;
    const made = scheduleOf(
      { ...this._choices, connectorId, periods: this._periods },
      new Date(),
      ZONE,
    );
    this._problem = "problem" in made ? made.problem : null;
    if ("request" in made) emit(this, "oye-schedule", made.request);
  };
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-schedule-editor": OyeScheduleEditor;
  }
}
