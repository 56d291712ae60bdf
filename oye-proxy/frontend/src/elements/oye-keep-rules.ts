import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Direction, Keep, KeepRule } from "../api/types.gen.ts";
import { base, plainButton } from "../styles/shared.ts";
import { form } from "../styles/form.ts";
import { localize } from "../texts/localize.ts";
import { emit, OyeElement } from "./oye-element.ts";

const KEEPS: readonly Keep[] = ["all", "last", "none"];
const DIRECTIONS: readonly Direction[] = [
  "UPSTREAM",
  "DOWNSTREAM",
  "INJECTION_REQUEST",
  "INJECTION_RESPONSE",
  "PROXY_RESPONSE",
  "REPLAY_REQUEST",
  "REPLAY_RESPONSE",
];
const EMPTY: KeepRule = { action: "", keep: "none" };

/** The rules of which frames are stored, as a form; emits `oye-rules` with all of them. */
@customElement("oye-keep-rules")
export class OyeKeepRules extends OyeElement {
  static override styles = [base, plainButton, form];

  @property({ attribute: false }) rules: readonly KeepRule[] = [];

  protected override render(): unknown {
    return html`<ol>
        ${this.rules.map((rule, index) => this.#rule(rule, index))}
      </ol>
      <button class="link" type="button" @click=${this.#add}>
        ${localize("system.rule_add")}
      </button>`;
  }

  #rule(rule: KeepRule, index: number): unknown {
    const number = String(index + 1);
    const put = (change: Partial<KeepRule>): void => {
      this.#tell(this.rules.with(index, { ...rule, ...change }));
    };
    const value = (event: Event): string => (event.target as HTMLInputElement).value;
    return html`<li>
      <form aria-label=${localize("system.rule", { number })} @submit=${stay}>
        <label class="field"
          ><span>${localize("system.rule_action")}</span>
          <input
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            maxlength="50"
            placeholder="MeterValues"
            .value=${rule.action}
            @change=${(event: Event): void => {
              put({ action: value(event).trim() });
            }}
        /></label>
        <label class="field"
          ><span>${localize("system.rule_direction")}</span>
          <select
            @change=${(event: Event): void => {
              put({ direction: DIRECTIONS.find((one) => one === value(event)) ?? null });
            }}
          >
            <option value="">${localize("system.rule_any")}</option>
            ${DIRECTIONS.map(
              (one) =>
                html`<option value=${one} .selected=${one === rule.direction}>
                  ${localize(`system.way_${one.toLowerCase() as Lowercase<Direction>}`)}
                </option>`,
            )}
          </select></label
        >
        <label class="field small"
          ><span>${localize("system.rule_keep")}</span>
          <select
            @change=${(event: Event): void => {
              put({ keep: KEEPS.find((one) => one === value(event)) ?? "all" });
            }}
          >
            ${KEEPS.map(
              (one) =>
                html`<option value=${one} .selected=${one === rule.keep}>
                  ${localize(`system.keep_${one}`)}
                </option>`,
            )}
          </select></label
        >
        <button
          class="link"
          type="button"
          aria-label="${localize("system.remove")}: ${localize("system.rule", { number })}"
          @click=${(): void => {
            this.#tell(this.rules.toSpliced(index, 1));
          }}
        >
          ${localize("system.remove")}
        </button>
      </form>
    </li>`;
  }

  #add = (): void => {
    this.#tell([...this.rules, EMPTY]);
  };

  #tell(rules: readonly KeepRule[]): void {
    emit(this, "oye-rules", rules);
  }
}

function stay(event: Event): void {
  event.preventDefault();
}

declare global {
  interface HTMLElementTagNameMap {
    "oye-keep-rules": OyeKeepRules;
  }
}
